import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMockModel } from '@espalier/testing';
import { createEspalierClient, type EspalierClient } from '@espalier/sdk-ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

let server: TestServer;
let client: EspalierClient;
const BASE = { knowledgeBase: 'people' };

const ADA =
  'Ada Lovelace wrote a program for the Analytical Engine. Ada Lovelace worked with Charles Babbage in London.';
const CHARLES =
  'Charles Babbage designed the Analytical Engine. Charles Babbage lived in London and met Ada Lovelace.';
const GRACE =
  'Grace Hopper wrote a compiler for the Harvard Mark. Grace Hopper served in the Navy.';

async function ingest(documents: { source: string; text: string; principals?: string[] }[]) {
  await client.documents.ingest({ ...BASE, documents });
}

async function build() {
  const { id } = await client.graphs.build(BASE);
  return (await client.jobs.wait({ id })).result;
}

beforeAll(async () => {
  server = await startTestServer({
    model: createMockModel({ turns: () => ({ text: ['Yes [1].'] }) }),
    config: {
      agents: [{ name: 'historian', model: 'mock', ...BASE, retrieval: { mode: 'graph' } }],
    },
  });
  client = createEspalierClient({
    baseUrl: server.url,
    apiKey: server.adminKey ?? server.localKey,
  });
  await client.knowledgeBases.create({ name: BASE.knowledgeBase });
  await ingest([
    { source: 'ada.txt', text: ADA },
    { source: 'charles.txt', text: CHARLES },
    { source: 'grace.txt', text: GRACE, principals: ['navy'] },
  ]);
});
afterAll(() => server.remove());

describe('the graph of a knowledge base', () => {
  it('is built by a job, and reads only what it lacks the next time', async () => {
    expect(await client.graphs.get(BASE)).toMatchObject({ documents: 0, missing: 3, entities: 0 });
    expect(await build()).toMatchObject({ documents: 3, read: 3, removed: 0 });
    const graph = await client.graphs.get(BASE);
    expect(graph).toMatchObject({ documents: 3, missing: 0 });
    expect(graph.topEntities.map(({ name }) => name)).toContain('Ada Lovelace');
    expect(await build()).toMatchObject({ read: 0 });
  });

  it('answers about certain things with passages, and about everything with points', async () => {
    const local = await client.graphs.ask({ ...BASE, query: 'Ada Lovelace', scope: 'local' });
    expect(local.hasEvidence).toBe(true);
    expect(local.entities[0]?.name).toBe('Ada Lovelace');
    expect(local.passages[0]?.source).toBe('ada.txt');
    const whole = await client.graphs.ask({
      ...BASE,
      query: 'Who built machines?',
      scope: 'global',
      topK: 3,
    });
    expect(whole.points.length).toBeGreaterThan(0);
    expect(whole.points[0]?.sources.length).toBeGreaterThan(0);
  });

  it('holds nothing for a reader of what that reader may not see', async () => {
    const { key } = (await (
      await server.request('/api/v1/keys', { json: { name: 'guest', principals: ['guests'] } })
    ).json()) as { key: string };
    const guest = createEspalierClient({ baseUrl: server.url, apiKey: key });
    const answer = await guest.graphs.ask({ ...BASE, query: 'Grace Hopper', scope: 'local' });
    expect(JSON.stringify(answer)).not.toContain('Hopper');
    const whole = await guest.graphs.ask({ ...BASE, query: 'compiler navy', scope: 'global' });
    expect(JSON.stringify(whole)).not.toMatch(/Hopper|Navy/u);
    await expect(guest.graphs.build(BASE)).rejects.toMatchObject({ status: 403 });
  });

  it('is what an agent reads that is configured so', async () => {
    const run = client.runs.stream({ agent: 'historian', input: 'Where did Ada Lovelace work?' });
    const sources: string[] = [];
    for await (const event of run)
      if (event.type === 'retrieval') sources.push(...event.passages.map(({ source }) => source));
    expect(sources).toContain('ada.txt');
  });

  it('forgets a document at once that has changed, and every byte of one that is erased', async () => {
    await ingest([{ source: 'charles.txt', text: 'Charles Babbage kept a diary in Dorset.' }]);
    const before = await client.graphs.ask({ ...BASE, query: 'Charles Babbage', scope: 'local' });
    expect(JSON.stringify(before)).not.toContain('designed');
    expect(await client.graphs.get(BASE)).toMatchObject({ documents: 2, missing: 1 });
    expect(await build()).toMatchObject({ read: 1 });
    const report = await client.documents.erase({ ...BASE, ids: ['grace.txt'] });
    expect(report.places).toContainEqual({ place: 'graph', removed: 1, isPurged: true });
    const names = await readdir(server.dataFolder, { recursive: true });
    const files = names.filter((name) => /\.(?:db|sqlite)(?:-wal)?$/u.test(name));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files)
      expect((await readFile(join(server.dataFolder, name))).includes('Grace Hopper')).toBe(false);
  });

  it('is dropped without its documents', async () => {
    await client.graphs.delete(BASE);
    expect(await client.graphs.get(BASE)).toMatchObject({ documents: 0, missing: 2 });
    await expect(client.graphs.build({ knowledgeBase: 'none' })).rejects.toMatchObject({
      status: 404,
    });
  });
});
