import { createSeededRandom } from '@espalier/core';
import { createCandidates } from './candidates.js';
import { MAX_SAMPLE_QUERIES, type CodeTable } from './code-table.js';
import { exactCosine } from './exact-cosine.js';
import { prepareQuery, type PreparedQuery } from './prepare-query.js';
import {
  estimateAll,
  scoreAbove,
  searchAllInt8,
  seedThreshold,
  type CodeSearch,
} from './search-codes.js';

const SEED = 0xca11;
const SAMPLE = MAX_SAMPLE_QUERIES;
const NEIGHBOURS = 10;
/** Beyond this many errors the bound says nothing: the chance is below 1 in 10,000. */
const MAX_WIDTH = 4;
const MIN_WIDTH = 0.5;
const CENTROID_SAMPLE = 4096;
/** A scan of the bits that lets more than this share through is slower than a scan of the int8 codes. */
const MAX_SHARE = 0.25;
/** More equal candidates than these are not told apart by codes. */
export const MAX_EXACT = 1024;

/** How an index is searched, with the evidence. */
export interface SearchPlan {
  /** `bits`: one bit a dimension, then int8, then exact; `int8`: int8, then exact; `exact`: all vectors. */
  readonly mode: 'bits' | 'int8' | 'exact';
  /** How many errors an estimate may be off; 0 unless the mode is `bits`. */
  readonly width: number;
  /** Share of the true ten nearest found with this plan, over the sample; 1 for `exact`. */
  readonly recall: number;
  /** Vectors of the index that served as queries. */
  readonly sampled: number;
  /** Vectors in the index when it was planned. */
  readonly size: number;
}

interface Sample {
  readonly slot: number;
  readonly vector: Float32Array;
  readonly truth: readonly number[];
  /** Share of the truth that int8 codes alone find. */
  readonly int8Recall: number;
}

/**
 * Derives the bits and chooses the cheapest mode whose recall@10, measured with vectors of the index as queries,
 * reaches the target.
 */
export function calibrate(
  table: CodeTable,
  options: { targetRecall: number; readVector: (slot: number) => Float32Array },
): SearchPlan {
  table.binariseAll(CENTROID_SAMPLE);
  const samples = takeSamples(table, options.readVector);
  const sampled = samples.length;
  const size = table.live;
  const int8Recall =
    samples.reduce((sum, sample) => sum + sample.int8Recall, 0) / Math.max(1, sampled);
  if (int8Recall < options.targetRecall)
    return { mode: 'exact', width: 0, recall: 1, sampled, size };

  const widths = samples.flatMap((sample) => neededWidths(table, sample)).sort((a, b) => a - b);
  const misses = Math.floor((widths.length * (1 - options.targetRecall)) / 2);
  const width = Math.max(MIN_WIDTH, widths[widths.length - 1 - misses] ?? 0);
  const found = widths.filter((needed) => needed <= width).length / Math.max(1, widths.length);
  const recall = found * int8Recall;
  const isWorthIt =
    width <= MAX_WIDTH &&
    recall >= options.targetRecall &&
    shareAbove(table, samples, width) <= MAX_SHARE;
  return isWorthIt
    ? { mode: 'bits', width, recall, sampled, size }
    : { mode: 'int8', width: 0, recall: int8Recall, sampled, size };
}

/** Draws vectors as queries and finds the true neighbours of each, itself left out. */
function takeSamples(table: CodeTable, readVector: (slot: number) => Float32Array): Sample[] {
  const random = createSeededRandom(SEED);
  const drawn = new Set<number>();
  for (let tries = 0; tries < SAMPLE * 8 && drawn.size < SAMPLE; tries += 1) {
    const slot = Math.floor(random.next() * table.slots);
    if (table.isLive[slot] === 1) drawn.add(slot);
  }
  const queries: { slot: number; vector: Float32Array; query: PreparedQuery }[] = [];
  for (const slot of drawn) {
    const vector = readVector(slot);
    const address = table.sampleQueries + queries.length * table.dimension * 2;
    const query = prepareQuery(table, vector, { withTables: false, address });
    if (query !== undefined) queries.push({ slot, vector, query });
  }
  // One more than needed: the vector itself is the nearest.
  const results = searchAllInt8(table, {
    queries: queries.map(({ query }) => query),
    size: NEIGHBOURS + 1,
    allowed: table.isLive,
  });
  return queries.map(({ slot, vector }, index): Sample => {
    const found = (results[index]?.slots() ?? []).filter((candidate) => candidate.slot !== slot);
    if (found.length > MAX_EXACT) return { slot, vector, truth: [], int8Recall: 0 };
    const truth = found
      .map((candidate) => ({
        ...candidate,
        exact: exactCosine(vector, readVector(candidate.slot)),
      }))
      .sort((a, b) => b.exact - a.exact)
      .slice(0, NEIGHBOURS);
    // The search with ten has a higher threshold than the one with eleven.
    const window = createCandidates({ size: NEIGHBOURS, slack: 2 * table.maxScale });
    for (const candidate of found) window.offer(candidate.slot, candidate.score);
    const kept = new Set(window.slots().map((candidate) => candidate.slot));
    const hits = truth.filter((neighbour) => kept.has(neighbour.slot)).length;
    return {
      slot,
      vector,
      truth: truth.map((neighbour) => neighbour.slot),
      int8Recall: truth.length === 0 ? 1 : hits / truth.length,
    };
  });
}

function searchFrom(table: CodeTable, vector: Float32Array): CodeSearch | undefined {
  const query = prepareQuery(table, vector, { withTables: true });
  return query === undefined ? undefined : { query, size: NEIGHBOURS + 1, allowed: table.isLive };
}

/** For each true neighbour: how many errors its estimate is below the threshold of the search. */
function neededWidths(table: CodeTable, { vector, truth }: Sample): number[] {
  const search = searchFrom(table, vector);
  if (search === undefined) return [];
  estimateAll(table, search);
  const threshold = seedThreshold(table, search) - search.query.offset;
  const { f32 } = table.arena.views;
  return truth.map((neighbour) => {
    const segment = table.segments[Math.floor(neighbour / table.segmentSlots)];
    if (segment === undefined) return 0;
    const local = neighbour - segment.first;
    const estimate = f32[segment.estimates / 4 + local] ?? 0;
    const error = (f32[segment.error / 4 + local] ?? 0) * search.query.spread;
    // A hair above, so that the kernel's rounding does not lose it.
    return error === 0 ? 0 : Math.max(0, (threshold - estimate) / error) * 1.0001;
  });
}

/** The mean share of vectors that a search with this width scores by int8 codes. */
function shareAbove(table: CodeTable, samples: readonly Sample[], width: number): number {
  const few = samples.slice(0, 8);
  let total = 0;
  for (const { vector } of few) {
    const search = searchFrom(table, vector);
    if (search === undefined) continue;
    estimateAll(table, search);
    const threshold = seedThreshold(table, search);
    const candidates = createCandidates({ size: search.size, slack: 0, floor: threshold });
    total += scoreAbove(table, { query: search.query, width, threshold, candidates });
  }
  return total / Math.max(1, few.length * table.live);
}
