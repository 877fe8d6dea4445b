import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSilentLogger,
  definePlugin,
  type Clock,
  type EmbeddingModel,
  type LanguageModel,
  type Logger,
  type Telemetry,
  type Tool,
} from '@espalier/core';
import type { TrainingProgram } from '@espalier/training';
import { createMockEmbeddingModel } from '@espalier/testing';
import { createServer } from '../composition/create-server.js';
import type { RunningServer } from '../composition/running-server.js';
import type { SampleDocuments } from '../sample/sample-documents.js';
import { configSchema, type ServerConfigInput } from '../config/config-schema.js';

/** A server on a free port with a data folder of its own and nothing heavy in it. */
export interface TestServer extends RunningServer {
  readonly dataFolder: string;
  /** Requests a path with the administrator's key; `json` is sent as the body. */
  request(
    path: string,
    init?: RequestInit & { json?: unknown; key?: string | null },
  ): Promise<Response>;
  /** Closes the server and removes its data. */
  remove(): Promise<void>;
}

/** What a test server may vary. */
export interface TestServerOptions {
  readonly config?: ServerConfigInput;
  /** Provided under the id `mock`. */
  readonly model?: LanguageModel;
  /** Provided under their names. */
  readonly tools?: readonly Tool[];
  /** Taken over from a server that was closed. */
  readonly dataFolder?: string;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly telemetry?: Telemetry;
  readonly embeddingModel?: EmbeddingModel;
  /** Documents of the sample; absent: there is none. */
  readonly sample?: SampleDocuments;
  /** What training processes run; absent: the server's own. */
  readonly trainingProgram?: TrainingProgram;
}

/** Starts a server over real HTTP. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'espalier-server-')));
  const provide = definePlugin({
    name: 'test-providers',
    setup(host) {
      const { model } = options;
      if (model !== undefined) host.provide('languageModel', 'mock', () => model);
      for (const tool of options.tools ?? [])
        host.provide('tool', tool.definition.name, () => tool);
    },
  });
  const server = await createServer({
    config: configSchema.parse({
      sample: options.sample !== undefined,
      store: 'memory',
      ...options.config,
      server: { host: '127.0.0.1', port: 0 },
      plugins: [provide(), ...(options.config?.plugins ?? [])],
    }),
    dataFolder,
    version: '0.0.0-test',
    logger: options.logger ?? createSilentLogger(),
    telemetry: options.telemetry,
    ...(options.clock !== undefined && { clock: options.clock }),
    overrides: {
      loadEmbeddingModel: () =>
        Promise.resolve(options.embeddingModel ?? createMockEmbeddingModel()),
      ...(options.sample !== undefined && { sample: options.sample }),
      ...(options.trainingProgram !== undefined && { trainingProgram: options.trainingProgram }),
      consoleFolder: join(dataFolder, 'no-console'),
    },
  });
  const adminKey = server.adminKey ?? server.localKey;
  return {
    ...server,
    dataFolder,
    request(path, { json, key = adminKey, ...init } = {}) {
      const headers = new Headers(init.headers);
      if (key !== null) headers.set('authorization', `Bearer ${key}`);
      if (json !== undefined) headers.set('content-type', 'application/json');
      return fetch(`${server.url}${path}`, {
        ...init,
        headers,
        ...(json !== undefined && { method: init.method ?? 'POST', body: JSON.stringify(json) }),
      });
    },
    async remove() {
      await server.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** An agent that asks the model of the test and nothing else. */
export const MOCK_AGENT = { name: 'mock', model: 'mock', description: 'A test’s agent.' };
