import { createSeededRandom, InvalidArgumentError } from '@espalier/core';
import type { Bm25Index } from '../lexical/bm25-index.js';
import { termsOf } from '../lexical/text-analyzer.js';
import { randomizedSvd } from './latent/randomized-svd.js';
import { sparseMatrix } from './latent/sparse-matrix.js';
import { latentTermWeights, type LatentWeighting } from './latent/term-weights.js';

/** What {@link createLatentIndex} takes. */
export interface LatentIndexOptions {
  /** The words of the corpus; shared with whoever searches it by words. */
  readonly index: Bm25Index;
  /** The ids of `index` that are ranked. */
  readonly ids: Iterable<string>;
  /** Directions kept. Default 128. */
  readonly dimension?: number;
  /** What stands in the matrix for a word of a text. Default `bm25`. */
  readonly weighting?: LatentWeighting;
  /** Texts that the directions are learned from; of more, a fair sample. Default 30,000. */
  readonly maxTrainingTexts?: number;
  /** Words that take part, the most frequent ones. Default 30,000. */
  readonly maxTerms?: number;
  /** The share of texts that may change before the directions are learned anew. Default 0.2. */
  readonly retrainShare?: number;
  /** Of the random start and of the sample. Default 1. */
  readonly seed?: number;
}

/** Vectors learned from the corpus itself: words that stand beside the same words are near each other. */
export interface LatentIndex {
  readonly size: number;
  /** Directions found; fewer than asked for in a small corpus. */
  readonly dimension: number;
  /** Whether more has changed since the directions were learned than `retrainShare` allows. */
  readonly isStale: boolean;
  /** Takes a text in, or anew, as it stands in the index of words; it is placed by the directions known. */
  set(id: string): void;
  delete(id: string): void;
  /** Learns the directions anew. Done by `scores` by itself where there are none, or they are stale. */
  train(): void;
  /** The cosine of each text to the query, 0 where they share nothing. */
  scores(query: string): ReadonlyMap<string, number>;
}

const DEFAULT_DIMENSION = 128;
const DEFAULT_MAX_TEXTS = 30_000;
const DEFAULT_MAX_TERMS = 30_000;
const DEFAULT_RETRAIN_SHARE = 0.2;
/** A word in fewer texts joins nothing. */
const MIN_TEXTS = 2;
/** A word in more than this share of the texts tells nothing. */
const MAX_SHARE = 0.5;

/**
 * Creates vectors of texts and queries that are learned from the corpus alone (latent semantic analysis).
 *
 * A leg for {@link fuseStandardized} that needs no model. It helps where a corpus speaks of few things in many words and
 * misleads elsewhere, so no profile counts it: give it the weight that judgements speak for.
 *
 * Memory: 4 bytes × dimension for each text, and while learning some (texts + words) × (dimension + 10) × 8 bytes, both
 * bounded by the options. The same corpus and seed give the same vectors.
 *
 * @see Deerwester et al., "Indexing by latent semantic analysis" (1990); Halko, Martinsson & Tropp (2011) for the
 * decomposition; Levy & Goldberg, "Neural word embedding as implicit matrix factorization" (2014) for `ppmi`.
 * @throws {InvalidArgumentError} an option is out of range.
 */
export function createLatentIndex(options: LatentIndexOptions): LatentIndex {
  const { index, weighting = 'bm25', seed = 1 } = options;
  const { dimension = DEFAULT_DIMENSION, retrainShare = DEFAULT_RETRAIN_SHARE } = options;
  const { maxTrainingTexts = DEFAULT_MAX_TEXTS, maxTerms = DEFAULT_MAX_TERMS } = options;
  for (const [argument, value] of Object.entries({ dimension, maxTrainingTexts, maxTerms })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new InvalidArgumentError({ argument, value, expected: 'a whole number from 1' });
  }
  if (!(retrainShare > 0)) {
    throw new InvalidArgumentError({
      argument: 'retrainShare',
      value: retrainShare,
      expected: 'a share above 0',
    });
  }
  const vectors = new Map<string, Float32Array>([...options.ids].map((id) => [id, NOTHING]));
  let terms = new Map<string, number>();
  let directions: Float32Array = new Float32Array();
  let rank = 0;
  let trainedOn = -1;
  let changes = 0;

  const weigh = () => latentTermWeights({ weighting, index });
  const project = (weights: ReadonlyMap<string, number>): Float32Array => {
    const vector = new Float32Array(rank);
    for (const [term, weight] of weights) {
      const place = terms.get(term);
      if (place === undefined) continue;
      for (let i = 0; i < rank; i += 1)
        vector[i] = (vector[i] ?? 0) + weight * (directions[place * rank + i] ?? 0);
    }
    const norm = Math.hypot(...vector);
    return norm === 0 ? vector : vector.map((value) => value / norm);
  };
  const isStale = (): boolean => trainedOn < 0 || changes > Math.max(1, trainedOn) * retrainShare;

  const train = (): void => {
    const weights = weigh();
    const random = createSeededRandom(seed);
    const ids = [...vectors.keys()];
    const sample = sampleOf(ids, maxTrainingTexts, random.next.bind(random));
    terms = chosenTerms(index, sample, maxTerms);
    const rows = sample.map((id) => {
      const row = new Map<number, number>();
      for (const [term, weight] of weights.ofText(id)) {
        const place = terms.get(term);
        if (place !== undefined) row.set(place, weight);
      }
      return row;
    });
    const matrix = sparseMatrix(rows, terms.size);
    const svd = randomizedSvd({ matrix, rank: dimension, random });
    ({ rank } = svd);
    directions = svd.right;
    for (const id of ids) vectors.set(id, project(weights.ofText(id)));
    trainedOn = ids.length;
    changes = 0;
  };

  return {
    get size() {
      return vectors.size;
    },
    get dimension() {
      return rank;
    },
    get isStale() {
      return isStale();
    },
    set(id) {
      changes += 1;
      vectors.set(id, trainedOn < 0 ? NOTHING : project(weigh().ofText(id)));
    },
    delete(id) {
      if (vectors.delete(id)) changes += 1;
    },
    train,
    scores(query) {
      if (isStale()) train();
      const asked = project(weigh().ofQuery(termsOf(index.analyzer, query)));
      const found = new Map<string, number>();
      for (const [id, vector] of vectors) {
        let product = 0;
        for (let i = 0; i < rank; i += 1) product += (asked[i] ?? 0) * (vector[i] ?? 0);
        found.set(id, product);
      }
      return found;
    },
  };
}

const NOTHING = new Float32Array();

function sampleOf(ids: readonly string[], max: number, next: () => number): readonly string[] {
  if (ids.length <= max) return ids;
  const chosen = [...ids];
  for (let n = 0; n < max; n += 1) {
    const other = n + Math.floor(next() * (chosen.length - n));
    [chosen[n], chosen[other]] = [chosen[other] as string, chosen[n] as string];
  }
  return chosen.slice(0, max);
}

/** The columns of the matrix: words that join texts. */
function chosenTerms(index: Bm25Index, ids: readonly string[], max: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids)
    for (const term of new Set(index.termsOf(id))) counts.set(term, (counts.get(term) ?? 0) + 1);
  const kept = [...counts]
    .filter(
      ([, count]) => count >= MIN_TEXTS && count <= Math.max(MIN_TEXTS, ids.length * MAX_SHARE),
    )
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, max);
  return new Map(kept.map(([term], place) => [term, place]));
}
