import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reranker } from '@espalier/core';
import { describeRerankerConformance } from '@espalier/testing/conformance';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWordEncoder } from '../__fixtures__/create-word-encoder.js';
import { createHybridRanker } from './create-hybrid-ranker.js';
import { createLearnedReranker } from './create-learned-reranker.js';
import { createTokenStateFile, type TokenStateStore } from './create-token-state-file.js';
import { HYBRID_PROFILES } from './hybrid-profile.js';
import type { RankerModel } from './learned/ranker-model.js';
import { RANKING_FEATURES } from './learned/ranking-features.js';
import { rerankMatches } from './rerank-matches.js';

const DAY_MS = 86_400_000;

/** One question: is the title's share of the query's words above a half? Then it is worth 100. */
const BY_TITLE: RankerModel = {
  features: ['score', 'titleCoverage'],
  trees: [
    { features: [1, -1, -1], thresholds: [0.5, 0, 0], children: [1, 0, 0], values: [0, 0, 100] },
  ],
  evidence: {},
};
const UNCHANGED: RankerModel = { features: ['score'], trees: [], evidence: {} };

let folder: string;
let states: TokenStateStore;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rag-learned-'));
  states = createTokenStateFile({ folder, modelId: 'words', layout: 'test' });
});
afterAll(() => {
  states.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('HybridRanker with a learned ranker', () => {
  const passages = [
    {
      id: 'a',
      text: 'cat cat and paw cat',
      documentId: 'pets',
      position: 0,
      modifiedAt: 10 * DAY_MS,
    },
    { id: 'b', title: 'cat', text: 'dog and tail', documentId: 'pets', position: 1 },
    { id: 'c', text: 'bird and wing', documentId: 'birds', modifiedAt: 0 },
  ];
  const open = () =>
    createHybridRanker({
      passages,
      weights: HYBRID_PROFILES.quality,
      encoder: { tokenEncoder: createWordEncoder(), states },
    });

  it('orders the candidates as the model says', async () => {
    const ranker = await open();
    const idsWith = async (model?: RankerModel): Promise<string[]> => {
      const options = { query: 'cat', topK: 3, ...(model === undefined ? {} : { model }) };
      return (await ranker.rank(options)).map(({ id }) => id);
    };
    expect(await idsWith()).toEqual(await idsWith(UNCHANGED));
    expect((await idsWith(BY_TITLE))[0]).toBe('b');
  });

  it('tells every feature as a number, the candidates best first', async () => {
    const ranker = await open();
    const { ids, names, values } = await ranker.features({ query: 'cat paw' });
    const { ids: again } = await ranker.features({
      query: 'cat paw',
      weights: { ...HYBRID_PROFILES.quality, latent: 0.1 },
    });
    expect(ids[0]).toBe('a');
    expect([...again].sort()).toEqual(['a', 'b', 'c']);
    expect(names).toEqual(RANKING_FEATURES.filter((name) => name !== 'latentZ'));
    expect(values).toHaveLength(ids.length * names.length);
    expect(values.every((value) => Number.isFinite(value))).toBe(true);
    const of = (id: string, name: (typeof names)[number]): number =>
      values[ids.indexOf(id) * names.length + names.indexOf(name)] ?? Number.NaN;
    expect(of('a', 'coverage')).toBeCloseTo(1);
    expect(of('a', 'ordered')).toBeGreaterThan(0);
    expect(of('b', 'titleCoverage')).toBeGreaterThan(0);
    expect(of('b', 'position')).toBe(1);
    expect(of('b', 'age')).toBe(0);
    expect(of('c', 'age')).toBeCloseTo(Math.log1p(10));
    expect(of(ids[0] ?? '', 'place')).toBe(0);
  });

  it('says which feature the model reads that the weights leave out', async () => {
    const ranker = await createHybridRanker({
      passages,
      weights: HYBRID_PROFILES.balanced,
      encoder: { embeddingModel: createMockEmbeddingModel() },
    });
    const model: RankerModel = { ...UNCHANGED, features: ['score', 'maxSimZ'] };
    await expect(ranker.rank({ query: 'cat', topK: 3, model })).rejects.toMatchObject({
      code: 'ERR_RAG_RANKER_FEATURE',
      message: expect.stringContaining('maxSimZ') as string,
    });
  });
});

describeRerankerConformance('createLearnedReranker', {
  create: () =>
    createLearnedReranker({
      model: UNCHANGED,
      encoder: { tokenEncoder: createWordEncoder(), states },
    }),
  sample: {
    query: 'bird wing',
    texts: ['cat and paw', 'bird and wing', 'dog and tail'],
    best: 1,
  },
});

describe('rerankMatches', () => {
  const matches = [
    { id: 'long', score: 9 },
    { id: 'mid', score: 5 },
    { id: 'tiny', score: 4 },
    { id: 'last', score: 3 },
  ];
  /** Prefers longer texts. */
  const byLength: Reranker = {
    specificationVersion: 'v1',
    provider: 'test',
    modelId: 'length',
    limits: { maxTextsPerCall: 2 },
    doRerank: ({ texts }) =>
      Promise.resolve({
        ranking: texts.map((text, index) => ({ index, score: -text.length })),
        warnings: [],
      }),
  };
  const order = async (options: { depth?: number; weight?: number }): Promise<string[]> => {
    const found = await rerankMatches({
      query: 'q',
      matches,
      textOf: ({ id }) => id,
      reranker: byLength,
      ...options,
    });
    const scores = found.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    return found.map(({ id }) => id);
  };

  it('orders the first by the reranker, in as many calls as its limit asks for', async () => {
    expect(await order({})).toEqual(['mid', 'long', 'tiny', 'last']);
    expect(await order({ depth: 2 })).toEqual(['mid', 'long', 'tiny', 'last']);
  });

  it('keeps as much of the order before as the weight leaves it', async () => {
    expect(await order({ weight: 0 })).toEqual(['long', 'mid', 'tiny', 'last']);
    expect((await order({ weight: 0.2 }))[0]).toBe('long');
  });

  it('refuses a depth or a weight that is none, and takes no matches', async () => {
    await expect(order({ depth: 0 })).rejects.toThrow(/depth/u);
    await expect(order({ weight: 2 })).rejects.toThrow(/weight/u);
    const none = { query: 'q', matches: [], textOf: () => '', reranker: byLength };
    expect(await rerankMatches(none)).toEqual([]);
  });
});
