import type { CodeTable } from './code-table.js';

/** Sums of eight table entries fit a byte. */
const MAX_ENTRY = 31;
const MAX_SUM = 65_535;
const MAX_INT16 = 32_767;
const MAX_INT8 = 127;
const NIBBLE_VALUES = 16;

/** What the sums of table entries are multiplied by, and what is added. */
export interface ScanScale {
  readonly step: number;
  readonly base: number;
}

const NO_SCALE: ScanScale = { step: 0, base: 0 };

/** A query in the form that the kernels take; it holds until the next one is prepared for the same table. */
export interface PreparedQuery {
  /** ⟨centroid, query⟩: what the scan leaves out of its estimates. */
  readonly offset: number;
  /** The length of query − centroid: errors grow with it. */
  readonly spread: number;
  /** What turns the sums of a scan into estimates. */
  readonly half: ScanScale;
  readonly whole: ScanScale;
  /** Turns an integer dot product with an int8 code of scale 1 into a cosine. */
  readonly int8Factor: number;
  /** Where its int16 form lies. */
  readonly address: number;
}

/**
 * Turns the query, writes its int16 form and, with `withTables`, its lookup tables; undefined for the zero vector.
 *
 * A table holds Σ ± of four values for each of the sixteen sign patterns, rounded to {@link MAX_ENTRY} steps.
 */
export function prepareQuery(
  table: CodeTable,
  vector: Float32Array,
  options: { withTables: boolean; address?: number },
): PreparedQuery | undefined {
  if (!table.turn(vector)) return undefined;
  const { dimension, scratch } = table;
  const address = options.address ?? scratch.query;
  const { f32, i16 } = table.arena.views;
  const turned = f32.subarray(scratch.vector / 4, scratch.vector / 4 + dimension);

  let greatest = 0;
  for (const value of turned) greatest = Math.max(greatest, Math.abs(value));
  // No lane of 32 bits may overflow: each sums a quarter of the products.
  const limit = Math.min(MAX_INT16, Math.floor((2 ** 31 - 1) / (MAX_INT8 * (dimension / 4))));
  const toInteger = limit / greatest;
  for (let i = 0; i < dimension; i += 1)
    i16[address / 2 + i] = Math.round((turned[i] ?? 0) * toInteger);
  const int8Factor = 1 / toInteger;
  if (!options.withTables)
    return { offset: 0, spread: 0, half: NO_SCALE, whole: NO_SCALE, int8Factor, address };

  const centroid = f32.subarray(scratch.centroid / 4, scratch.centroid / 4 + dimension);
  let offset = 0;
  let squares = 0;
  let part = 0;
  for (let i = 0; i < dimension; i += 1) {
    if (i === table.scanned.half) part = squares;
    const centre = centroid[i] ?? 0;
    offset += centre * (turned[i] ?? 0);
    turned[i] = (turned[i] ?? 0) - centre;
    squares += (turned[i] ?? 0) ** 2;
  }
  const { step, halfBase, base } = writeTables(table, turned);
  // The angle to the values that are scanned is taken for the angle to all.
  const share = part === 0 ? 1 : Math.sqrt(squares / part);
  return {
    offset,
    spread: Math.sqrt(squares),
    half: { step: step * share, base: halfBase * share },
    whole: { step, base },
    int8Factor,
    address,
  };
}

function writeTables(
  table: CodeTable,
  values: Float32Array,
): { step: number; halfBase: number; base: number } {
  const { dimension, scratch, scanned } = table;
  const { u8 } = table.arena.views;
  const nibbles = dimension / 4;
  let base = 0;
  let halfBase = 0;
  let widest = 0;
  for (let nibble = 0; nibble < nibbles; nibble += 1) {
    const least = -reach(values, nibble);
    base += least;
    if (nibble * 4 < scanned.half) halfBase = base;
    widest = Math.max(widest, -2 * least);
  }
  const entries = Math.min(MAX_ENTRY, Math.floor(MAX_SUM / nibbles));
  const step = widest === 0 ? 1 : widest / entries;
  const sums = new Float64Array(NIBBLE_VALUES);
  for (let nibble = 0; nibble < nibbles; nibble += 1) {
    const least = -reach(values, nibble);
    const first = nibble * 4;
    sums[0] =
      (values[first] ?? 0) +
      (values[first + 1] ?? 0) +
      (values[first + 2] ?? 0) +
      (values[first + 3] ?? 0);
    for (let bit = 0; bit < 4; bit += 1) {
      const change = 2 * (values[first + bit] ?? 0);
      const width = 1 << bit;
      for (let low = 0; low < width; low += 1) sums[width + low] = (sums[low] ?? 0) - change;
    }
    const at = scratch.tables + nibble * NIBBLE_VALUES;
    for (let value = 0; value < NIBBLE_VALUES; value += 1)
      u8[at + value] = Math.round(((sums[value] ?? 0) - least) / step);
  }
  return { step, halfBase, base };
}

/** The greatest sum of the four values of a nibble with any signs. */
function reach(values: Float32Array, nibble: number): number {
  const first = nibble * 4;
  return (
    Math.abs(values[first] ?? 0) +
    Math.abs(values[first + 1] ?? 0) +
    Math.abs(values[first + 2] ?? 0) +
    Math.abs(values[first + 3] ?? 0)
  );
}
