import type { Filter } from '@espalier/core';
import type { SearchPlan } from './calibrate.js';
import type { CodeTable } from './code-table.js';
import { exactCosine } from './exact-cosine.js';
import { prepareQuery } from './prepare-query.js';
import { searchBits, searchInt8 } from './search-codes.js';
import type { StoredEntry } from '../storage/record-storage.js';
import type { SlotRows } from './slot-rows.js';

/** Where fewer than one in so many vectors fit a filter, their int8 codes are scored without a scan of the bits. */
const SELECTIVE = 16;

/** A record with the exact cosine of its vector. */
export interface NearestRecord {
  readonly id: string;
  readonly entry: StoredEntry;
  readonly score: number;
}

/** The nearest by cosine, best first, ties by id. */
export function findNearest(options: {
  table: CodeTable;
  rows: SlotRows;
  plan: SearchPlan | undefined;
  vector: Float32Array;
  topK: number;
  filter: Filter | undefined;
  read(this: void, slot: number): StoredEntry;
}): NearestRecord[] {
  const { table, rows, plan, vector, filter } = options;
  const { allowed, count } = rows.fitting(filter);
  const size = Math.min(Math.floor(options.topK), count);
  if (size < 1) return [];
  const { read } = options;
  const scored = candidateSlots({ table, plan, vector, size, allowed, count })?.map((slot) => {
    const { id, vector: kept } = rows.row(slot);
    // Where vectors are kept in memory, the records of the best alone are read.
    const entry = kept === undefined ? read(slot) : lazily(() => read(slot), kept);
    return { id, entry, score: exactCosine(vector, entry.vector) };
  });
  if (scored !== undefined) return scored.sort(byScore).slice(0, size);
  // Cosine says nothing about the zero vector: all records are equally far.
  const ids = rows.ids(filter).slice(0, size);
  return ids.map((id) => ({ id, entry: read(rows.slotOf(id) ?? 0), score: 0 }));
}

function lazily(read: () => StoredEntry, vector: Float32Array): StoredEntry {
  return { vector, record: () => read().record(), match: () => read().match() };
}

/** Slots worth an exact comparison; undefined for the zero vector. */
function candidateSlots(options: {
  table: CodeTable;
  plan: SearchPlan | undefined;
  vector: Float32Array;
  size: number;
  allowed: Uint8Array;
  count: number;
}): number[] | undefined {
  const { table, plan, size, allowed, count } = options;
  const withTables = plan?.mode === 'bits' && count * SELECTIVE > table.live;
  const query = prepareQuery(table, options.vector, { withTables });
  if (query === undefined) return undefined;
  if (plan?.mode === 'exact')
    return Array.from({ length: table.slots }, (_, slot) => slot).filter(
      (slot) => allowed[slot] === 1,
    );
  const search = { query, size, allowed };
  const found = withTables
    ? searchBits(table, { ...search, widths: plan.widths }).candidates
    : searchInt8(table, search);
  return found.slots().map(({ slot }) => slot);
}

function byScore(first: NearestRecord, second: NearestRecord): number {
  if (first.score !== second.score) return second.score - first.score;
  return first.id < second.id ? -1 : 1;
}
