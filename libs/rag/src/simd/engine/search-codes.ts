import { MAXIMA_STRIDE, SCAN_STRIDE } from '../wasm/scan-kernels.js';
import { createCandidates, type Candidates } from './candidates.js';
import type { CodeTable, ScanWidth, Segment } from './code-table.js';
import { createLeastOfBest } from './least-of-best.js';
import type { PreparedQuery } from './prepare-query.js';

/** So many more than asked for give the first threshold. */
const EXTRA_SEEDS = 22;
/** Rounding errors of int8 dot products have a deviation of scale / √12: this is 4.9 deviations of a difference. */
const SLACK_SCALES = 2;
/** Codes that stay in the processor's cache from one query to the next. */
const PIECE_BYTES = 2 ** 18;

/** Where half of the bits leaves more than this share of a segment, scanning the others costs less than int8 codes. */
const MAX_HALF_SHARE = 1 / 32;

/** What a search looks for. */
export interface CodeSearch {
  readonly query: PreparedQuery;
  readonly size: number;
  /** 1 for slots that may be found. */
  readonly allowed: Uint8Array;
}

const newCandidates = (table: CodeTable, size: number, floor = -Infinity): Candidates =>
  createCandidates({ size, slack: SLACK_SCALES * table.maxScale, floor });

/** Scores the first `count` slots of the scratch list, all of one segment, by their int8 codes. */
function scoreList(
  table: CodeTable,
  { segment, count, query }: { segment: Segment; count: number; query: PreparedQuery },
  candidates: Candidates,
): void {
  const { scratch, arena } = table;
  const { i32, f32 } = arena.views;
  arena.kernels.dots(
    scratch.list,
    count,
    segment.codes,
    segment.scales,
    query.address,
    query.int8Factor,
    scratch.scores,
  );
  const [list, scores] = [scratch.list / 4, scratch.scores / 4];
  for (let i = 0; i < count; i += 1) {
    const score = f32[scores + i] ?? 0;
    // Nearly all fail here, where it costs no call.
    if (score > candidates.threshold) candidates.offer(segment.first + (i32[list + i] ?? 0), score);
  }
}

const slotsIn = (table: CodeTable, segment: Segment): number =>
  Math.min(table.segmentSlots, table.slots - segment.first);

/** The candidates among all allowed slots, by int8 codes. */
export function searchInt8(table: CodeTable, search: CodeSearch): Candidates {
  const [candidates] = searchAllInt8(table, { ...search, queries: [search.query] });
  return candidates ?? newCandidates(table, search.size);
}

/** The same for queries at different addresses; each piece of the codes is read from memory once for all of them. */
export function searchAllInt8(
  table: CodeTable,
  options: Omit<CodeSearch, 'query'> & { queries: readonly PreparedQuery[] },
): Candidates[] {
  const { allowed, queries } = options;
  const { i32 } = table.arena.views;
  const results = queries.map(() => newCandidates(table, options.size));
  const list = table.scratch.list / 4;
  const pieceSlots = Math.max(1, Math.floor(PIECE_BYTES / table.dimension));
  for (const segment of table.segments) {
    const slots = slotsIn(table, segment);
    for (let start = 0; start < slots; start += pieceSlots) {
      const end = Math.min(slots, start + pieceSlots);
      let count = 0;
      for (let local = start; local < end; local += 1) {
        if (allowed[segment.first + local] !== 1) continue;
        i32[list + count] = local;
        count += 1;
      }
      for (const [index, candidates] of results.entries()) {
        const query = queries[index];
        if (query !== undefined) scoreList(table, { segment, count, query }, candidates);
      }
    }
  }
  return results;
}

