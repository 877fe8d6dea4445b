import { createMockModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../__fixtures__/create-postgres-database.js';
import { readSse } from '../__fixtures__/read-sse.js';
import { MOCK_AGENT, startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

const postgresUrl = process.env['ESPALIER_TEST_POSTGRES_URL'];
const reason = postgresUrl === undefined ? ' (skipped: ESPALIER_TEST_POSTGRES_URL is not set)' : '';
const TIMEOUT_MS = 60_000;

type Json = Record<string, unknown>;
const json = async (response: Response): Promise<Json> => (await response.json()) as Json;

describe.skipIf(postgresUrl === undefined)(`a server on PostgreSQL${reason}`, () => {
  let place: { url: string; remove(): Promise<void> };
  let server: TestServer;

  const open = (dataFolder?: string): Promise<TestServer> =>
    startTestServer({
      model: createMockModel({ turns: () => 'Hello there.' }),
      config: { agents: [MOCK_AGENT], database: { url: place.url } },
      ...(dataFolder !== undefined && { dataFolder }),
    });

  beforeEach(async () => {
    place = await createPostgresDatabase(postgresUrl ?? '');
    server = await open();
  }, TIMEOUT_MS);
  afterEach(async () => {
    await server.remove();
    await place.remove();
  }, TIMEOUT_MS);

  it(
    'keeps keys, runs, usage and jobs there, and finds them after a restart',
    async () => {
      const made = await json(
        await server.request('/api/v1/keys', { json: { name: 'ci', role: 'user' } }),
      );
      const key = String(made['key']);
      const run = await json(
        await server.request('/api/v1/agents/mock/runs', { json: { input: 'Hi' }, key }),
      );
      expect(run).toMatchObject({ status: 'succeeded', output: 'Hello there.' });
      await server.request('/api/v1/knowledge-bases', { json: { name: 'kb' } });
      const report = await json(
        await server.request('/api/v1/knowledge-bases/kb/documents', {
          json: { documents: [{ source: 'a.md', text: 'The leaf is green.' }] },
        }),
      );
      expect(report).toMatchObject({ added: 1, failed: [] });

      await server.close();
      server = await open(server.dataFolder);
      const id = String(run['id']);
      expect(await json(await server.request(`/api/v1/runs/${id}`, { key }))).toEqual(run);
      const frames = await readSse(await server.request(`/api/v1/runs/${id}/stream`, { key }));
      expect(frames.map((frame) => frame.id)).toEqual(frames.map((_, index) => index + 1));
      expect(frames.at(-1)?.event).toBe('run-finished');
      expect(await json(await server.request('/api/v1/jobs'))).toMatchObject({
        data: [{ kind: 'ingest', status: 'succeeded', result: { added: 1 } }],
      });
      expect(await json(await server.request('/api/v1/usage'))).toMatchObject({
        data: [{ modelId: 'mock-model', requests: 1 }],
      });
      const revoked = await server.request(`/api/v1/keys/${String(made['id'])}`, {
        method: 'DELETE',
      });
      expect(revoked.ok).toBe(true);
      expect((await server.request('/api/v1/agents', { key })).status).toBe(401);
    },
    TIMEOUT_MS,
  );

  it(
    'answers a repeated request once',
    async () => {
      const headers = { 'idempotency-key': 'one' };
      const post = () =>
        server.request('/api/v1/agents/mock/runs', { json: { input: 'Hi' }, headers });
      const first = await json(await post());
      expect(await json(await post())).toEqual(first);
    },
    TIMEOUT_MS,
  );

  it(
    'is one of two that share it: the start of the second frees no request that the first answers, and ends none of its runs',
    async () => {
      const entered = Promise.withResolvers<undefined>();
      const mayAnswer = Promise.withResolvers<undefined>();
      await server.remove();
      const model = createMockModel({ turns: () => 'Hello there.' });
      const config = { agents: [MOCK_AGENT], database: { url: place.url } };
      server = await startTestServer({
        config,
        model: {
          ...model,
          async doGenerate(call) {
            entered.resolve(undefined);
            await mayAnswer.promise;
            return model.doGenerate(call);
          },
          async doStream(call) {
            entered.resolve(undefined);
            await mayAnswer.promise;
            return model.doStream(call);
          },
        },
      });
      const { key } = await json(
        await server.request('/api/v1/keys', { json: { name: 'ci', role: 'user' } }),
      );
      const post = (on: TestServer) =>
        on.request('/api/v1/agents/mock/runs', {
          json: { input: 'Hi' },
          headers: { 'idempotency-key': 'shared' },
          key: String(key),
        });
      const first = post(server);
      await entered.promise;
      const other = await startTestServer({ config, model });
      try {
        const meanwhile = await post(other);
        expect([meanwhile.status, (await json(meanwhile))['code']]).toEqual([
          409,
          'ERR_SERVER_IDEMPOTENCY_IN_FLIGHT',
        ]);
        const runs = async () => {
          const { data } = await json(await other.request('/api/v1/runs'));
          return data as Json[];
        };
        expect(await runs()).toMatchObject([{ status: 'running', error: null }]);
        mayAnswer.resolve(undefined);
        const answer = await json(await first);
        expect(await runs()).toMatchObject([{ id: answer['id'], status: 'succeeded' }]);
        expect(await json(await post(other))).toEqual(answer);
      } finally {
        mayAnswer.resolve(undefined);
        await other.remove();
      }
    },
    TIMEOUT_MS,
  );
});
