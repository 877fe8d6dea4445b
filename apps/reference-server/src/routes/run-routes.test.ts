import { defineTool } from '@espalier/core';
import { createMockModel } from '@espalier/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSse } from '../__fixtures__/read-sse.js';
import {
  MOCK_AGENT,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from '../__fixtures__/start-test-server.js';

const RUNS = '/api/v1/agents/mock/runs';
let server: TestServer;
afterEach(() => server.remove());

async function start(options: TestServerOptions): Promise<void> {
  server = await startTestServer({
    ...options,
    config: { agents: [MOCK_AGENT], ...options.config },
  });
}

type Json = Record<string, unknown>;
const json = async (response: Response): Promise<Json> => (await response.json()) as Json;

/** A model that holds its answer until it is let go, and tells when it has begun. */
function heldModel() {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const model = createMockModel({
    turns: () => ({ text: ['One ', 'two ', 'three.'] }),
    beforePart: async (part) => {
      if (part.type !== 'text-end') return;
      begun.resolve();
      await gate.promise;
    },
  });
  return {
    model,
    begun: begun.promise,
    release: () => {
      gate.resolve();
    },
  };
}

describe('a run', () => {
  it('answers whole, can be read again, and stands in the list', async () => {
    await start({ model: createMockModel(['Hello there.']) });
    const response = await server.request(RUNS, { json: { input: 'Hi', metadata: { ticket: 7 } } });
    expect(response.status).toBe(201);
    const run = await json(response);
    expect(run).toMatchObject({
      agent: 'mock',
      status: 'succeeded',
      output: 'Hello there.',
      metadata: { ticket: 7 },
    });
    expect(await json(await server.request(`/api/v1/runs/${String(run['id'])}`))).toEqual(run);
    expect(await json(await server.request('/api/v1/runs?status=succeeded'))).toEqual({
      data: [run],
      nextCursor: null,
    });
  });

  it('streams events with ids from 1 on, and ends with run-finished', async () => {
    await start({ model: createMockModel([{ text: ['a', 'b'] }]) });
    const response = await server.request(RUNS, { json: { input: 'Hi', stream: true } });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const frames = await readSse(response);
    expect(frames.map((frame) => frame.id)).toEqual(frames.map((_, index) => index + 1));
    expect(frames[0]?.event).toBe('run-started');
    expect(frames.at(-1)?.event).toBe('run-finished');
    expect(
      frames
        .filter((frame) => frame.event === 'text-delta')
        .map((frame) => frame.data['text'])
        .join(''),
    ).toBe('ab');
  });

  it('says that its events are gone once they are kept no longer, and stays itself', async () => {
    const config = { retention: { runEvents: 0 } };
    await start({ model: createMockModel(['Hello.']), config });
    const run = await json(await server.request(RUNS, { json: { input: 'Hi' } }));
    const id = String(run['id']);
    await server.close();
    server = await startTestServer({ dataFolder: server.dataFolder, config });
    const stream = () => server.request(`/api/v1/runs/${id}/stream`);
    let answer = await stream();
    // The old events are dropped soon after the start, not before it.
    while (answer.status === 200) {
      await answer.text();
      answer = await stream();
    }
    expect(answer.status).toBe(410);
    expect(await json(answer)).toMatchObject({ code: 'ERR_SERVER_RUN_EVENTS_GONE' });
    expect(await json(await server.request(`/api/v1/runs/${id}`))).toEqual(run);
  });

  it('is continued at every place with exactly the bytes that are missing', async () => {
    await start({ model: createMockModel([{ text: ['a', 'b', 'c'] }]) });
    const all = await readSse(await server.request(RUNS, { json: { input: 'Hi', stream: true } }));
    const id = String(all[0]?.data['runId']);
    for (let seen = 0; seen < all.length; seen += 1) {
      const rest = await readSse(
        await server.request(
          `/api/v1/runs/${id}/stream`,
          seen === 0 ? {} : { headers: { 'last-event-id': String(seen) } },
        ),
      );
      expect([...all.slice(0, seen), ...rest].map((frame) => frame.raw).join('')).toBe(
        all.map((frame) => frame.raw).join(''),
      );
    }
  });

  it('goes on when its client goes away, and is followed while it runs', async () => {
    const { model, begun, release } = heldModel();
    await start({ model });
    const first = await readSse(
      await server.request(RUNS, { json: { input: 'Hi', stream: true } }),
      3,
    );
    await begun;
    const id = String(first[0]?.data['runId']);
    const follow = server.request(`/api/v1/runs/${id}/stream`, {
      headers: { 'last-event-id': '3' },
    });
    const following = readSse(await follow);
    release();
    const rest = await following;
    expect(rest.map((frame) => frame.id)).toEqual(rest.map((_, index) => index + 4));
    expect(rest.at(-1)?.data).toMatchObject({ type: 'run-finished' });
    expect(await json(await server.request(`/api/v1/runs/${id}`))).toMatchObject({
      status: 'succeeded',
      output: 'One two three.',
    });
  });

  it('in the background answers at once and can be cancelled', async () => {
    const { model, begun } = heldModel();
    await start({ model });
    const response = await server.request(RUNS, { json: { input: 'Hi', background: true } });
    expect(response.status).toBe(202);
    const { id } = await json(response);
    await begun;
    const cancelled = await json(
      await server.request(`/api/v1/runs/${String(id)}/cancel`, { method: 'POST' }),
    );
    expect(cancelled).toMatchObject({ id, status: 'cancelled' });
    const again = await json(
      await server.request(`/api/v1/runs/${String(id)}/cancel`, { method: 'POST' }),
    );
    expect(again).toEqual(cancelled);
  });

  it('that fails tells why, in its stream and in its record', async () => {
    await start({ model: createMockModel([{ error: new Error('internal detail') }]) });
    const run = await json(await server.request(RUNS, { json: { input: 'Hi' } }));
    expect(run).toMatchObject({ status: 'failed', error: { code: expect.any(String) as string } });
  });

  it('of another user’s key is not to be seen', async () => {
    await start({ model: createMockModel(['Secret.', 'Mine.']) });
    const { key } = (await json(await server.request('/api/v1/keys', { json: { name: 'u' } }))) as {
      key: string;
    };
    const other = await json(await server.request(RUNS, { json: { input: 'Hi' } }));
    expect((await server.request(`/api/v1/runs/${String(other['id'])}`, { key })).status).toBe(404);
    expect(
      (await server.request(`/api/v1/runs/${String(other['id'])}/stream`, { key })).status,
    ).toBe(404);
    await server.request(RUNS, { json: { input: 'Hi' }, key });
    expect(
      ((await json(await server.request('/api/v1/runs', { key })))['data'] as unknown[]).length,
    ).toBe(1);
  });

  it('is counted for its key', async () => {
    await start({
      model: createMockModel([{ text: 'Hi.', usage: { inputTokens: 5, outputTokens: 2 } }]),
    });
    await server.request(RUNS, { json: { input: 'Hi' } });
    expect(await json(await server.request('/api/v1/usage'))).toMatchObject({
      data: [{ modelId: 'mock-model', requests: 1, inputTokens: 5, outputTokens: 2 }],
    });
  });
});

describe('a run that waits for approval', () => {
  const wipe = defineTool({
    name: 'wipe',
    description: 'Wipes a disk.',
    inputSchema: z.object({ disk: z.string() }),
    needsApproval: true,
    execute: ({ disk }) => `${disk} is wiped`,
  });
  const options = (): TestServerOptions => ({
    model: createMockModel([
      { toolCalls: [{ toolName: 'wipe', input: { disk: 'a' } }] },
      'It is done.',
    ]),
    tools: [wipe],
    config: { agents: [{ ...MOCK_AGENT, tools: ['wipe'] }] },
  });

  it('pauses, survives a restart, and goes on in the same stream', async () => {
    await start(options());
    const paused = await json(await server.request(RUNS, { json: { input: 'Wipe it' } }));
    expect(paused).toMatchObject({
      status: 'paused',
      approvals: [{ toolName: 'wipe', input: { disk: 'a' } }],
    });
    const id = String(paused['id']);
    const before = await readSse(await server.request(`/api/v1/runs/${id}/stream`));
    expect(before.at(-1)?.event).toBe('run-paused');

    const { dataFolder } = server;
    await server.close();
    server = await startTestServer({
      ...options(),
      model: createMockModel(['It is done.']),
      dataFolder,
    });

    const decisions = [
      {
        toolCallId: (paused['approvals'] as { toolCallId: string }[])[0]?.toolCallId,
        isApproved: true,
      },
    ];
    const resumed = await readSse(
      await server.request(`/api/v1/runs/${id}/approve`, { json: { decisions, stream: true } }),
    );
    expect(resumed[0]?.id).toBe(before.length + 1);
    expect(resumed.find((frame) => frame.event === 'tool-result')?.data['output']).toBe(
      'a is wiped',
    );
    expect(await json(await server.request(`/api/v1/runs/${id}`))).toMatchObject({
      status: 'succeeded',
      output: 'It is done.',
    });
    const all = await readSse(await server.request(`/api/v1/runs/${id}/stream`));
    expect(all.map((frame) => frame.raw)).toEqual(
      [...before, ...resumed].map((frame) => frame.raw),
    );
  });

  it.each([false, true])(
    'that began on /v1 tells its id there and goes on here, streamed: %s',
    async (stream) => {
      await start(options());
      const answer = await server.request('/v1/chat/completions', {
        json: {
          model: 'agent:mock',
          messages: [{ role: 'user', content: 'Wipe it' }],
          temperature: 0.5,
          stream,
        },
      });
      const id = /run_\w+/u.exec(await answer.text())?.[0] ?? 'none';
      const paused = await json(await server.request(`/api/v1/runs/${id}`));
      expect(paused).toMatchObject({ status: 'paused', approvals: [{ toolName: 'wipe' }] });
      const decisions = (paused['approvals'] as { toolCallId: string }[]).map(({ toolCallId }) => ({
        toolCallId,
        isApproved: true,
      }));
      const resumed = await server.request(`/api/v1/runs/${id}/approve`, { json: { decisions } });
      expect(await json(resumed)).toMatchObject({ status: 'succeeded', output: 'It is done.' });
    },
  );

  it('refuses decisions that do not match, and a second approval', async () => {
    await start(options());
    const paused = await json(await server.request(RUNS, { json: { input: 'Wipe it' } }));
    const path = `/api/v1/runs/${String(paused['id'])}/approve`;
    const wrong = await server.request(path, {
      json: { decisions: [{ toolCallId: 'other', isApproved: true }] },
    });
    expect(await json(wrong)).toMatchObject({ status: 422, code: 'ERR_SERVER_DECISIONS_INVALID' });
    const decisions = [
      {
        toolCallId: (paused['approvals'] as { toolCallId: string }[])[0]?.toolCallId,
        isApproved: false,
      },
    ];
    expect((await server.request(path, { json: { decisions } })).status).toBe(201);
    expect(await json(await server.request(path, { json: { decisions } }))).toMatchObject({
      status: 409,
      code: 'ERR_SERVER_RUN_STATE',
    });
  });

  it('can be cancelled', async () => {
    await start(options());
    const paused = await json(await server.request(RUNS, { json: { input: 'Wipe it' } }));
    const cancelled = await server.request(`/api/v1/runs/${String(paused['id'])}/cancel`, {
      method: 'POST',
    });
    expect(await json(cancelled)).toMatchObject({ status: 'cancelled', approvals: [] });
  });
});

describe('an idempotency key', () => {
  const headers = { 'idempotency-key': 'one' };

  it('makes a repeat give the first answer, whatever the order of members', async () => {
    const model = createMockModel(['First.', 'Second.']);
    await start({ model });
    const first = await server.request(RUNS, {
      headers,
      json: { input: 'Hi', metadata: { a: 1, b: 2 } },
    });
    const second = await server.request(RUNS, {
      headers,
      json: { metadata: { b: 2, a: 1 }, input: 'Hi' },
    });
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await second.json()).toEqual(await first.json());
    expect(model.calls).toHaveLength(1);
  });

  it('with another body is refused with 422', async () => {
    await start({ model: createMockModel(['First.']) });
    await server.request(RUNS, { headers, json: { input: 'Hi' } });
    expect(
      await json(await server.request(RUNS, { headers, json: { input: 'Ho' } })),
    ).toMatchObject({
      status: 422,
      code: 'ERR_SERVER_IDEMPOTENCY_MISMATCH',
    });
  });

  it('of a request that still runs is refused with 409', async () => {
    const { model, begun, release } = heldModel();
    await start({ model });
    const first = server.request(RUNS, { headers, json: { input: 'Hi' } });
    await begun;
    const second = await server.request(RUNS, { headers, json: { input: 'Hi' } });
    expect(second.headers.get('retry-after')).toBe('1');
    expect(await json(second)).toMatchObject({
      status: 409,
      code: 'ERR_SERVER_IDEMPOTENCY_IN_FLIGHT',
    });
    release();
    expect((await first).status).toBe(201);
  });

  it('of a streamed run gives the same stream again', async () => {
    const model = createMockModel(['First.']);
    await start({ model });
    const first = await readSse(
      await server.request(RUNS, { headers, json: { input: 'Hi', stream: true } }),
    );
    const second = await readSse(
      await server.request(RUNS, { headers, json: { input: 'Hi', stream: true } }),
    );
    expect(second.map((frame) => frame.raw)).toEqual(first.map((frame) => frame.raw));
    expect(model.calls).toHaveLength(1);
  });

  it('belongs to its key and its route', async () => {
    await start({ model: createMockModel(['First.', 'Second.']) });
    const { key } = (await json(await server.request('/api/v1/keys', { json: { name: 'u' } }))) as {
      key: string;
    };
    const first = await json(await server.request(RUNS, { headers, json: { input: 'Hi' } }));
    const second = await json(await server.request(RUNS, { headers, json: { input: 'Hi' }, key }));
    expect(second['id']).not.toBe(first['id']);
  });

  it('of a request that failed may be used again', async () => {
    await start({ model: createMockModel(['First.']) });
    await server.request(RUNS, { headers, json: { input: 'Hi', knowledgeBase: 'nowhere' } });
    expect((await server.request(RUNS, { headers, json: { input: 'Hi' } })).status).toBe(201);
  });
});

describe('a server that stops', () => {
  it('finishes what runs and refuses what is new', async () => {
    const { model, begun, release } = heldModel();
    await start({ model });
    const streaming = server
      .request(RUNS, { json: { input: 'Hi', stream: true } })
      .then((response) => readSse(response));
    await begun;
    const closed = server.close();
    await expect(server.request('/api/v1/agents')).rejects.toThrow();
    release();
    expect((await streaming).at(-1)?.event).toBe('run-finished');
    await closed;
  });

  it('aborts what outlasts the grace period', async () => {
    const { model, begun } = heldModel();
    await start({ model, config: { limits: { shutdownGrace: '50ms' } } });
    const { dataFolder } = server;
    const run = await json(await server.request(RUNS, { json: { input: 'Hi', background: true } }));
    await begun;
    await server.close();
    server = await startTestServer({
      model: createMockModel([]),
      config: { agents: [MOCK_AGENT] },
      dataFolder,
    });
    expect(await json(await server.request(`/api/v1/runs/${String(run['id'])}`))).toMatchObject({
      status: 'cancelled',
    });
  });
});