/** Estimates the cosines of a segment from bits, without the query's `offset`; slots that are not allowed get -Infinity. */
function estimate(
  table: CodeTable,
  { query, allowed }: CodeSearch,
  { segment, scan }: { segment: Segment; scan: ScanWidth },
): void {
  const { kernels, views } = table.arena;
  const slots = slotsIn(table, segment);
  const { step, base } = query[scan];
  kernels.scan(
    segment.bits,
    scan === 'half' ? 0 : segment.restBits,
    segment.add,
    segment[scan].factor,
    table.scratch.tables,
    segment.estimates,
    Math.ceil(slots / SCAN_STRIDE),
    step,
    base,
  );
  if (allowed !== table.isLive) {
    const estimates = segment.estimates / 4;
    for (let local = 0; local < slots; local += 1)
      if (allowed[segment.first + local] !== 1) views.f32[estimates + local] = -Infinity;
  }
  kernels.maxima(segment.estimates, segment.maxima, Math.ceil(slots / MAXIMA_STRIDE));
}

/** The same for all segments. */
export function estimateAll(table: CodeTable, search: CodeSearch, scan: ScanWidth): void {
  for (const segment of table.segments) estimate(table, search, { segment, scan });
}

/** Lists the slots of a segment whose estimate plus so many errors exceeds the threshold; returns how many. */
function select(
  table: CodeTable,
  options: {
    query: PreparedQuery;
    segment: Segment;
    scan: ScanWidth;
    width: number;
    threshold: number;
  },
): number {
  const { query, segment, width, threshold } = options;
  const { error, maxErrors } = segment[options.scan];
  return table.arena.kernels.select(
    segment.estimates,
    error,
    segment.maxima,
    maxErrors,
    width * query.spread,
    Math.max(threshold, -Number.MAX_VALUE) - query.offset,
    table.scratch.list,
    Math.ceil(slotsIn(table, segment) / MAXIMA_STRIDE),
  );
}

/** After {@link estimateAll}: a score that the `size`-th best surely reaches, from the best estimates. */
export function seedThreshold(
  table: CodeTable,
  { query, size }: CodeSearch,
  scan: ScanWidth,
): number {
  const { f32 } = table.arena.views;
  const seeds = createLeastOfBest(size + EXTRA_SEEDS);
  let { least } = seeds;
  for (const segment of table.segments) {
    const start = segment.maxima / 4;
    const end = start + Math.ceil(slotsIn(table, segment) / MAXIMA_STRIDE) * 4;
    for (let at = start; at < end; at += 1) {
      const maximum = f32[at] ?? 0;
      if (maximum > least) least = seeds.offer(maximum);
    }
  }
  const first = newCandidates(table, size);
  // The estimate at the threshold itself counts, too.
  const threshold = least + query.offset - Number.EPSILON * 2 ** 28;
  for (const segment of table.segments) {
    const count = select(table, { query, segment, scan, width: 0, threshold });
    if (count > 0) scoreList(table, { segment, count, query }, first);
  }
  return first.threshold;
}

/** The widths of the error bounds, in errors; `half` is 0 where scanning half of the bits does not pay. */
export type BoundWidths = Readonly<Record<ScanWidth, number>>;

/**
 * The candidates among allowed slots: those whose estimate from bits may be off by so many errors and still be among the
 * best are scored by int8 codes.
 *
 * Where half of the bits is scanned, segments of which that leaves too many are scanned anew by all bits.
 *
 * @see Gao & Long, "RaBitQ" (SIGMOD 2024), section 4 — here the width of the error bound is calibrated instead of fixed
 */
export function searchBits(
  table: CodeTable,
  search: CodeSearch & { widths: BoundWidths },
): { candidates: Candidates; scored: number } {
  const { query, widths } = search;
  const scan = widths.half > 0 ? 'half' : 'whole';
  estimateAll(table, search, scan);
  const floor = seedThreshold(table, search, scan);
  const candidates = newCandidates(table, search.size, floor);
  let scored = 0;
  for (const segment of table.segments) {
    // What was scored so far has raised it.
    const { threshold } = candidates;
    const list = (by: ScanWidth): number =>
      select(table, { query, segment, scan: by, width: widths[by], threshold });
    let count = list(scan);
    if (scan === 'half' && count > table.segmentSlots * MAX_HALF_SHARE) {
      estimate(table, search, { segment, scan: 'whole' });
      count = list('whole');
    }
    if (count > 0) scoreList(table, { segment, count, query }, candidates);
    scored += count;
  }
  return { candidates, scored };
}
