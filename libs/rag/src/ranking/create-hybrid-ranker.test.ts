import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from '@espalier/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWordEncoder, WORD_DIMENSION } from '../__fixtures__/create-word-encoder.js';
import { createHybridRanker } from './create-hybrid-ranker.js';
import { createMaxSimReranker } from './create-max-sim-reranker.js';
import { createTokenStateFile, type TokenStateStore } from './create-token-state-file.js';
import { HYBRID_PROFILES } from './hybrid-profile.js';
import { maxSim } from './max-sim.js';
import { packTokenStates } from './pack-token-states.js';

let folder: string;
let states: TokenStateStore;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rag-ranking-'));
  states = createTokenStateFile({ folder, modelId: 'words', layout: 'test' });
});
afterAll(() => {
  states.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('createHybridRanker', () => {
  const passages = [
    { id: 'a', text: 'cat and paw', documentId: 'pets', position: 0 },
    { id: 'b', text: 'dog and tail', documentId: 'pets', position: 1 },
    { id: 'c', text: 'bird and wing', documentId: 'birds', position: 0 },
    { id: 'd', title: 'Song', text: 'of nothing', documentId: 'birds', position: 1 },
    { id: 'e', text: '' },
  ];

  it('ranks every passage, with what each leg gave', async () => {
    const tokenEncoder = createWordEncoder();
    const ranker = await createHybridRanker({
      passages,
      weights: HYBRID_PROFILES.quality,
      encoder: { tokenEncoder, states },
    });
    const matches = await ranker.rank({ query: 'bird wing', topK: 10 });
    expect(matches).toHaveLength(5);
    expect(matches[0]).toMatchObject({
      id: 'c',
      legs: { maxSim: expect.closeTo(1, 5), parentVector: expect.any(Number) },
    });
    const scores = matches.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((x, y) => y - x));
    // Its neighbour and document speak for it, though it shares no word.
    const place = (id: string): number => matches.findIndex((match) => match.id === id);
    expect(place('d')).toBeLessThan(place('a'));
  });

  it('keeps those it looked at closely above the others', async () => {
    const ranker = await createHybridRanker({
      passages,
      weights: { ...HYBRID_PROFILES.quality, candidates: 2, maxSim: 50 },
      encoder: { tokenEncoder: createWordEncoder(), states },
    });
    const matches = await ranker.rank({ query: 'dog', topK: 5 });
    expect(matches.map(({ legs }) => legs.maxSim !== undefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    const scores = matches.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((x, y) => y - x));
  });

  it('encodes nothing that the store holds', async () => {
    const tokenEncoder = createWordEncoder();
    await createHybridRanker({
      passages,
      weights: HYBRID_PROFILES.quality,
      encoder: { tokenEncoder, states },
    });
    expect(tokenEncoder.encoded).toEqual([]);
  });

  it('ranks for a query without words, and refuses an id given twice', async () => {
    const options = {
      weights: HYBRID_PROFILES.quality,
      encoder: { tokenEncoder: createWordEncoder(), states },
    };
    const ranker = await createHybridRanker({ ...options, passages });
    const matches = await ranker.rank({ query: '', topK: 5 });
    expect(matches.map(({ score }) => Number.isFinite(score))).toEqual(new Array(5).fill(true));
    await expect(
      createHybridRanker({ ...options, passages: [...passages, { id: 'a', text: 'x' }] }),
    ).rejects.toThrow(InvalidArgumentError);
  });

  it('stops when it is told to', async () => {
    await expect(
      createHybridRanker({
        passages: [{ id: 'new', text: 'fish never seen' }],
        weights: HYBRID_PROFILES.quality,
        encoder: { tokenEncoder: createWordEncoder(), states },
        abortSignal: AbortSignal.abort(),
      }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('createMaxSimReranker', () => {
  it('puts the text first whose tokens fit, and counts rare ones more', async () => {
    const reranker = createMaxSimReranker({ encoder: createWordEncoder() });
    const { ranking } = await reranker.doRerank({
      query: 'cat song',
      texts: ['cat', 'cat dog', 'song', 'fish', ''],
      topK: 3,
    });
    expect(ranking.map(({ index }) => index)).toEqual([2, 0, 1]);
  });
});

describe('maxSim', () => {
  it('is near the formula over vectors in full precision', () => {
    let seed = 3;
    const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
    const make = (tokens: number) => {
      const vectors = new Float32Array(tokens * WORD_DIMENSION).map(random);
      for (let t = 0; t < tokens; t += 1) {
        const row = vectors.subarray(t * WORD_DIMENSION, (t + 1) * WORD_DIMENSION);
        const norm = Math.hypot(...row);
        row.forEach((value, i) => (row[i] = value / norm));
      }
      return { ids: new Int32Array(tokens), vectors, windows: [] };
    };
    const [query, passage] = [make(4), make(9)];
    const weights = [1, 2, 0, 3];
    let expected = 0;
    for (let t = 0; t < 4; t += 1) {
      let best = -Infinity;
      for (let p = 0; p < 9; p += 1) {
        let dot = 0;
        for (let i = 0; i < WORD_DIMENSION; i += 1) {
          dot +=
            (query.vectors[t * WORD_DIMENSION + i] ?? 0) *
            (passage.vectors[p * WORD_DIMENSION + i] ?? 0);
        }
        best = Math.max(best, dot);
      }
      expected += ((weights[t] ?? 0) * best) / 6;
    }
    // A byte a value: each is off by at most 1/254 of the largest.
    expect(
      maxSim({ query: packTokenStates(query), passage: packTokenStates(passage), weights }),
    ).toBeCloseTo(expected, 2);
    expect(maxSim({ query: packTokenStates(query), passage: packTokenStates(make(0)) })).toBe(0);
  });
});

describe('createTokenStateFile', () => {
  it('finds what was kept after it is opened again, and cuts off an unfinished record', async () => {
    const [first, second] = (
      await createWordEncoder().doEncodeTokens({ texts: ['cat dog', 'fish'] })
    ).states;
    if (first === undefined || second === undefined) throw new Error('no states');
    const options = { folder, modelId: 'a/b', layout: 'crash' };
    const store = createTokenStateFile(options);
    store.set('cat dog', packTokenStates(first));
    store.set('fish', packTokenStates(second));
    store.close();
    const file = join(folder, 'a_b-crash.states');
    truncateSync(file, 2 * 44 + (2 * 8 + WORD_DIMENSION * 4 + 2 * WORD_DIMENSION) + 20);

    const reopened = createTokenStateFile(options);
    expect(reopened.get('cat dog')).toEqual(packTokenStates(first));
    expect(reopened.has('fish')).toBe(false);
    reopened.set('fish', packTokenStates(second));
    expect(reopened.get('fish')).toEqual(packTokenStates(second));
    reopened.close();
  });
});
