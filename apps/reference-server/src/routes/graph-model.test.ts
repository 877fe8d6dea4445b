import { messageText, type JsonObject } from '@espalier/core';
import { createEspalierClient, type EspalierClient } from '@espalier/sdk-ts';
import { createMockModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

const BASE = { knowledgeBase: 'letters' };
const LETTERS = ['Ada wrote to Babbage.', 'Babbage wrote to Clement.', 'Clement met Dora.'];

/** What the scripted model reads in a passage: the names on both sides of its verb. */
function read(prompt: string): JsonObject {
  const [, source = '', label = '', target = ''] =
    /(\w+) (wrote to|met) (\w+)\./u.exec(prompt) ?? [];
  const entity = (name: string): JsonObject => ({
    name,
    type: 'person',
    description: `Of ${name}.`,
  });
  const quote = `${source} ${label} ${target}.`;
  return {
    entities: [entity(source), entity(target)],
    relations: [{ source, target, label, quote, strength: 7 }],
  };
}

const REPORT = {
  title: 'Letters',
  summary: 'Four people write letters.',
  findings: [{ text: 'They correspond.', excerpts: [1] }],
};

let server: TestServer;
let client: EspalierClient;
let asked: string[];

const start = async (graph: JsonObject): Promise<void> => {
  asked = [];
  const model = createMockModel({
    turns: ({ messages }) => {
      const last = messages.at(-1);
      const prompt = last === undefined ? '' : messageText(last);
      const name = ['<passage>', 'Excerpts:', '<points>'].find((part) => prompt.includes(part));
      asked.push(name ?? 'points');
      if (name === '<passage>') return { text: [JSON.stringify(read(prompt))] };
      if (name === 'Excerpts:') return { text: [JSON.stringify(REPORT)] };
      if (name === '<points>') return { text: ['{"answer":"People write letters [1]."}'] };
      return { text: ['{"points":[{"text":"They correspond.","finding":1,"score":90}]}'] };
    },
  });
  server = await startTestServer({ model, config: { graph: { model: 'mock', ...graph } } });
  client = createEspalierClient({
    baseUrl: server.url,
    apiKey: server.adminKey ?? server.localKey,
  });
  await client.knowledgeBases.create({ name: BASE.knowledgeBase });
  const documents = LETTERS.map((text, n) => ({
    source: `${n}.txt`,
    text,
    ...(n === 2 ? { principals: ['dora'] } : {}),
  }));
  await client.documents.ingest({ ...BASE, documents });
};
const build = async (): Promise<unknown> => {
  const { id } = await client.graphs.build(BASE);
  return (await client.jobs.wait({ id })).result;
};

describe('a graph that a language model reads', () => {
  beforeEach(() => start({}));
  afterEach(() => server.remove());

  it('holds what the model read, asks for nothing twice, and answers in its words', async () => {
    expect(await build()).toMatchObject({ read: 3, entities: 4, relations: 3, warnings: [] });
    expect(asked).toEqual(['<passage>', '<passage>', '<passage>']);
    expect(await build()).toMatchObject({ read: 0 });
    expect(asked).toHaveLength(3);
    const local = await client.graphs.ask({ ...BASE, query: 'Clement', scope: 'local' });
    expect(local.relations.flatMap(({ labels }) => labels)).toContain('met');
    const whole = await client.graphs.ask({ ...BASE, query: 'What is it about?', scope: 'global' });
    expect(whole.answer).toBe('People write letters [1].');
    const before = asked.length;
    await client.documents.ingest({
      ...BASE,
      documents: [{ source: '0.txt', text: 'Ada met Eve.' }],
    });
    expect(await build()).toMatchObject({ read: 1 });
    expect(asked.slice(before)).toEqual(['<passage>']);
  });

  it('shows the model nothing that the reader may not see', async () => {
    await build();
    const { key } = (await (
      await server.request('/api/v1/keys', { json: { name: 'guest', principals: ['guests'] } })
    ).json()) as { key: string };
    const guest = createEspalierClient({ baseUrl: server.url, apiKey: key });
    for (const scope of ['local', 'global'] as const) {
      const answer = await guest.graphs.ask({ ...BASE, query: 'Clement and Dora', scope });
      expect(JSON.stringify(answer)).not.toContain('Dora');
    }
  });
});

describe('a graph with a budget', () => {
  afterEach(() => server.remove());

  it('stops at the next document, says so, and goes on from there', async () => {
    await start({ maxTokens: 1 });
    expect(await build()).toMatchObject({ read: 1, isOverBudget: true });
    expect(await client.graphs.get(BASE)).toMatchObject({ documents: 1, missing: 2 });
    expect(await build()).toMatchObject({ read: 1, isOverBudget: true });
    expect(await build()).toMatchObject({ read: 1, isOverBudget: false });
    expect(await client.graphs.get(BASE)).toMatchObject({ documents: 3, missing: 0 });
  });
});

describe('the configuration of a graph', () => {
  it('is refused where it names a model that is not there', async () => {
    const starting = startTestServer({ config: { graph: { model: 'nobody' } } });
    await expect(starting).rejects.toMatchObject({ code: 'ERR_SERVER_MODEL_UNKNOWN' });
  });
});
