import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textSource } from '../../__fixtures__/text-source.js';
import { createRecursiveChunker } from '../../chunking/create-recursive-chunker.js';
import { createKnowledgeBases } from '../create-knowledge-bases.js';
import type { KnowledgeBase, KnowledgeBases } from '../knowledge-base.js';

const countTokens = (text: string): number => text.split(/\s+/u).length;
const paragraph = (topic: string, n: number): string =>
  `The ${topic} of part ${n} is ${topic}ish. ${`filler${n} `.repeat(12)}`;

describe('A search', () => {
  let folder: string;
  let bases: KnowledgeBases;
  let base: KnowledgeBase;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'explain-'));
    bases = await createKnowledgeBases({
      folder,
      embeddingModel: createMockEmbeddingModel(),
      chunker: createRecursiveChunker({ countTokens, tokenizerId: 'words', maxTokens: 24 }),
    });
    base = await bases.create({ name: 'docs' });
    const long = (topic: string): string =>
      `# ${topic}\n\n${Array.from({ length: 5 }, (_, n) => paragraph(topic, n)).join('\n\n')}`;
    await base.ingest({
      sources: [
        ...['lemon', 'maple', 'harbour'].map((topic) => textSource(`${topic}.md`, long(topic))),
        textSource('board.md', 'The lemon of the board is secret.', { principals: ['board'] }),
        textSource('one.md', 'A lemon and a harbour.', { metadata: { team: 'sea' } }),
      ],
    });
  });
  afterEach(async () => {
    await bases.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is explained by parts that add up to what it gives', async () => {
    const query = 'the lemon harbours, please';
    const explanation = await base.explain({ query, topK: 6 });
    expect(explanation.result).toEqual(await base.search({ query, topK: 6 }));
    expect(explanation.legs.map(({ name }) => name)).toEqual([
      'bm25',
      'vector',
      'ordered',
      'title',
      'documentBm25',
      'documentVector',
    ]);
    const byName = new Map(explanation.legs.map((leg) => [leg.name, leg]));
    expect(explanation.passages).toHaveLength(6);
    for (const [place, passage] of explanation.passages.entries()) {
      expect(passage.rank).toBe(place + 1);
      expect(passage.id).toBe(explanation.result.passages[place]?.id);
      const sum = passage.legs.reduce((total, { contribution }) => total + contribution, 0);
      expect(passage.score).toBeCloseTo(sum, 10);
      for (const { leg, score, standardized, contribution } of passage.legs) {
        const { mean = 0, deviation = 0, weight = 0 } = byName.get(leg) ?? {};
        expect(standardized).toBeCloseTo(deviation === 0 ? 0 : (score - mean) / deviation, 10);
        expect(contribution).toBeCloseTo(weight * standardized, 10);
      }
      const bm25 = passage.legs.find(({ leg }) => leg === 'bm25');
      const words = passage.words.reduce((total, { contribution }) => total + contribution, 0);
      expect(bm25?.score).toBeCloseTo(words, 10);
      expect(bm25?.rank).toBeGreaterThan(0);
    }
    expect(explanation.words).toMatchObject([
      { word: 'the', terms: [], idf: 0 },
      { word: 'lemon', terms: ['lemon'] },
      { word: 'harbours', terms: ['harbour'] },
      { word: 'please', documentFrequency: 0 },
    ]);
    expect(explanation.corpus).toEqual({ documents: 5, chunks: 17 });
  });

  it('looks at other candidates, too, where most documents are one chunk', async () => {
    const short = await bases.create({ name: 'short' });
    const sources = ['lemon tree', 'lemon cake', 'maple syrup'].map((text, n) =>
      textSource(`${n}.txt`, text),
    );
    const long = textSource('long.txt', `The harbour. ${'filler '.repeat(30)}`);
    await short.ingest({ sources: [...sources, long] });
    const { legs, corpus } = await short.explain({ query: 'lemon' });
    expect(corpus.chunks).toBeGreaterThan(corpus.documents);
    expect(legs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['documentBm25', 'documentVector', 'feedback', 'similar']),
    );
  });

  it('counts the words of a title three times, in the first chunk of its document', async () => {
    const titled = await bases.create({ name: 'titled' });
    await titled.ingest({
      sources: [
        textSource('maple.md', `# Maple\n\n${paragraph('sap', 1)}\n\n${paragraph('maple', 2)}`),
        textSource('other.md', paragraph('harbour', 3)),
      ],
    });
    const { passages } = await titled.explain({ query: 'maple', topK: 9 });
    const frequencies = passages.map(({ words }) => words[0]?.frequency ?? 0);
    expect(Math.max(...frequencies)).toBeGreaterThanOrEqual(3);
  });

  it('says where the words that match stand in each passage', async () => {
    const { passages, result } = await base.explain({ query: 'lemons and harbours', topK: 3 });
    for (const [place, { matches }] of passages.entries()) {
      const text = result.passages[place]?.text ?? '';
      const words = matches.map(({ start, end }) => text.slice(start, end).toLowerCase());
      expect(words.length).toBeGreaterThan(0);
      for (const word of words) expect(['lemon', 'harbour', 'and']).toContain(word);
    }
  });

  it('says how much access and filter left out', async () => {
    const { leftOut, result } = await base.explain({ query: 'lemon', principals: [] });
    expect(leftOut).toBe(1);
    expect(result.passages.map(({ source }) => source)).not.toContain('board.md');
    const filter = { field: 'team', op: 'eq', value: 'sea' } as const;
    const filtered = await base.explain({ query: 'lemon', filter });
    expect(filtered.passages.map(({ source }) => source)).toEqual(['one.md']);
    expect(filtered.leftOut).toBeGreaterThan(1);
  });

  it('that finds nothing is explained, too', async () => {
    expect(await base.explain({ query: '  ' })).toMatchObject({ passages: [], legs: [] });
    const empty = await bases.create({ name: 'empty' });
    expect(await empty.explain({ query: 'lemon' })).toMatchObject({
      passages: [],
      corpus: { documents: 0, chunks: 0 },
    });
  });

  it('gives a context of passages joined and grown within its budget, each the text at its span', async () => {
    const { passages, tokens, hasEvidence } = await base.context({
      query: 'maple part 2',
      topK: 2,
      maxTokens: 120,
      countTokens,
      overheadTokens: 0,
    });
    const searched = await base.search({ query: 'maple part 2', topK: 2 });
    expect(hasEvidence).toBe(searched.hasEvidence);
    expect(tokens).toBeLessThanOrEqual(120);
    const first = passages[0]?.passage;
    const whole = await base.getDocument({ id: first?.documentId ?? '' });
    const { start, end } = first?.span ?? { start: 0, end: 0 };
    expect(first?.text).toBe(whole.text.slice(start, end));
    expect(first?.text.length).toBeGreaterThan(searched.passages[0]?.text.length ?? 0);
    const retriever = base.contextRetriever({ maxTokens: 120, countTokens, overheadTokens: 0 });
    const retrieved = await retriever.doRetrieve({ query: 'maple part 2', topK: 2 });
    expect(retrieved.passages).toEqual(passages.map(({ passage }) => passage));
  });
});
