import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Passage } from '@espalier/core';
import { openDatabase } from '@espalier/database';
import { createMockModel } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { createRecursiveChunker } from '../chunking/create-recursive-chunker.js';
import {
  createGraphRetriever,
  createKnowledgeGraph,
  createModelExtractor,
  createModelSummarizer,
  createSqlGraphStore,
  createStatisticalExtractor,
  entityKey,
  findCommunities,
  type KnowledgeGraph,
} from './index.js';

const SPEECH = readFileSync(
  new URL('./__fixtures__/state-of-the-union-2024.txt', import.meta.url),
  'utf8',
);
const chunker = createRecursiveChunker({
  countTokens: (text) => text.match(/\S+/gu)?.length ?? 0,
  tokenizerId: 'words',
  maxTokens: 80,
});
const passagesOf = (documentId: string, text: string): Passage[] =>
  chunker
    .chunk({ id: documentId, source: documentId, mediaType: 'text/plain', text })
    .map(({ id, span, lines, text: words }) => ({
      id,
      documentId,
      source: documentId,
      text: words,
      span,
      lines,
    }));
const add = (
  graph: KnowledgeGraph,
  documentId: string,
  text: string,
  principals?: readonly string[],
) =>
  graph.setDocument({
    documentId,
    passages: passagesOf(documentId, text),
    ...(principals === undefined ? {} : { principals }),
  });
const speech = async (): Promise<KnowledgeGraph> => {
  const graph = await createKnowledgeGraph();
  await add(graph, 'speech', SPEECH);
  return graph;
};
const SECRET =
  'Project Zephyr is led by Ada Quill. Ada Quill met Boris Vane in Lisbon. Boris Vane funds Project Zephyr.';

describe('A graph without a model', () => {
  it('finds what a speech names, each at its exact place', async () => {
    const entities = (await speech()).entities();
    const names = entities.map(({ name }) => name);
    for (const name of ['Putin', 'Ukraine', 'NATO', 'Sweden', 'Ronald Reagan'])
      expect(names).toContain(name);
    expect(names).not.toContain('But');
    for (const { places, name, aliases } of entities) {
      for (const { span } of places)
        expect([name, ...aliases]).toContain(SPEECH.slice(span.start, span.end));
    }
  });

  it('tells the version of each document, and reads none again because of its version alone', async () => {
    const graph = await createKnowledgeGraph();
    const passages = passagesOf('a', 'Ada Lovelace met Charles Babbage.');
    const set = (version?: string) =>
      graph.setDocument({
        documentId: 'a',
        passages,
        ...(version === undefined ? {} : { version }),
      });
    expect(await set('1')).toMatchObject({ isChanged: true });
    expect(await set('2')).toMatchObject({ isChanged: false });
    expect(graph.versions()).toEqual(new Map([['a', '2']]));
  });

  it('relates what stands in one sentence', async () => {
    const relations = (await speech()).relations();
    const found = relations.find(
      ({ source, target }) => source === 'putin' && target === 'ukraine',
    );
    expect(found?.places.length).toBeGreaterThan(2);
    for (const { span } of found?.places ?? [])
      expect(SPEECH.slice(span.start, span.end)).toMatch(
        /Putin[\s\S]*Ukraine|Ukraine[\s\S]*Putin/u,
      );
  });

  it('answers a question about certain things', async () => {
    const answer = await (await speech()).askLocal({ query: 'What is Putin doing in Ukraine?' });
    expect(answer.hasEvidence).toBe(true);
    expect(
      answer.entities
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['putin', 'ukraine']);
    expect(answer.passages[0]?.text).toMatch(/Putin/u);
    for (const { text, span } of answer.passages)
      expect(SPEECH.slice(span.start, span.end)).toBe(text);
    expect(answer.reports[0]?.report.findings.length).toBeGreaterThan(0);
  });

  it('has no evidence for what it knows nothing of', async () => {
    const answer = await (await speech()).askLocal({ query: 'zebrafish photosynthesis enzymes' });
    expect(answer.hasEvidence).toBe(false);
  });

  it('answers a question about everything in the documents’ own words', async () => {
    const { points, hasEvidence } = await (
      await speech()
    ).askGlobal({
      query: 'What is said about the alliance?',
      topK: 5,
    });
    expect(hasEvidence).toBe(true);
    expect(points).toHaveLength(5);
    for (const { text, sources } of points) {
      const [source] = sources;
      expect(SPEECH.slice(source?.span.start, source?.span.end)).toBe(text);
    }
  });

  it('gives the same graph and communities in any order of documents', async () => {
    const halves = [SPEECH.slice(0, 3500), SPEECH.slice(3500)] as const;
    const first = await createKnowledgeGraph();
    await add(first, 'a', halves[0]);
    await add(first, 'b', halves[1]);
    const second = await createKnowledgeGraph();
    await add(second, 'b', halves[1]);
    await add(second, 'a', halves[0]);
    expect(second.entities()).toEqual(first.entities());
    expect(await second.communities()).toEqual(await first.communities());
  });

  it('knows two names of one thing', async () => {
    const graph = await createKnowledgeGraph();
    const text =
      'The World Health Organization (WHO) met in Geneva. Later the WHO told Marie Curie. Curie agreed with Geneva.';
    await add(graph, 'd', text);
    expect(graph.entities().map(({ id }) => id)).toEqual(
      expect.arrayContaining(['world health organization', 'marie curie', 'geneva']),
    );
    const ids = graph.entities().map(({ id }) => id);
    expect(ids).not.toContain('who');
    expect(ids).not.toContain('curie');
  });

  it('is empty without documents', async () => {
    const graph = await createKnowledgeGraph();
    expect(graph.entities()).toEqual([]);
    expect(await graph.communities()).toEqual([]);
    expect((await graph.askGlobal({ query: 'x' })).hasEvidence).toBe(false);
    expect((await graph.askLocal({ query: '' })).passages).toEqual([]);
    await add(graph, 'blank', '   ');
    expect(graph.entities()).toEqual([]);
  });
});

