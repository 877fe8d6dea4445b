import type { RunEvent } from '@espalier/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  hangUp,
  json,
  problem,
  startScriptedServer,
  type ScriptedServer,
} from './__fixtures__/scripted-server.js';
import { createSkippingClock, type SkippingClock } from './__fixtures__/skipping-clock.js';
import { frames, runEvents, runObject, sse } from './__fixtures__/wire-objects.js';
import { createEspalierClient, type EspalierClient } from './index.js';
import { NotFoundError, RunNotFinishedError, StreamInterruptedError } from './errors.js';

const START = 'POST /api/v1/agents/guide/runs';
const STREAM = 'GET /api/v1/runs/run_1/stream';
const CANCEL = 'POST /api/v1/runs/run_1/cancel';
const events = runEvents(['Prune ', 'in ', 'winter.']);
const whole = frames(events);

let server: ScriptedServer;
let clock: SkippingClock;
let client: EspalierClient;

beforeEach(async () => {
  server = await startScriptedServer();
  clock = createSkippingClock();
  client = createEspalierClient({
    baseUrl: server.url,
    clock,
    random: { next: () => 0.5 },
    stream: { idleTimeoutMs: 15_000 },
  });
  server.on(START, json(runObject(), 202));
});

afterEach(() => server.close());

const ask = { agent: 'guide', input: 'When?' };

async function readAll(stream: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of stream) all.push(event);
  return all;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );
}

const lastEventIds = (): unknown[] =>
  server.requests
    .filter((seen) => seen.method === 'GET')
    .map((seen) => seen.headers['last-event-id']);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a run stream', () => {
  it('starts a run in the background and yields its events', async () => {
    server.on(STREAM, sse(whole));
    const stream = client.runs.stream({ ...ask, knowledgeBase: 'docs' });
    expect(stream.runId).toBeUndefined();
    expect(await readAll(stream)).toEqual(events);
    expect(stream.runId).toBe('run_1');
    expect(stream.lastEventId).toBe(events.length);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      input: 'When?',
      knowledgeBase: 'docs',
      background: true,
    });
    expect(server.requests).toHaveLength(2);
  });

  it('starts no second run when the first answer is lost', async () => {
    const other = await startScriptedServer();
    other.on(START, hangUp, json(runObject(), 202));
    other.on(STREAM, sse(whole));
    await readAll(createEspalierClient({ baseUrl: other.url, clock }).runs.stream(ask));
    const keys = other.requests.map((seen) => seen.headers['idempotency-key']);
    expect(keys[0]).toBeDefined();
    expect(keys[1]).toBe(keys[0]);
    await other.close();
  });

  it.each([
    ['ends early', 'end'],
    ['breaks', 'break'],
  ] as const)('goes on after the last event when a connection %s', async (_, how) => {
    server.on(STREAM, sse(frames(events.slice(0, 2)), how), sse(frames(events.slice(2), 2)));
    expect(await readAll(client.runs.stream(ask))).toEqual(events);
    expect(lastEventIds()).toEqual([undefined, '2']);
  });

  it.each(Array.from({ length: 24 }, (_, index) => [Math.floor((whole.length * index) / 24)]))(
    'delivers every event exactly once when cut after %i characters',
    async (cut) => {
      server.on(STREAM, sse(whole.slice(0, cut)), (response, seen) => {
        const after = Number(seen.headers['last-event-id'] ?? 0);
        return sse(frames(events.slice(after), after))(response, seen);
      });
      expect(await readAll(client.runs.stream(ask))).toEqual(events);
    },
  );

  it('is not confused by a server that repeats events', async () => {
    server.on(STREAM, sse(frames(events.slice(0, 3))), sse(whole));
    expect(await readAll(client.runs.stream(ask))).toEqual(events);
  });

  it('goes on when a connection falls silent', async () => {
    server.on(STREAM, sse(frames(events.slice(0, 2)), 'hang'), sse(frames(events.slice(2), 2)));
    const iterator = client.runs.stream(ask)[Symbol.asyncIterator]();
    const read = [await iterator.next(), await iterator.next()];
    const third = iterator.next();
    await clock.fireTimer(15_000);
    read.push(await third);
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      read.push(next);
    }
    expect(read.map((result) => result.value as unknown)).toEqual(events);
    expect(lastEventIds()).toEqual([undefined, '2']);
  });

  it.each([
    ['garbled JSON', 'id: 2\nevent: text-delta\ndata: {"type":"text-de\n\n'],
    ['a known event of another shape', 'id: 2\nevent: text-delta\ndata: {"type":"text-delta"}\n\n'],
    ['an id that is no number', 'id: x\ndata: {"type":"text-delta","text":"x"}\n\n'],
    ['a gap', frames(events.slice(2, 3), 2)],
  ])('goes on after %s', async (_, garbage) => {
    server.on(STREAM, sse(frames(events.slice(0, 1)) + garbage), sse(frames(events.slice(1), 1)));
    expect(await readAll(client.runs.stream(ask))).toEqual(events);
    expect(lastEventIds()).toEqual([undefined, '1']);
  });

  it('passes over events that only a newer server knows, heartbeats and unnumbered frames', async () => {
    const newer = 'id: 2\nevent: sap-rising\ndata: {"type":"sap-rising"}\n\n';
    server.on(
      STREAM,
      sse(
        `: beat\n\n${frames(events.slice(0, 1))}${newer}event: ping\ndata: {}\n\n${frames(events.slice(1), 2)}`,
      ),
    );
    expect(await readAll(client.runs.stream(ask))).toEqual(events);
  });

  it('decodes characters that a chunk cuts in two', async () => {
    const text = 'Špalír 🌿';
    const bytes = Buffer.from(frames(runEvents([text])));
    server.on(STREAM, async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const byte of bytes) {
        response.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    let read = '';
    for await (const piece of client.runs.stream(ask).text()) read += piece;
    expect(read).toBe(text);
  });

  it('gives up after the allowed attempts that bring nothing, and says where to go on', async () => {
    server.on(STREAM, sse(frames(events.slice(0, 2))), hangUp, hangUp, hangUp, hangUp, hangUp);
    const error = await failureOf(readAll(client.runs.stream(ask)));
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error).toMatchObject({ runId: 'run_1', lastEventId: 2, isRetryable: true });
    expect(clock.sleeps).toHaveLength(5);
    expect(server.requests.filter((seen) => seen.url.endsWith('/cancel'))).toEqual([]);
  });

  it('counts attempts anew after each event', async () => {
    for (let index = 0; index < events.length; index += 1) {
      server.on(STREAM, hangUp, hangUp, sse(frames(events.slice(index, index + 1), index)));
    }
    expect(await readAll(client.runs.stream(ask))).toEqual(events);
  });

  it('does not insist when the server refuses', async () => {
    server.on(STREAM, problem(404, 'ERR_SERVER_NOT_FOUND'));
    expect(await failureOf(readAll(client.runs.stream(ask)))).toBeInstanceOf(NotFoundError);
    expect(server.requests).toHaveLength(2);
  });

  it('can be attached to from the middle', async () => {
    server.on(STREAM, sse(frames(events.slice(3), 3)));
    expect(await readAll(client.runs.attach({ id: 'run_1', lastEventId: 3 }))).toEqual(
      events.slice(3),
    );
    expect(lastEventIds()).toEqual(['3']);
  });

  it('reads over a pause that has been resumed, and ends at one that has not', async () => {
    const state = {
      version: 1 as const,
      runId: 'run_1',
      agent: 'guide',
      messages: [],
      inputMessageCount: 0,
      step: 1,
      usage: {},
      pendingCalls: [],
      finishedResults: [],
      citations: [],
      passages: [],
    };
    const paused: RunEvent = {
      type: 'run-paused',
      requests: [{ toolCallId: 't', toolName: 'cut', input: {} }],
      state,
    };
    const all = [...events.slice(0, 2), paused, ...events.slice(2)];
    server.on(STREAM, sse(frames(all)), sse(frames(all.slice(0, 3))), sse(frames(all.slice(0, 3))));
    expect(await readAll(client.runs.attach({ id: 'run_1' }))).toEqual(all);
    expect(await readAll(client.runs.attach({ id: 'run_1' }))).toEqual(all.slice(0, 3));
    expect(await failureOf(client.runs.attach({ id: 'run_1' }).result())).toMatchObject({
      outcome: 'paused',
    });
  });

  it('gives the answer as a whole', async () => {
    server.on(STREAM, sse(whole));
    expect((await client.runs.stream(ask).result()).message.content).toEqual([
      { type: 'text', text: 'Prune in winter.' },
    ]);
  });

  it('tells a failed run from a broken stream', async () => {
    const error = {
      code: 'ERR_INFERENCE_TIMEOUT',
      message: 'The model fell silent.',
      isRetryable: true,
    };
    server.on(STREAM, sse(frames([...events.slice(0, 2), { type: 'run-failed', error }])));
    const failure = await failureOf(client.runs.stream(ask).result());
    expect(failure).toBeInstanceOf(RunNotFinishedError);
    expect(failure).toMatchObject({ outcome: 'failed', error, isRetryable: true });
  });

  it('is read once', async () => {
    server.on(STREAM, sse(whole));
    const stream = client.runs.stream(ask);
    await readAll(stream);
    await expect(readAll(stream)).rejects.toThrow('runs.attach');
  });
});

