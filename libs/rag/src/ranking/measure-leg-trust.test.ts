import { readFileSync } from 'node:fs';
import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createBm25Index } from '../lexical/create-bm25-index.js';
import { fuseStandardized } from './fuse-scores.js';
import { measureLegTrust, type OwnSentence } from './measure-leg-trust.js';
import { standardizeScores } from './standardize-scores.js';

interface Judged {
  readonly passages: readonly string[];
  readonly queries: readonly { readonly text: string; readonly relevant: readonly number[] }[];
}
type Leg = (query: string) => Float32Array;
type Legs = Readonly<Record<string, Leg>>;

const BUCKETS = 2048;
/** What a leg that is of no use may change, of nDCG@10. */
const MARGIN = 0.002;

/** Words by BM25. */
function wordLeg(passages: readonly string[]): Leg {
  const index = createBm25Index();
  for (const [n, text] of passages.entries()) index.set(String(n), text);
  return (query) => {
    const { scores } = index.score(query);
    return Float32Array.from(passages, (_, n) => scores.get(String(n)) ?? 0);
  };
}

/** Cosine of counts of four letters in a row. */
function letterLeg(passages: readonly string[]): Leg {
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

/** Asks a leg each query once. */
function remembering(leg: Leg): Leg {
  const known = new Map<string, Float32Array>();
  return (query) => {
    const scores = known.get(query) ?? leg(query);
    known.set(query, scores);
    return scores;
  };
}

function badLegs(passages: readonly string[]): Legs {
  const random = createSeededRandom(11);
  const fixed = Float32Array.from(passages, () => random.next());
  const words = wordLeg(passages);
  return {
    'that guesses': () => Float32Array.from(passages, () => random.next()),
    'that guesses, very sure of one': () =>
      Float32Array.from(passages, () => (random.next() < 0.02 ? 1 : 0)),
    'that always prefers the same': () => fixed,
    'that prefers long passages': () => Float32Array.from(passages, ({ length }) => length),
    'whose scores are of other passages': (query) => {
      const scores = words(query);
      return scores.map((_, n) => scores[(n + 7) % scores.length] ?? 0);
    },
    'of zeros': () => new Float32Array(passages.length),
    'of equal scores': () => new Float32Array(passages.length).fill(0.7),
    'without numbers': () => new Float32Array(passages.length).fill(NaN),
  };
}

const trustIn = async (passages: readonly string[], legs: Legs) =>
  measureLegTrust({
    size: passages.length,
    textOf: (place) => passages[place] ?? '',
    legs: Object.fromEntries(
      Object.entries(legs).map(([name, leg]) => [
        name,
        (asked: readonly OwnSentence[]) =>
          asked.map(({ query, place }) => standardizeScores(leg(query))[place] ?? 0),
      ]),
    ),
  });

function ndcg({ queries }: Judged, legs: Legs, weights: Readonly<Record<string, number>>): number {
  let sum = 0;
  for (const { text, relevant } of queries) {
    const fused = fuseStandardized(
      Object.entries(legs).map(([name, leg]) => ({
        scores: leg(text),
        weight: weights[name] ?? 0,
      })),
    );
    const order = [...fused.keys()].sort((a, b) => (fused[b] ?? 0) - (fused[a] ?? 0) || a - b);
    const gain = (place: number): number => 1 / Math.log2(place + 2);
    const got = order
      .slice(0, 10)
      .reduce((total, passage, n) => total + (relevant.includes(passage) ? gain(n) : 0), 0);
    sum += got / relevant.reduce((total, _, n) => total + gain(n), 0);
  }
  return sum / queries.length;
}

describe.each(['judged-documentation', 'judged-paragraphs'])('Trust measured on %s', (name) => {
  const judged = JSON.parse(
    readFileSync(new URL(`__fixtures__/${name}.json`, import.meta.url), 'utf8'),
  ) as Judged;
  const { passages } = judged;
  const words = remembering(wordLeg(passages));
  const letters = remembering(letterLeg(passages));

  it('leaves the weights of legs that work as they are', async () => {
    const trust = await trustIn(passages, { words, letters });
    expect([trust['words']?.trust, trust['letters']?.trust]).toEqual([1, 1]);
  });

  it.each(Object.entries(badLegs(passages)))('keeps harm from a leg %s', async (_, bad) => {
    const legs = { words, letters, bad };
    const trust = await trustIn(passages, legs);
    const trusted = Object.fromEntries(
      Object.keys(legs).map((leg) => [leg, 0.5 * (trust[leg]?.trust ?? NaN)]),
    );
    const without = ndcg(judged, legs, { words: 0.5, letters: 0.5 });
    expect(Math.abs(ndcg(judged, legs, trusted) - without)).toBeLessThan(MARGIN);
  });

  it('would be harmed by a guess that has a say', () => {
    const bad = badLegs(passages)['that guesses'] ?? words;
    const legs = { words, letters, bad };
    const without = ndcg(judged, legs, { words: 0.5, letters: 0.5 });
    expect(ndcg(judged, legs, { words: 0.5, letters: 0.5, bad: 0.5 })).toBeLessThan(
      without - MARGIN,
    );
  });

  it('lies between for a leg that has most passages mixed up', async () => {
    const random = createSeededRandom(3);
    const mixed = passages.map((_, n) => (random.next() < 0.62 ? (n + 7) % passages.length : n));
    const partly: Leg = (query) => {
      const scores = words(query);
      return Float32Array.from(mixed, (n) => scores[n] ?? 0);
    };
    const { partly: found } = await trustIn(passages, { partly });
    expect(found?.trust).toBeGreaterThan(0);
    expect(found?.trust).toBeLessThan(1);
  });
});

describe('measureLegTrust', () => {
  const texts = Array.from({ length: 30 }, (_, n) => `This text speaks of the number ${n} alone.`);

  it('trusts all legs where a corpus is too small, or too poor in words, to tell', async () => {
    const zero: Leg = (query) => new Float32Array(query.length);
    expect(await trustIn(texts.slice(0, 5), { zero })).toEqual({
      zero: { trust: 1, lift: 0, queries: 0 },
    });
    const short = texts.map((_, n) => String(n));
    expect(await trustIn(short, { zero })).toMatchObject({ zero: { trust: 1, queries: 0 } });
  });

  it('asks with sentences of languages that set no spaces between words', async () => {
    const chinese = texts.map((_, n) => `这段文字只讲第${n}个数字。`);
    const asked: string[] = [];
    const leg: Leg = (query) => {
      asked.push(query);
      return new Float32Array(texts.length);
    };
    await trustIn(chinese, { leg });
    expect(asked[1]).toBe('这段文字只讲第1个数字。');
  });

  it('stops when it is aborted', async () => {
    const abortSignal = AbortSignal.abort(new Error('enough'));
    const given = { size: 30, textOf: (n: number) => texts[n] ?? '', legs: { zero: () => [0] } };
    await expect(measureLegTrust({ ...given, abortSignal })).rejects.toThrow('enough');
  });
});