describe('A graph whose documents change', () => {
  it('reads nothing again that did not change', async () => {
    const graph = await speech();
    expect((await add(graph, 'speech', SPEECH)).isChanged).toBe(false);
    expect((await add(graph, 'speech', `${SPEECH} Bye.`)).isChanged).toBe(true);
  });

  it('keeps no trace of a document that was removed or changed', async () => {
    const graph = await speech();
    await add(graph, 'secret', SECRET);
    await graph.reports();
    await graph.askGlobal({ query: 'Zephyr' });
    expect(JSON.stringify(graph.toState())).toMatch(/Zephyr/u);
    expect(await graph.removeDocument({ documentId: 'secret' })).toBe(true);
    expect(JSON.stringify(graph.toState())).not.toMatch(/Zephyr|Quill|Lisbon/u);
    expect(graph.entities().map(({ id }) => id)).not.toContain('ada quill');
    expect(await graph.removeDocument({ documentId: 'secret' })).toBe(false);

    await add(graph, 'speech', 'Nothing of what Berlin and Paris said before.');
    await graph.reports();
    expect(JSON.stringify(graph.toState())).not.toMatch(/Putin|NATO/u);
  });

  it('writes again only the reports on what changed', async () => {
    const model = createMockModel({
      turns: () => '{"title":"T","summary":"S","findings":[{"text":"F","excerpts":[1,99]}]}',
    });
    const graph = await createKnowledgeGraph({ summarizer: createModelSummarizer({ model }) });
    await add(graph, 'speech', SPEECH);
    await graph.reports();
    const calls = model.calls.length;
    expect(calls).toBeGreaterThan(2);
    await graph.reports();
    expect(model.calls).toHaveLength(calls);
    await add(graph, 'secret', SECRET);
    const { reports } = await graph.reports();
    expect(model.calls).toHaveLength(calls + 1);
    expect(reports[0]?.report.findings[0]?.sources).toHaveLength(1);
  });
});

