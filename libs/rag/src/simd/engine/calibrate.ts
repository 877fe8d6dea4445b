import { createSeededRandom } from '@espalier/core';
import { createCandidates } from './candidates.js';
import { MAX_SAMPLE_QUERIES, type CodeTable, type ScanWidth } from './code-table.js';
import { exactCosine } from './exact-cosine.js';
import { prepareQuery, type PreparedQuery } from './prepare-query.js';
import {
  estimateAll,
  searchAllInt8,
  searchBits,
  type BoundWidths,
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
/** Where half of the bits leaves more than this, nearly all segments are scanned twice. */
const MAX_HALF_SHARE = 0.02;
/** More equal candidates than these are not told apart by codes. */
export const MAX_EXACT = 1024;

/** How an index is searched, with the evidence. */
export interface SearchPlan {
  /** `bits`: one bit a dimension, then int8, then exact; `int8`: int8, then exact; `exact`: all vectors. */
  readonly mode: 'bits' | 'int8' | 'exact';
  /** How many errors an estimate may be off, from half of the bits (0 where these are not scanned first) and from all. */
  readonly widths: BoundWidths;
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
  /** The lowest score that all of the truth is sure to have. */
  readonly least: number;
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
    return { mode: 'exact', widths: { half: 0, whole: 0 }, recall: 1, sampled, size };

  const whole = boundWidth(table, { samples, scan: 'whole', targetRecall: options.targetRecall });
  const half = boundWidth(table, { samples, scan: 'half', targetRecall: options.targetRecall });
  const recallBy = ({ found }: BoundWidth): number => found * int8Recall;
  const isUsable = (bound: BoundWidth): boolean =>
    bound.width <= MAX_WIDTH && recallBy(bound) >= options.targetRecall;
  const plan = (widths: BoundWidths, recall: number): SearchPlan => ({
    mode: 'bits',
    widths,
    recall,
    sampled,
    size,
  });
  if (isUsable(whole) && isUsable(half)) {
    const widths = { half: half.width, whole: whole.width };
    if (shareScored(table, samples, widths) <= MAX_HALF_SHARE)
      return plan(widths, Math.min(recallBy(half), recallBy(whole)));
  }
  const widths = { half: 0, whole: whole.width };
  return isUsable(whole) && shareScored(table, samples, widths) <= MAX_SHARE
    ? plan(widths, recallBy(whole))
    : { mode: 'int8', widths: { half: 0, whole: 0 }, recall: int8Recall, sampled, size };
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
    if (found.length > MAX_EXACT) return { slot, vector, truth: [], least: 1, int8Recall: 0 };
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
      least: window.threshold,
      int8Recall: truth.length === 0 ? 1 : hits / truth.length,
    };
  });
}

function searchFrom(table: CodeTable, vector: Float32Array): CodeSearch | undefined {
  const query = prepareQuery(table, vector, { withTables: true });
  return query === undefined ? undefined : { query, size: NEIGHBOURS + 1, allowed: table.isLive };
}

/** How wide an error bound must be, and the share of true neighbours within it. */
interface BoundWidth {
  readonly width: number;
  readonly found: number;
}

/** The width that loses half as many neighbours as the target allows, over the sample. */
function boundWidth(
  table: CodeTable,
  options: { samples: readonly Sample[]; scan: ScanWidth; targetRecall: number },
): BoundWidth {
  const needed = options.samples
    .flatMap((sample) => neededWidths(table, sample, options.scan))
    .sort((a, b) => a - b);
  const misses = Math.floor((needed.length * (1 - options.targetRecall)) / 2);
  const width = Math.max(MIN_WIDTH, needed[needed.length - 1 - misses] ?? 0);
  const found = needed.filter((each) => each <= width).length / Math.max(1, needed.length);
  return { width, found };
}

/** For each true neighbour: how many errors its estimate is below the threshold that the search has at its end. */
function neededWidths(table: CodeTable, sample: Sample, scan: ScanWidth): number[] {
  const search = searchFrom(table, sample.vector);
  if (search === undefined) return [];
  estimateAll(table, search, scan);
  const threshold = sample.least - search.query.offset;
  const { f32 } = table.arena.views;
  return sample.truth.map((neighbour) => {
    const segment = table.segments[Math.floor(neighbour / table.segmentSlots)];
    if (segment === undefined) return 0;
    const local = neighbour - segment.first;
    const estimate = f32[segment.estimates / 4 + local] ?? 0;
    const error = (f32[segment[scan].error / 4 + local] ?? 0) * search.query.spread;
    // A hair above, so that the kernel's rounding does not lose it.
    return error === 0 ? 0 : Math.max(0, (threshold - estimate) / error) * 1.0001;
  });
}

/** The mean share of vectors that a search with these widths scores by int8 codes. */
function shareScored(table: CodeTable, samples: readonly Sample[], widths: BoundWidths): number {
  const few = samples.slice(0, 8);
  let total = 0;
  for (const { vector } of few) {
    const search = searchFrom(table, vector);
    if (search !== undefined) total += searchBits(table, { ...search, widths }).scored;
  }
  return total / Math.max(1, few.length * table.live);
}
