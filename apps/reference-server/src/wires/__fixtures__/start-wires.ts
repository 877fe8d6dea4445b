import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createIdGenerator,
  createSeededRandom,
  createSystemClock,
  type Agent,
  type Citation,
  type LanguageModel,
  type RunEvent,
} from '@espalier/core';
import {
  createMockEmbeddingModel,
  createRecordingLogger,
  type RecordingLogger,
} from '@espalier/testing';
import { createWires, type Wires } from '../create-wires.js';
import {
  DEFAULT_WIRE_LIMITS,
  type ModelEntry,
  type ModelTarget,
  type RequestSummary,
  type UsageRecord,
  type WiresContext,
  type WireTarget,
} from '../wires-context.js';

/** A key that the test server takes. */
export const TEST_KEY = 'esp_test_key';

/** What a test server offers. */
export interface StartWiresOptions {
  readonly models?: Readonly<Record<string, LanguageModel>>;
  readonly agents?: readonly Agent[];
  /** Upstreams by model id. */
  readonly targets?: Readonly<Record<string, WireTarget>>;
  readonly context?: Partial<WiresContext>;
}

/** A running server of nothing but the wires. */
export interface RunningWires {
  readonly url: string;
  readonly wires: Wires;
  readonly server: Server;
  readonly logger: RecordingLogger;
  readonly usage: UsageRecord[];
  /** Resolves to the summary of this request, from 0, as soon as it has ended. */
  ended(index: number): Promise<RequestSummary>;
  close(): Promise<void>;
}

/** Starts the wires on a free port, raw path in front of the app, as the reference server does. */
export async function startWires(options: StartWiresOptions = {}): Promise<RunningWires> {
  const clock = createSystemClock();
  const logger = createRecordingLogger();
  const usage: UsageRecord[] = [];
  const summaries: RequestSummary[] = [];
  const waiting: { index: number; resolve: (summary: RequestSummary) => void }[] = [];
  const targets = new Map<string, ModelTarget>();
  const entries: ModelEntry[] = [];
  const add = (id: string, kind: ModelEntry['kind'], target?: ModelTarget): void => {
    entries.push({ id, kind, ownedBy: 'test', createdAtMs: 1_700_000_000_000 });
    if (target !== undefined) targets.set(id, target);
  };
  for (const agent of options.agents ?? [])
    add(`agent:${agent.name}`, 'agent', { kind: 'agent', agent });
  const upstreams = new Map<LanguageModel, WireTarget>();
  for (const [id, model] of Object.entries(options.models ?? {})) {
    add(id, 'model', { kind: 'model', model });
    const target = options.targets?.[id];
    if (target !== undefined) upstreams.set(model, target);
  }
  const embedding = createMockEmbeddingModel({
    dimension: 8,
    modelId: 'embedder',
    maxTextsPerCall: 2,
  });
  add('embedder', 'embedding');
  const wires = createWires({
    models: {
      list: () => entries,
      resolve: (id) => targets.get(id),
      embedding: (id) => (id === 'embedder' ? embedding : undefined),
    },
    authenticate: (key) => {
      if (key === TEST_KEY) return { ok: true, caller: { keyId: 'key_1', principals: ['team'] } };
      if (key === 'esp_expired') return { ok: false, reason: 'expired' };
      if (key === 'esp_revoked') return { ok: false, reason: 'revoked' };
      return { ok: false, reason: 'unknown' };
    },
    limits: DEFAULT_WIRE_LIMITS,
    logger,
    clock,
    ids: createIdGenerator({ clock, random: createSeededRandom(1) }),
    wireTargetOf: (model) => upstreams.get(model),
    recordUsage: (record) => void usage.push(record),
    onRequestEnd(summary) {
      summaries.push(summary);
      for (const waiter of waiting)
        if (waiter.index === summaries.length - 1) waiter.resolve(summary);
    },
    ...options.context,
  });
  const server = createServer((req, res) => {
    if (!wires.handleRaw(req, res)) {
      const headers = new Headers();
      for (const [name, value] of Object.entries(req.headers)) headers.set(name, String(value));
      void Promise.resolve(
        wires.app.fetch(
          new Request(`http://127.0.0.1${req.url ?? ''}`, { method: req.method ?? 'GET', headers }),
        ),
      ).then(async (response) => {
        res.writeHead(response.status, Object.fromEntries(response.headers));
        res.end(await response.text());
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    wires,
    server,
    logger,
    usage,
    ended: (index) =>
      new Promise((resolve) => {
        const known = summaries[index];
        if (known === undefined) waiting.push({ index, resolve });
        else resolve(known);
      }),
    async close() {
      server.closeAllConnections();
      server.close();
      await wires.close();
    },
  };
}

/** A target at a test upstream, with short limits. */
export function targetAt(url: string, options: Partial<WireTarget> = {}): WireTarget {
  return {
    wire: 'openai-chat-completions',
    url,
    headers: () => ({ authorization: 'Bearer upstream-secret' }),
    modelId: 'upstream-model',
    timeouts: { headersMs: 5_000, idleMs: 5_000, outputMs: 5_000 },
    maxResponseBytes: 1_000_000,
    ...options,
  };
}

/** An agent that plays these events between `run-started` and the end that is given among them. */
export function scriptedAgent(
  name: string,
  events: readonly RunEvent[],
): Agent & { readonly runs: unknown[] } {
  const runs: unknown[] = [];
  return {
    specificationVersion: 'v1',
    name,
    description: 'A scripted agent.',
    runs,
    async *run(options) {
      runs.push(options);
      yield { type: 'run-started', runId: options.runId ?? 'run', agent: name, isResumed: false };
      yield* events;
    },
  };
}

/** A citation of lines 10 to 12 of a guide. */
export const CITATION: Citation = {
  index: 1,
  passageId: 'p1',
  documentId: 'doc-1',
  knowledgeBase: 'docs',
  source: 'docs/guide.md',
  span: { start: 100, end: 130 },
  lines: { start: 10, end: 12 },
  quote: 'A plug-in is made with definePlugin.',
  answerSpan: { start: 0, end: 21 },
};