describe('A graph with readers', () => {
  it('shows nobody what comes from documents that they may not read', async () => {
    const graph = await speech();
    await add(graph, 'secret', SECRET, ['staff']);
    const reader = { principals: ['guest'] };
    const seen = JSON.stringify([
      graph.entities(reader),
      graph.relations(reader),
      await graph.communities(reader),
      await graph.reports(reader),
      await graph.askLocal({ query: 'Who leads Project Zephyr with Ada Quill?', ...reader }),
      await graph.askGlobal({ query: 'What is Project Zephyr?', topK: 100, ...reader }),
    ]);
    expect(seen).not.toMatch(/zephyr|quill|lisbon|vane/iu);
    const staff = await graph.askLocal({ query: 'Who is Ada Quill?', principals: ['staff'] });
    expect(staff.passages[0]?.text).toMatch(/Ada Quill/u);
  });

  it('serves an agent as a retriever', async () => {
    const graph = await speech();
    await add(graph, 'secret', SECRET, ['staff']);
    const retriever = createGraphRetriever({ graph });
    const found = await retriever.doRetrieve({
      query: 'Ada Quill',
      topK: 2,
      principals: ['staff'],
      filter: { field: 'source', op: 'eq', value: 'x' },
    });
    expect(found.passages[0]?.documentId).toBe('secret');
    expect(found.warnings).toHaveLength(1);
    expect((await retriever.doRetrieve({ query: 'Quill', principals: [] })).passages).not.toContain(
      'secret',
    );
  });
});

