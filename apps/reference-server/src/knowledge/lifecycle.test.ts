import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HealthReportObject, SearchResult } from '@espalier/protocol';
import { createEspalierClient, type EspalierClient } from '@espalier/sdk-ts';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

const CANARY = 'zeppelin-marzipan-8842';
const FILES = [
  { source: 'secret.md', data: `# Secret\n\nThe code word is ${CANARY}.` },
  { source: 'garden.md', data: '# Garden\n\nTomatoes need sun and water.' },
  { source: 'trees/oak.md', data: '# Oak\n\nAn oak has acorns.' },
];

let server: TestServer;
let client: EspalierClient;

async function start(options: Parameters<typeof startTestServer>[0] = {}): Promise<void> {
  server = await startTestServer({
    config: { agents: [{ name: 'docs', knowledgeBase: 'kb' }] },
    ...options,
  });
  client = clientFor(server.adminKey ?? server.localKey);
}
const clientFor = (apiKey: string) => createEspalierClient({ baseUrl: server.url, apiKey });

/** Whether the canary is in any file of the server. */
function isOnDisk(word = CANARY): boolean {
  const entries = readdirSync(server.dataFolder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(word));
}

beforeEach(async () => {
  await start();
  await client.documents.upload({ knowledgeBase: 'kb', create: true, files: FILES });
});
afterEach(() => server.remove());

