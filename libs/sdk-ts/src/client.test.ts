import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  hangUp,
  json,
  keepSilent,
  problem,
  startScriptedServer,
  type ScriptedServer,
} from './__fixtures__/scripted-server.js';
import { createSkippingClock, type SkippingClock } from './__fixtures__/skipping-clock.js';
import { jobObject } from './__fixtures__/wire-objects.js';
import { createEspalierClient, type EspalierClient } from './index.js';
import {
  ApiError,
  AuthenticationError,
  ClientOptionsError,
  EspalierClientError,
  InvalidResponseError,
  JobNotSucceededError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  RequestInvalidError,
  RequestTimeoutError,
  ServerError,
} from './errors.js';

const model = { id: 'extractive', kind: 'language-model', provider: 'espalier', isDefault: true };
const base = {
  name: 'docs',
  description: null,
  documents: 1,
  chunks: 2,
  embeddingModelId: 'static-256',
  createdAt: null,
};
const report = {
  added: 1,
  updated: 0,
  unchanged: 0,
  removed: 0,
  failed: [],
  chunks: 2,
  durationMs: 5,
};
const MODELS = 'GET /api/v1/models';
const BASES = 'POST /api/v1/knowledge-bases';

let server: ScriptedServer;
let clock: SkippingClock;
let client: EspalierClient;

beforeEach(async () => {
  server = await startScriptedServer();
  clock = createSkippingClock();
  client = createEspalierClient({
    baseUrl: server.url,
    apiKey: 'esp_secret',
    clock,
    random: { next: () => 0.5 },
  });
});