describe('leaving a run stream', () => {
  it.each(['break', 'abort'] as const)('by %s cancels the run', async (how) => {
    server.on(STREAM, sse(frames(events.slice(0, 2)), 'hang'));
    server.on(CANCEL, json(runObject({ status: 'cancelled' })));
    const controller = new AbortController();
    const reason = new Error('enough');
    const failure = await (async () => {
      for await (const event of client.runs.stream({ ...ask, abortSignal: controller.signal })) {
        if (event.type !== 'text-delta') continue;
        if (how === 'break') break;
        controller.abort(reason);
      }
      return undefined;
    })().catch((error: unknown) => error);
    expect(failure).toBe(how === 'abort' ? reason : undefined);
    await until(() => server.requests.some((seen) => seen.url.endsWith('/cancel')));
  });

  it('lets it run on where that is asked for', async () => {
    server.on(STREAM, sse(frames(events.slice(0, 2)), 'hang'));
    server.on('GET /healthz', json({ status: 'ok', version: '1' }));
    for await (const event of client.runs.stream({ ...ask, onLeave: 'detach' })) {
      if (event.type === 'text-delta') break;
    }
    await client.health();
    expect(server.requests.map((seen) => seen.method)).toEqual(['POST', 'GET', 'GET']);
  });

  it('after its last event cancels nothing', async () => {
    server.on(STREAM, sse(whole));
    server.on('GET /healthz', json({ status: 'ok', version: '1' }));
    for await (const event of client.runs.stream(ask)) if (event.type === 'run-finished') break;
    await client.health();
    expect(server.requests.map((seen) => seen.method)).toEqual(['POST', 'GET', 'GET']);
  });
});