describe('a document that is erased', () => {
  it('leaves nothing on disk, of answers that quoted it neither, and a report for the record', async () => {
    const run = await client.runs.create({ agent: 'docs', input: 'What is the code word?' });
    expect(run.output).toContain(CANARY);
    expect(isOnDisk()).toBe(true);
    const report = await client.documents.erase({ knowledgeBase: 'kb', ids: ['secret.md'] });
    expect(isOnDisk()).toBe(false);
    expect(report).toMatchObject({ documentIds: ['secret.md'], isComplete: true });
    expect(report.places.map(({ place, isPurged }) => `${place} ${isPurged}`)).toEqual([
      'catalogue true',
      'vectors true',
      'lexical-index true',
      'embedding-cache true',
      'graph true',
      'uploads true',
      'runs true',
    ]);
    const after = await client.runs.get({ id: run.id });
    expect(after).toMatchObject({ id: run.id, status: 'succeeded', citations: [] });
    expect(after.output).toContain('erased');
  });

  it('is gone in the same way by the shorter route, and leaves other runs as they are', async () => {
    await client.documents.upload({ knowledgeBase: 'other', create: true, files: FILES.slice(1) });
    const input = 'What do tomatoes need?';
    const kept = await client.runs.create({ agent: 'docs', knowledgeBase: 'other', input });
    await client.documents.delete({ knowledgeBase: 'kb', id: 'secret.md' });
    expect(isOnDisk()).toBe(false);
    expect(await client.runs.get({ id: kept.id })).toEqual(kept);
    await expect(
      client.documents.delete({ knowledgeBase: 'kb', id: 'secret.md' }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('may be chosen by the beginning of its source', async () => {
    const report = await client.documents.erase({ knowledgeBase: 'kb', prefix: 'trees/' });
    expect(report.documentIds).toEqual(['trees/oak.md']);
    const none = await client.documents.erase({ knowledgeBase: 'kb', ids: ['never.md'] });
    expect(none).toMatchObject({ documents: 0, isComplete: true });
    const both = await server.request('/api/v1/knowledge-bases/kb/erase', {
      json: { ids: ['a'], prefix: 'b' },
    });
    expect(both.status).toBe(422);
  });
});

describe('a knowledge base', () => {
  it('tells what changed, so that only that is sent', async () => {
    const sha256 = 'f'.repeat(64);
    const changed = await client.documents.findChanged({
      knowledgeBase: 'kb',
      documents: [{ source: 'garden.md', sha256 }],
    });
    expect(changed).toEqual(['garden.md']);
  });

  it('explains a search', async () => {
    const found = await client.search({ knowledgeBase: 'kb', query: 'tomatoes', explain: true });
    const [first] = found.explanation?.passages ?? [];
    expect(first).toMatchObject({ source: 'garden.md', rank: 1 });
    expect(first?.words).toMatchObject([{ word: 'tomatoes', frequency: 1 }]);
    expect(found.passages[0]?.score).toBeCloseTo(first?.score ?? 0, 10);
  });

  it('refuses a filter over a field that it does not have', async () => {
    const answer = await server.request('/api/v1/knowledge-bases/kb/search', {
      json: { query: 'oak', filter: { field: 'teem', op: 'eq', value: 'x' } },
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'ERR_RAG_FILTER_FIELD_INVALID' });
  });

  it('is checked, saved, restored and repaired', async () => {
    const { knowledgeBases, jobs } = client;
    expect(await knowledgeBases.health({ name: 'kb' })).toMatchObject({
      isHealthy: true,
      documents: 3,
      findings: [],
    });
    const saved = await knowledgeBases.snapshot({ name: 'kb', file: 'kb.snapshot' });
    expect(await jobs.wait({ id: saved.id })).toMatchObject({ result: { documents: 3 } });
    const restored = await knowledgeBases.restore({ name: 'copy', file: 'kb.snapshot' });
    await jobs.wait({ id: restored.id });
    const { passages } = await client.search({ knowledgeBase: 'copy', query: 'acorns' });
    expect(passages[0]?.source).toBe('trees/oak.md');
    const repaired = await knowledgeBases.repair({ name: 'kb' });
    expect(await jobs.wait({ id: repaired.id })).toMatchObject({ result: { added: 0 } });
    const outside = await server.request('/api/v1/knowledge-bases/kb/snapshot', {
      json: { file: '../kb' },
    });
    expect(outside.status).toBe(422);
  });

  it('takes its vectors with it to another store', async () => {
    await server.close();
    await start({ dataFolder: server.dataFolder, config: { store: 'simd' } });
    client = clientFor(server.localKey);
    const job = await client.knowledgeBases.migrate({ name: 'kb', from: 'lancedb' });
    expect(await client.jobs.wait({ id: job.id })).toMatchObject({
      result: { copied: 0, embedded: 3 },
    });
    await server.close();
    const model = createMockEmbeddingModel();
    await start({
      dataFolder: server.dataFolder,
      config: { store: 'lancedb' },
      embeddingModel: model,
    });
    client = clientFor(server.localKey);
    const back = await client.knowledgeBases.migrate({ name: 'kb', from: 'simd' });
    expect(await client.jobs.wait({ id: back.id })).toMatchObject({
      result: { copied: 3, embedded: 0 },
    });
    expect(model.calls).toEqual([]);
  });

  it('of another embedding model is listed, says what to do, and answers after it was done', async () => {
    await server.close();
    await start({
      dataFolder: server.dataFolder,
      embeddingModel: createMockEmbeddingModel({ dimension: 32 }),
    });
    const key = { key: server.localKey };
    const listed = await server.request('/api/v1/knowledge-bases', key);
    expect(await listed.json()).toMatchObject({
      data: [{ name: 'kb', documents: 3, needsReindex: true }],
    });
    const refused = await server.request('/api/v1/knowledge-bases/kb/search', {
      ...key,
      json: { query: 'oak' },
    });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: 'ERR_RAG_INDEX_MISMATCH' });
    client = clientFor(server.localKey);
    const job = await client.knowledgeBases.reindex({ name: 'kb' });
    expect(await client.jobs.wait({ id: job.id })).toMatchObject({ result: { documents: 3 } });
    const { passages } = await client.search({ knowledgeBase: 'kb', query: 'acorns' });
    expect(passages[0]?.source).toBe('trees/oak.md');
  });
});

describe('a key', () => {
  const json = async <Answer>(path: string, key: string, body?: unknown): Promise<Answer> => {
    const answer = await server.request(path, {
      key,
      ...(body === undefined ? {} : { json: body }),
    });
    return (await answer.json()) as Answer;
  };

  it('with readers sees their documents and those for everybody, in every place', async () => {
    await client.documents.ingest({
      knowledgeBase: 'kb',
      documents: [{ source: 'board.md', text: 'The board likes acorns.', principals: ['board'] }],
    });
    const { key } = await client.keys.create({ name: 'staff', principals: ['staff'] });
    const staff = clientFor(key);
    const query = 'board acorns';
    const seen = await staff.search({ knowledgeBase: 'kb', query });
    expect(seen.passages.map(({ source }) => source)).not.toContain('board.md');
    const asked = await staff.search({ knowledgeBase: 'kb', query, principals: ['board'] });
    expect(asked.passages.map(({ source }) => source)).not.toContain('board.md');
    const whole = await client.search({ knowledgeBase: 'kb', query });
    expect(whole.passages.map(({ source }) => source)).toContain('board.md');
    const ids: string[] = [];
    for await (const { id } of staff.documents.list({ knowledgeBase: 'kb' })) ids.push(id);
    expect(ids).not.toContain('board.md');
    await expect(
      staff.documents.get({ knowledgeBase: 'kb', id: 'board.md' }),
    ).rejects.toMatchObject({ status: 404 });
    const erased = await staff.documents.erase({ knowledgeBase: 'kb', ids: ['board.md'] });
    expect(erased.documents).toBe(0);
    await expect(staff.search({ knowledgeBase: 'kb', query, explain: true })).rejects.toMatchObject(
      { code: 'ERR_SERVER_EXPLANATION_FORBIDDEN' },
    );
    const run = await staff.runs.create({ agent: 'docs', input: 'What does the board like?' });
    expect(JSON.stringify(run)).not.toContain('The board likes');
    const chat = await json<unknown>('/v1/chat/completions', key, {
      model: 'agent:docs',
      messages: [{ role: 'user', content: 'What does the board like?' }],
    });
    expect(JSON.stringify(chat)).not.toContain('The board likes');
  });

  it('of a tenant sees the knowledge bases of that tenant only, in every place', async () => {
    const { key } = await client.keys.create({ name: 'acme', role: 'admin', tenant: 'acme' });
    const acme = clientFor(key);
    const names: string[] = [];
    for await (const { name } of acme.knowledgeBases.list()) names.push(name);
    expect(names).toEqual([]);
    await expect(acme.search({ knowledgeBase: 'kb', query: 'oak' })).rejects.toMatchObject({
      code: 'ERR_RAG_KNOWLEDGE_BASE_UNKNOWN',
    });
    const files = [{ source: 'acme.md', data: 'The anvil of acme is heavy.' }];
    await acme.documents.upload({ knowledgeBase: 'kb', create: true, files });
    const own = await acme.search({ knowledgeBase: 'kb', query: 'anvil oak code word' });
    expect(own.passages.map(({ source }) => source)).toEqual(['acme.md']);
    const others = await client.search({ knowledgeBase: 'kb', query: 'anvil of acme' });
    expect(others.passages.map(({ source }) => source)).not.toContain('acme.md');
    const input = 'What is the code word?';
    const run = await acme.runs.create({ agent: 'docs', input });
    const chat = await json<unknown>('/v1/chat/completions', key, {
      model: 'agent:docs',
      messages: [{ role: 'user', content: input }],
    });
    expect(JSON.stringify([run, chat])).not.toContain(CANARY);
    const health = await json<HealthReportObject>('/api/v1/knowledge-bases/kb/health', key);
    expect(health.documents).toBe(1);
    const jobs = await json<{ data: { id: string }[] }>('/api/v1/jobs', key);
    expect(jobs.data).toHaveLength(1);
    const { data } = await json<{ data: { id: string }[] }>('/api/v1/jobs', server.adminKey ?? '');
    const foreign = data.find(({ id }) => id !== jobs.data[0]?.id)?.id ?? '';
    const refused = await server.request(`/api/v1/jobs/${foreign}`, { key });
    expect(refused.status).toBe(404);
    expect(
      await json<SearchResult>('/api/v1/knowledge-bases/kb/search', key, { query: 'x' }),
    ).toMatchObject({ hasEvidence: false });
  });
});