afterEach(() => server.close());

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('requests', () => {
  it('send the key as a bearer token and keep a path in the base address', async () => {
    server.on('GET /prefix/api/v1/models', json({ data: [model], nextCursor: null }));
    const prefixed = createEspalierClient({
      baseUrl: `${server.url}/prefix/`,
      apiKey: async () => 'esp_later',
      headers: { 'x-proxy-key': 'p' },
    });
    expect((await prefixed.models.list().page()).data).toEqual([model]);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer esp_later',
      'x-proxy-key': 'p',
      accept: 'application/json',
    });
    expect(server.requests[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('percent-encode names and ids, slashes included', async () => {
    server.on('DELETE /api/v1/knowledge-bases/docs/documents/guides%2Fa%20b.md', (response) => {
      response.writeHead(204).end();
    });
    await client.documents.delete({ knowledgeBase: 'docs', id: 'guides/a b.md' });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [{ baseUrl: 'localhost:8787' }, 'baseUrl'],
    [{ baseUrl: '/api' }, 'baseUrl'],
    [{ baseUrl: 'http://user:pw@host' }, 'baseUrl'],
    [{ baseUrl: 'http://host', apiKey: 'esp_a\nb' }, 'apiKey'],
    [{ baseUrl: 'http://host', timeoutMs: 0 }, 'timeoutMs'],
    [{ baseUrl: 'http://host', retry: { maxAttempts: Number.NaN } }, 'retry.maxAttempts'],
  ])('are refused before they are sent when an option is unusable: %j', (options, option) => {
    expect(() => createEspalierClient(options)).toThrow(ClientOptionsError);
    expect(() => createEspalierClient(options)).toThrow(`"${option}"`);
    expect(() => createEspalierClient(options)).not.toThrow('esp_a');
  });
});

describe('errors', () => {
  it.each([
    [400, RequestInvalidError],
    [401, AuthenticationError],
    [404, NotFoundError],
    [422, RequestInvalidError],
    [418, ApiError],
  ])(
    'with status %i are told apart by class and carry the server’s code',
    async (status, errorClass) => {
      server.on(
        MODELS,
        problem(status, 'ERR_SERVER_X', {
          body: { errors: [{ pointer: '/name', message: 'Too long.' }] },
        }),
      );
      const error = await failureOf(client.models.list().page());
      expect(error).toBeInstanceOf(errorClass);
      expect(error).toMatchObject({
        code: 'ERR_SERVER_X',
        message: 'It went wrong (ERR_SERVER_X).',
        status,
        requestId: 'req_1',
        isRetryable: false,
      });
      if (RequestInvalidError.isInstance(error)) {
        expect(error.issues).toEqual([{ pointer: '/name', message: 'Too long.' }]);
      }
      expect(server.requests).toHaveLength(1);
    },
  );

  it('tell a proxy’s page from a server’s problem', async () => {
    server.on(MODELS, (response) => {
      response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>No</h1>');
    });
    expect(await failureOf(client.models.list().page())).toMatchObject({
      name: 'PermissionError',
      code: 'ERR_SDK_HTTP_STATUS',
    });
  });

  it.each([
    ['not JSON', '<html>'],
    ['of another shape', '{"data":[{"id":1}],"nextCursor":null}'],
  ])('name an answer that is %s', async (_, body) => {
    server.on(MODELS, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    const error = await failureOf(client.models.list().page());
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(server.requests).toHaveLength(1);
  });

  it('never hold the key', async () => {
    server.on(MODELS, hangUp, hangUp, hangUp, hangUp);
    const error = await failureOf(client.models.list().page());
    expect(EspalierClientError.isInstance(error)).toBe(true);
    expect(JSON.stringify(error) + String(error)).not.toContain('esp_secret');
  });
});

describe('retries', () => {
  it('repeat what failed in passing, with doubling waits', async () => {
    server.on(
      MODELS,
      hangUp,
      problem(503, 'ERR_SERVER_BUSY'),
      json({ data: [], nextCursor: null }),
    );
    expect((await client.models.list().page()).data).toEqual([]);
    expect(server.requests).toHaveLength(3);
    expect(clock.sleeps).toEqual([187.5, 375]);
  });

  it('wait as long as Retry-After asks, in seconds or as a date', async () => {
    server.on(
      MODELS,
      problem(429, 'ERR_SERVER_RATE', { headers: { 'retry-after': '3' } }),
      problem(429, 'ERR_SERVER_RATE', {
        headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:08 GMT' },
      }),
      json({ data: [], nextCursor: null }),
    );
    await client.models.list().page();
    expect(clock.sleeps).toEqual([3000, 5000]);
  });

  it('give a Retry-After beyond the budget to the caller at once', async () => {
    server.on(MODELS, problem(429, 'ERR_SERVER_RATE', { headers: { 'retry-after': '3600' } }));
    const error = await failureOf(client.models.list().page());
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(clock.sleeps).toEqual([]);
  });

  it('end after the allowed attempts with the last error', async () => {
    server.on(MODELS, hangUp, hangUp, hangUp, problem(500, 'ERR_SERVER_INTERNAL'));
    expect(await failureOf(client.models.list().page())).toBeInstanceOf(ServerError);
    expect(server.requests).toHaveLength(4);
  });

  it('keep to the server’s word that a repetition cannot help', async () => {
    server.on(MODELS, problem(500, 'ERR_SERVER_CONFIG', { body: { isRetryable: false } }));
    await failureOf(client.models.list().page());
    expect(server.requests).toHaveLength(1);
  });

  it('repeat a write under the same idempotency key, and use another one for the next write', async () => {
    server.on(BASES, hangUp, json(base, 201), json(base, 201));
    await client.knowledgeBases.create({ name: 'docs' });
    await client.knowledgeBases.create({ name: 'docs' });
    const keys = server.requests.map((request) => request.headers['idempotency-key']);
    expect(keys[0]).toMatch(/^.{32,}$/u);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(server.requests[1]?.body).toBe('{"name":"docs"}');
  });

  it('use the caller’s idempotency key where one is given', async () => {
    server.on(BASES, json(base, 201));
    await client.knowledgeBases.create({ name: 'docs', idempotencyKey: 'mine' });
    expect(server.requests[0]?.headers['idempotency-key']).toBe('mine');
  });

  it('take "not found" for success when a deletion’s first answer was lost', async () => {
    const path = 'DELETE /api/v1/knowledge-bases/docs';
    server.on(path, hangUp, problem(404, 'ERR_SERVER_NOT_FOUND'));
    await client.knowledgeBases.delete({ name: 'docs' });
    server.on(path, problem(404, 'ERR_SERVER_NOT_FOUND'));
    expect(await failureOf(client.knowledgeBases.delete({ name: 'docs' }))).toBeInstanceOf(
      NotFoundError,
    );
  });
});

describe('time limits and aborts', () => {
  it('give up an attempt that gets no answer in time, and try again', async () => {
    server.on(MODELS, keepSilent, json({ data: [], nextCursor: null }));
    const work = client.models.list({ timeoutMs: 1234 }).page();
    await until(() => server.requests.length === 1);
    await clock.fireTimer(1234);
    expect((await work).data).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('cover the body: a cut one is a network error, a stalled one a time-out', async () => {
    const half = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"data":[');
    };
    const once = createEspalierClient({ baseUrl: server.url, clock, retry: { maxAttempts: 1 } });
    server.on(MODELS, half, (response) => {
      half(response);
      setImmediate(() => response.destroy());
    });
    const stalled = failureOf(once.models.list({ timeoutMs: 77 }).page());
    await until(() => server.requests.length === 1);
    await clock.fireTimer(77);
    expect(await stalled).toBeInstanceOf(RequestTimeoutError);
    expect(await failureOf(once.models.list().page())).toBeInstanceOf(NetworkError);
  });

  it('tell that nobody listens', async () => {
    const { url } = server;
    await server.close();
    const error = await failureOf(createEspalierClient({ baseUrl: url, clock }).health());
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ isRetryable: true, code: 'ERR_SDK_NETWORK' });
    expect(clock.sleeps).toHaveLength(3);
  });

  it('let an abort through unwrapped, whether before, during or between attempts', async () => {
    const reason = new Error('left the page');
    expect(
      await failureOf(client.models.list({ abortSignal: AbortSignal.abort(reason) }).page()),
    ).toBe(reason);
    expect(server.requests).toHaveLength(0);

    const during = new AbortController();
    server.on(MODELS, () => during.abort(reason));
    expect(await failureOf(client.models.list({ abortSignal: during.signal }).page())).toBe(reason);

    const between = new AbortController();
    server.on(MODELS, hangUp);
    const waiting = createEspalierClient({
      baseUrl: server.url,
      clock: {
        ...clock,
        sleep: async () => {
          between.abort(reason);
        },
      },
    });
    expect(await failureOf(waiting.models.list({ abortSignal: between.signal }).page())).toBe(
      reason,
    );
    expect(server.requests).toHaveLength(2);
  });
});

describe('lists', () => {
  it('fetch page after page as they are read', async () => {
    const entries = ['a', 'b', 'c'].map((id) => ({ ...model, id }));
    server.on(
      MODELS,
      json({ data: entries.slice(0, 2), nextCursor: 'p2' }),
      json({ data: entries.slice(2), nextCursor: null }),
    );
    const ids: string[] = [];
    for await (const entry of client.models.list({ limit: 2 })) ids.push(entry.id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(server.requests.map((request) => request.url)).toEqual([
      '/api/v1/models?limit=2',
      '/api/v1/models?cursor=p2&limit=2',
    ]);
  });

  it('ask for no page that nobody reads', async () => {
    server.on(MODELS, json({ data: [model, model], nextCursor: 'p2' }));
    expect(await client.models.list().toArray({ max: 1 })).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  it('end when a server repeats its cursor', async () => {
    const page = json({ data: [model], nextCursor: 'same' });
    server.on(MODELS, page, page, page);
    expect(await client.models.list().toArray()).toHaveLength(2);
  });
});

describe('uploads', () => {
  it('send files as a form and tell how far they are', async () => {
    server.on('POST /api/v1/knowledge-bases/docs/documents', json(report, 200));
    const seen: number[] = [];
    const answer = await client.documents.upload({
      knowledgeBase: 'docs',
      create: true,
      files: [
        { source: 'guides/a.md', data: '# Über\n', mediaType: 'text/markdown' },
        { source: 'b.txt', data: new TextEncoder().encode('x'.repeat(200_000)) },
      ],
      onProgress: (progress) => seen.push(progress.loadedBytes),
    });
    expect(answer).toEqual(report);
    const request = server.requests[0];
    expect(request?.url).toBe('/api/v1/knowledge-bases/docs/documents?create=true');
    expect(request?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/u);
    expect(request?.body).toContain(
      'name="files"; filename="guides/a.md"\r\nContent-Type: text/markdown\r\n\r\n# Über',
    );
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(Buffer.byteLength(request?.body ?? ''));
  });

  it('may be repeated whole', async () => {
    server.on('POST /api/v1/knowledge-bases/docs/documents', hangUp, json(jobObject(), 202));
    const job = await client.documents.uploadInBackground({
      knowledgeBase: 'docs',
      files: [{ source: 'a.md', data: new Blob(['text']) }],
    });
    expect(job.id).toBe('job_1');
    expect(server.requests[1]?.url).toContain('?async=true');
    expect(server.requests[1]?.body).toContain('text');
  });

  it('send documents as JSON with all their facts', async () => {
    server.on('POST /api/v1/knowledge-bases/docs/documents', json(report));
    await client.documents.ingest({
      knowledgeBase: 'docs',
      documents: [{ source: 'a.md', text: 'A', metadata: { team: 'x' } }],
      prune: { prefix: 'guides/' },
    });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      documents: [{ source: 'a.md', text: 'A', metadata: { team: 'x' } }],
      prune: { prefix: 'guides/' },
    });
  });
});

describe('jobs', () => {
  const path = 'GET /api/v1/jobs/job_1';

  it('are waited for, with their progress and ever longer pauses', async () => {
    server.on(
      path,
      json(jobObject()),
      json(jobObject({ status: 'running', progress: { documentsDone: 1 } })),
      json(jobObject({ status: 'succeeded', result: report })),
    );
    const seen: unknown[] = [];
    const job = await client.jobs.wait({
      id: 'job_1',
      pollMs: 100,
      onProgress: (now) => seen.push(now.status),
    });
    expect(job.result).toEqual(report);
    expect(seen).toEqual(['queued', 'running', 'succeeded']);
    expect(clock.sleeps).toEqual([100, 150]);
  });

  it('that fail reject with their error', async () => {
    const error = { code: 'ERR_RAG_LOAD', message: 'No text in it.', isRetryable: false };
    server.on(path, json(jobObject({ status: 'failed', error })));
    const failure = await failureOf(client.jobs.wait({ id: 'job_1' }));
    expect(failure).toBeInstanceOf(JobNotSucceededError);
    expect(failure).toMatchObject({ message: expect.stringContaining('No text in it.') });
  });
});
