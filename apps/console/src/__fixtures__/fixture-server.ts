import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { RunEvent } from '../runs/run-event.js';
import { SAMPLE_SEARCH } from './sample-search.js';
import { createSampleTraining } from './sample-training.js';
import { GUIDE_SOURCE, PLUGIN_GUIDE, sampleRun } from './sample-run.js';

/** A server of the native wire with one agent over one document, for the tests of the console. */
export interface FixtureServer {
  readonly url: string;
  readonly apiKey: string;
  /** Everything that the content security policy had to refuse. */
  readonly requests: string[];
  close(): Promise<void>;
}

const API_KEY = 'esp_fixture';
const CREATED_AT = '2026-11-22T16:30:00.000Z';
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** Starts it over the console's built files. `pauseMs` lies between two events of a run. */
export async function startFixtureServer(options: {
  consoleFolder: string;
  pauseMs?: number;
}): Promise<FixtureServer> {
  const { pauseMs = 0 } = options;
  const requests: string[] = [];
  const runs = new Map<string, RunEvent[]>();
  const training = createSampleTraining();
  const bases = new Map([
    [
      'espalier',
      { description: 'Guides and specifications of this project.', documents: 1, chunks: 12 },
    ],
    ['orchard', { description: null, documents: 214, chunks: 5031 }],
  ]);

  const baseObject = (name: string): object => ({
    name,
    ...(bases.get(name) ?? { description: null, documents: 0, chunks: 0 }),
    embeddingModelId: 'minilm-l6',
    createdAt: CREATED_AT,
  });
  const documentObject = {
    id: GUIDE_SOURCE,
    source: GUIDE_SOURCE,
    title: 'Writing a plug-in',
    mediaType: 'text/markdown',
    chunks: 12,
    characters: PLUGIN_GUIDE.length,
    contentHash: 'a'.repeat(64),
    updatedAt: CREATED_AT,
    metadata: {},
  };

  const runObject = (id: string): object => ({
    id,
    agent: 'guide',
    status: 'running',
    createdAt: CREATED_AT,
    finishedAt: null,
    modelId: 'extractive',
    knowledgeBase: 'espalier',
    output: null,
    citations: [],
    finishReason: null,
    usage: {},
    costUsd: null,
    error: null,
    approvals: [],
    newMessages: [],
    metadata: {},
    lastEventId: 0,
  });

  async function streamRun(
    response: ServerResponse,
    events: RunEvent[],
    afterId: number,
  ): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    for (const [index, event] of events.entries()) {
      if (index < afterId) continue;
      response.write(`id: ${index + 1}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      // Once in the middle of a run the connection breaks: nobody should notice.
      if (afterId === 0 && index === 12) {
        response.destroy();
        return;
      }
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    response.end();
  }

  async function api(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    const body = await readBody(request);
    const route = `${request.method} ${path.replace('/api/v1', '')}`;
    if (request.headers.authorization !== `Bearer ${API_KEY}`) {
      return problem(response, 401, 'ERR_SERVER_UNAUTHENTICATED', 'This key is not known.');
    }
    if (route === 'GET /agents') return page(response, [agentObject]);
    if (route === 'GET /models') return page(response, MODELS);
    if (route === 'GET /knowledge-bases') return page(response, [...bases.keys()].map(baseObject));
    if (route === 'POST /agents/guide/runs') {
      const { input } = JSON.parse(body) as { input: string };
      const id = `run_${runs.size + 1}`;
      runs.set(id, sampleRun(id, input));
      return json(response, runObject(id), 202);
    }
    const stream = /^GET \/runs\/([^/]+)\/stream$/u.exec(route)?.[1];
    if (stream !== undefined) {
      const after = Number(request.headers['last-event-id'] ?? 0);
      return streamRun(response, runs.get(stream) ?? [], after);
    }
    const cancelled = /^POST \/runs\/([^/]+)\/cancel$/u.exec(route)?.[1];
    if (cancelled !== undefined) return json(response, runObject(cancelled));
    const base = /^GET \/knowledge-bases\/([^/]+)$/u.exec(route)?.[1];
    if (base !== undefined && bases.has(base)) return json(response, baseObject(base));
    if (/^GET \/knowledge-bases\/[^/]+\/documents$/u.test(route))
      return page(response, [documentObject]);
    if (/^GET \/knowledge-bases\/[^/]+\/documents\/.+$/u.test(route)) {
      return json(response, { ...documentObject, text: PLUGIN_GUIDE });
    }
    if (/^POST \/knowledge-bases\/[^/]+\/search$/u.test(route))
      return json(response, SAMPLE_SEARCH);
    if (/^POST \/knowledge-bases\/[^/]+\/documents$/u.test(route)) {
      return json(response, jobObject('running'), 202);
    }
    if (route === 'GET /jobs/job_1') return json(response, jobObject('succeeded'));
    if (route.startsWith('GET /training/jobs/') && route.endsWith('/stream'))
      return training.stream(response, Number(request.headers['last-event-id'] ?? 0));
    const answer = training.answer(route, body);
    if (answer !== undefined) return json(response, answer.body, answer.status);
    return problem(response, 404, 'ERR_SERVER_NOT_FOUND', `There is no ${path}.`);
  }

  async function file(response: ServerResponse, path: string): Promise<void> {
    const name = normalize(path).replace(/^(?:\.\.\/|\/)+/u, '');
    const wanted = extname(name) === '' ? 'index.html' : name;
    try {
      const bytes = await readFile(join(options.consoleFolder, wanted));
      response.writeHead(200, {
        'content-type': MEDIA_TYPES[extname(wanted)] ?? 'application/octet-stream',
        'content-security-policy': POLICY,
      });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    requests.push(`${request.method} ${path}`);
    void (path.startsWith('/api/') ? api(request, response, path) : file(response, path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: API_KEY,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const agentObject = {
  name: 'guide',
  description: 'Answers from the documents of this project.',
  modelId: 'extractive',
  knowledgeBase: 'espalier',
  tools: [],
  rails: ['secrets', 'pii'],
  isDefault: true,
};

const MODELS = [
  { id: 'agent:guide', kind: 'agent', provider: 'espalier', isDefault: true },
  { id: 'extractive', kind: 'language-model', provider: 'espalier', isDefault: false },
  { id: 'local-llama', kind: 'language-model', provider: 'openai-compatible', isDefault: false },
  { id: 'minilm-l6', kind: 'embedding-model', provider: 'espalier', isDefault: false },
];

function jobObject(status: 'running' | 'succeeded'): object {
  const report = {
    added: 1,
    updated: 0,
    unchanged: 0,
    removed: 0,
    failed: [],
    chunks: 3,
    durationMs: 12,
  };
  return {
    id: 'job_1',
    kind: 'ingest',
    status,
    attempts: 1,
    progress: { documentsDone: 0, documentsTotal: 1, chunks: 0 },
    result: status === 'succeeded' ? report : null,
    error: null,
    createdAt: CREATED_AT,
    startedAt: CREATED_AT,
    finishedAt: null,
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function page(response: ServerResponse, data: readonly unknown[]): void {
  json(response, { data, nextCursor: null });
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(
    JSON.stringify({
      type: `/problems/${code}`,
      title: code,
      status,
      detail,
      code,
      requestId: 'req_1',
    }),
  );
}
