import { readFileSync } from 'node:fs';
import { createSeededRandom, InvalidArgumentError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createBm25Index } from '../lexical/create-bm25-index.js';
import { estimateLegWeights, type ScoringLeg } from './estimate-leg-weights.js';
import { fuseStandardized } from './fuse-scores.js';

interface Judged {
  readonly passages: readonly string[];
  readonly queries: readonly { readonly text: string; readonly relevant: readonly number[] }[];
}
type Legs = Readonly<Record<string, ScoringLeg>>;

const BUCKETS = 2048;
/** What fusing may cost, of nDCG@10, where a leg is of no use. */
const MARGIN = 0.005;

/** Words by BM25. */
function wordLeg(passages: readonly string[]): ScoringLeg {
  const index = createBm25Index();
  for (const [n, text] of passages.entries()) index.set(String(n), text);
  return (query) => {
    const { scores } = index.score(query);
    return Float32Array.from(passages, (_, n) => scores.get(String(n)) ?? 0);
  };
}

/** Cosine of counts of four letters in a row. */
function letterLeg(passages: readonly string[]): ScoringLeg {
  const vectorOf = (text: string): Float32Array => {
    const counts = new Float32Array(BUCKETS);
    const letters = text.toLowerCase().replaceAll(/[^a-z]+/gu, ' ');
    for (let n = 0; n + 4 <= letters.length; n += 1) {
      let hash = 0;
      for (let i = n; i < n + 4; i += 1) hash = (hash * 31 + letters.charCodeAt(i)) >>> 0;
      counts[hash % BUCKETS] = (counts[hash % BUCKETS] ?? 0) + 1;
    }
    const norm = Math.hypot(...counts) || 1;
    return counts.map((count) => count / norm);
  };
  const vectors = passages.map(vectorOf);
  return (query) => {
    const asked = vectorOf(query);
    return Float32Array.from(vectors, (vector) =>
      vector.reduce((sum, value, i) => sum + value * (asked[i] ?? 0), 0),
    );
  };
}

function badLegs(passages: readonly string[]): Legs {
  const random = createSeededRandom(11);
  const fixed = Float32Array.from(passages, () => random.next());
  return {
    'that guesses': () => Float32Array.from(passages, () => random.next()),
    'that guesses, very sure of one': () =>
      Float32Array.from(passages, () => (random.next() < 0.02 ? 1 : 0)),
    'that always prefers the same': () => fixed,
    'that prefers long passages': () => Float32Array.from(passages, ({ length }) => length),
    'without an opinion': () => new Float32Array(passages.length),
  };
}

async function ndcg(
  { queries }: Judged,
  legs: Legs,
  weights: Readonly<Record<string, number>>,
): Promise<number> {
  let sum = 0;
  for (const { text, relevant } of queries) {
    const scored = await Promise.all(
      Object.entries(legs).map(async ([name, leg]) => ({
        scores: await leg(text),
        weight: weights[name] ?? 0,
      })),
    );
    const fused = fuseStandardized(scored);
    const order = [...fused.keys()].sort((a, b) => (fused[b] ?? 0) - (fused[a] ?? 0) || a - b);
    const gain = (place: number): number => 1 / Math.log2(place + 2);
    const got = order
      .slice(0, 10)
      .reduce((total, passage, n) => total + (relevant.includes(passage) ? gain(n) : 0), 0);
    sum += got / relevant.reduce((total, _, n) => total + gain(n), 0);
  }
  return sum / queries.length;
}

const weightsOf = async (legs: Legs, queries: readonly string[]) => {
  const estimates = await estimateLegWeights({ legs, queries });
  return Object.fromEntries(Object.entries(estimates).map(([name, { weight }]) => [name, weight]));
};

describe.each(['judged-documentation', 'judged-paragraphs'])('Weights estimated on %s', (name) => {
  const judged = JSON.parse(
    readFileSync(new URL(`__fixtures__/${name}.json`, import.meta.url), 'utf8'),
  ) as Judged;
  const { passages } = judged;
  const queries = judged.queries.map(({ text }) => text);
  const words = wordLeg(passages);
  const letters = letterLeg(passages);

  it('make two good legs better than the worse, and no worse than the better', async () => {
    const legs = { words, letters };
    const best = Math.max(
      await ndcg(judged, legs, { words: 1 }),
      await ndcg(judged, legs, { letters: 1 }),
    );
    const weights = await weightsOf(legs, queries);
    expect(await ndcg(judged, legs, weights)).toBeGreaterThan(best - MARGIN);
    expect(weights['words']).toBeGreaterThan(0.2);
    expect(weights['letters']).toBeGreaterThan(0.2);
  });

  it.each(Object.entries(badLegs(passages)))('give no say to a leg %s', async (_, bad) => {
    const legs = { words, bad };
    const weights = await weightsOf(legs, queries);
    expect(weights['bad']).toBeLessThan(0.02);
    const alone = await ndcg(judged, legs, { words: 1 });
    expect(await ndcg(judged, legs, weights)).toBeGreaterThan(alone - MARGIN);
    expect(await ndcg(judged, legs, { words: 0.5, bad: 0.5 })).toBeLessThanOrEqual(alone);
  });

  it('leave a fusion as good when a leg that guesses joins it', async () => {
    const two = { words, letters };
    const three = { ...two, bad: badLegs(passages)['that guesses'] ?? words };
    const before = await ndcg(judged, two, await weightsOf(two, queries));
    const after = await ndcg(judged, three, await weightsOf(three, queries));
    expect(after).toBeGreaterThan(before - MARGIN);
  });

  it('give a leg that is half noise less than a good one, and lose nothing by it', async () => {
    const random = createSeededRandom(5);
    const weak: ScoringLeg = async (query) => {
      const scores = await letters(query);
      return scores.map((score) => score + random.next() * 0.4);
    };
    const legs = { words, weak };
    const weights = await weightsOf(legs, queries);
    expect(weights['weak']).toBeLessThan(weights['words'] ?? 0);
    const alone = await ndcg(judged, legs, { words: 1 });
    expect(await ndcg(judged, legs, weights)).toBeGreaterThan(alone - 0.02);
  });
});

describe('estimateLegWeights', () => {
  const flat = (size: number) => () => new Float32Array(size);

  it('lets all legs count the same where nothing tells them apart', async () => {
    const legs = { first: flat(3), second: flat(3) };
    expect(await weightsOf(legs, ['one two three four', 'too short'])).toEqual({
      first: 0.5,
      second: 0.5,
    });
    expect(await weightsOf(legs, [])).toEqual({ first: 0.5, second: 0.5 });
  });

  it('refuses no legs, and legs over different passages', async () => {
    await expect(estimateLegWeights({ legs: {}, queries: [] })).rejects.toThrow(
      InvalidArgumentError,
    );
    const legs = { first: flat(3), second: flat(4) };
    await expect(estimateLegWeights({ legs, queries: ['a b c d'] })).rejects.toThrow(
      InvalidArgumentError,
    );
  });

  it('stops when it is aborted', async () => {
    const abortSignal = AbortSignal.abort(new Error('enough'));
    const legs = { first: flat(3) };
    await expect(estimateLegWeights({ legs, queries: ['a b c d'], abortSignal })).rejects.toThrow(
      'enough',
    );
  });
});
