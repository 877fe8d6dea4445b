import type { Bm25Index } from '../lexical/bm25-index.js';
import { termsOf } from '../lexical/text-analyzer.js';

/** How the words of a query stand in one text; each from 0 to 1, weighed by rarity. */
export interface WordMatch {
  /** The share of the query's words that the text holds. */
  readonly coverage: number;
  /** Neighbours in the query that are neighbours in the text, in their order; one word may stand between them. */
  readonly ordered: number;
  /** Neighbours in the query that are near each other in the text, within eight words. */
  readonly near: number;
}

/** Tells how the words of one query stand in texts. */
export interface MatchScorer {
  /** Of a text of the index. */
  score(id: string): WordMatch;
  /** The share of the query's words that any text holds, e.g. a title. */
  coverageOf(text: string): number;
}

const ORDERED_DISTANCE = 2;
const NEAR_DISTANCE = 8;

/**
 * Creates what tells, for one query, how its words stand in texts of an index.
 *
 * BM25 sees a text as a bag of words; this is what it leaves out. Cost: the length of the text.
 *
 * @see Metzler & Croft, "A Markov random field model for term dependencies" (2005) — the sequential dependence, as features.
 */
export function createMatchScorer(options: {
  readonly index: Bm25Index;
  readonly query: string;
}): MatchScorer {
  const { index } = options;
  const asked = termsOf(index.analyzer, options.query);
  const rarities = new Map(asked.map((term) => [term, index.rarity(term)]));
  const total = [...rarities.values()].reduce((sum, rarity) => sum + rarity, 0);
  const pairs = asked.slice(1).flatMap((second, n) => {
    const first = asked[n] ?? second;
    const weight = Math.min(rarities.get(first) ?? 0, rarities.get(second) ?? 0);
    return first === second ? [] : [{ first, second, weight }];
  });
  const covered = (terms: Iterable<string>): number => {
    let sum = 0;
    for (const term of terms) sum += rarities.get(term) ?? 0;
    return total === 0 ? 0 : sum / total;
  };
  return {
    coverageOf: (text) => covered(new Set(termsOf(index.analyzer, text))),
    score(id) {
      if (total === 0) return { coverage: 0, ordered: 0, near: 0 };
      const places = new Map<string, number[]>();
      for (const [place, term] of index.termsOf(id).entries()) {
        if (!rarities.has(term)) continue;
        const known = places.get(term);
        if (known === undefined) places.set(term, [place]);
        else known.push(place);
      }
      let ordered = 0;
      let near = 0;
      for (const { first, second, weight } of pairs) {
        const counts = countPairs(places.get(first) ?? [], places.get(second) ?? []);
        ordered += (weight * counts.ordered) / (counts.ordered + 1);
        near += (weight * counts.near) / (counts.near + 1);
      }
      return { coverage: covered(places.keys()), ordered: ordered / total, near: near / total };
    },
  };
}

function countPairs(first: readonly number[], second: readonly number[]) {
  let ordered = 0;
  let near = 0;
  let start = 0;
  for (const place of first) {
    while ((second[start] ?? Infinity) < place - NEAR_DISTANCE) start += 1;
    for (let n = start; n < second.length; n += 1) {
      const distance = (second[n] ?? 0) - place;
      if (distance > NEAR_DISTANCE) break;
      near += 1;
      if (distance > 0 && distance <= ORDERED_DISTANCE) ordered += 1;
    }
  }
  return { ordered, near };
}