describe('A graph that is kept', () => {
  it('goes on from its state', async () => {
    const graph = await speech();
    await graph.reports({ level: 0 });
    const state = JSON.parse(JSON.stringify(graph.toState())) as ReturnType<typeof graph.toState>;
    const again = await createKnowledgeGraph({ state });
    expect(again.entities()).toEqual(graph.entities());
    expect(again.toState()).toEqual(state);
  });

  it('goes on from its database, whose files hold nothing of a removed document', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'espalier-graph-'));
    const open = () =>
      openDatabase({ url: `sqlite:${join(folder, 'graph.sqlite')}`, migrations: [] });
    try {
      const database = await open();
      const store = await createSqlGraphStore({ database, name: 'kb' });
      const graph = await createKnowledgeGraph({ store });
      await add(graph, 'speech', SPEECH);
      await add(graph, 'secret', SECRET);
      await graph.reports();
      await graph.removeDocument({ documentId: 'secret' });
      await database.purge();
      await database.close();
      for (const file of readdirSync(folder))
        expect(readFileSync(join(folder, file)).includes('Zephyr')).toBe(false);

      const later = await open();
      const again = await createKnowledgeGraph({
        store: await createSqlGraphStore({ database: later, name: 'kb' }),
      });
      expect(again.documentIds()).toEqual(['speech']);
      expect(again.entities()).toEqual(graph.entities());
      const other = await createSqlGraphStore({ database: later, name: 'other' });
      expect((await other.load()).documents).toEqual([]);
      await later.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('A graph with a model', () => {
  const passages = passagesOf('d', 'Ada wrote to Babbage. Babbage built the Engine.');
  const graphAnswer = JSON.stringify({
    entities: [
      { name: 'Ada', type: 'Person', description: 'Wrote to Babbage.' },
      { name: 'Babbage', type: 'Person', description: '' },
    ],
    relations: [
      {
        source: 'Ada',
        target: 'Babbage',
        label: 'wrote to',
        quote: 'Ada wrote to Babbage.',
        strength: 8,
      },
      { source: 'Ada', target: 'Nobody', label: 'knew', quote: 'x', strength: 1 },
    ],
  });

  it('reads entities and relations, tied to the words that the model quotes', async () => {
    const model = createMockModel({ turns: () => graphAnswer });
    const found = await createModelExtractor({ model }).doExtract({ passages });
    expect(found.mentions).toMatchObject([
      { name: 'Ada', type: 'person', span: { start: 0, end: 3 }, description: 'Wrote to Babbage.' },
      { name: 'Babbage', span: { start: 13, end: 20 } },
    ]);
    expect(found.relations).toMatchObject([
      {
        source: 'Ada',
        target: 'Babbage',
        label: 'wrote to',
        span: { start: 0, end: 21 },
        weight: 0.8,
      },
    ]);
  });

  it('sends an answer that does not fit back once, and counts both', async () => {
    const model = createMockModel({
      turns: ({ messages }) =>
        messages.length === 2
          ? '{"entities":[{"name":""}],"relations":[]}'
          : `\u0060\u0060\u0060json\n${graphAnswer}\n\u0060\u0060\u0060`,
    });
    const found = await createModelExtractor({ model }).doExtract({ passages });
    expect(found.mentions.map(({ name }) => name)).toEqual(['Ada', 'Babbage']);
    expect(found.warnings).toEqual([]);
    expect(model.calls).toHaveLength(2);
    const [asked, again] = model.calls;
    expect(again?.messages.slice(0, 2)).toEqual(asked?.messages);
    expect(JSON.stringify(again?.messages.at(-1))).toContain('entities[0].name');
  });

  it('goes on with a warning where the model gives nothing usable', async () => {
    const model = createMockModel({ turns: () => 'no' });
    const graph = await createKnowledgeGraph({
      extractor: createModelExtractor({ model }),
      summarizer: createModelSummarizer({ model }),
    });
    const { warnings } = await graph.setDocument({ documentId: 'd', passages });
    expect(warnings).toHaveLength(1);
    expect(graph.entities()).toEqual([]);
  });

  it('answers a question about everything from points of each report', async () => {
    const model = createMockModel({
      turns: ({ messages }) =>
        JSON.stringify(messages).includes('<points>')
          ? '{"answer":"The alliance grew [1]."}'
          : '{"points":[{"text":"It grew.","finding":1,"score":80},{"text":"Made up.","finding":999,"score":99},{"text":"No.","finding":1,"score":0}]}',
    });
    const graph = await createKnowledgeGraph({ model });
    await add(graph, 'speech', SPEECH);
    const answer = await graph.askGlobal({ query: 'How did the alliance grow?' });
    expect(answer.answer).toBe('The alliance grew [1].');
    expect(answer.points.length).toBeGreaterThan(0);
    for (const { text, sources } of answer.points) {
      expect(text).toBe('It grew.');
      expect(sources.length).toBeGreaterThan(0);
    }
  });
});

describe('findCommunities', () => {
  const entity = (id: string) => ({
    id,
    name: id,
    type: 'name',
    aliases: [],
    descriptions: [],
    places: [],
  });
  const relate = (pairs: readonly (readonly [string, string])[]) => ({
    entities: new Map(pairs.flat().map((id) => [id, entity(id)])),
    relations: pairs.map(([source, target]) => ({
      source,
      target,
      weight: 1,
      labels: [],
      places: [],
    })),
  });
  const clique = (name: string, size: number): [string, string][] =>
    Array.from({ length: size }, (_, a) =>
      Array.from({ length: a }, (__, b): [string, string] => [`${name}${b}`, `${name}${a}`]),
    ).flat();

  it('tells two groups apart that one relation ties', async () => {
    const graph = relate([...clique('a', 5), ...clique('b', 5), ['a0', 'b0']]);
    const found = await findCommunities({ graph });
    expect(found.map(({ members }) => members.map((id) => id[0]).join(''))).toEqual([
      'aaaaa',
      'bbbbb',
    ]);
  });

  it('cuts large communities further, on the next level', async () => {
    const groups = Array.from({ length: 8 }, (_, n) => clique(`g${n}-`, 4)).flat();
    const ties = Array.from({ length: 8 }, (_, n): [string, string] => [
      `g${n}-0`,
      `g${(n + 1) % 8}-1`,
    ]);
    const found = await findCommunities({
      graph: relate([...groups, ...ties]),
      maxSize: 4,
      resolution: 0.2,
    });
    const fine = found.filter(({ parentId }) => parentId !== undefined);
    expect(fine.length).toBeGreaterThan(1);
    for (const { parentId, members } of fine) {
      const parent = found.find(({ id }) => id === parentId);
      expect(parent?.members).toEqual(expect.arrayContaining([...members]));
    }
  });
});

describe('The statistical extractor', () => {
  it('reads a megabyte without a blank or a break', async () => {
    const text = 'Ab'.repeat(500_000);
    const { mentions } = await createStatisticalExtractor().doExtract({
      passages: passagesOf('d', text),
    });
    expect(mentions.length).toBeLessThan(10_000);
  });

  it.each([
    ['The House’s Speaker', 'house speaker'],
    ['President Biden', 'biden'],
    ['e-mail', 'e mail'],
    ['Zürich', 'zurich'],
    ['...', ''],
  ])('takes %s for %j', (name, key) => {
    expect(entityKey(name)).toBe(key);
  });
});
