import { matchesFilter, type Filter, type JsonObject } from '@espalier/core';
import type { RecordPlace } from '../storage/record-storage.js';
import type { CodeTable } from './code-table.js';

const MAX_CACHED_FILTERS = 8;

/** What is known of a slot besides its codes. */
export interface SlotRow {
  readonly id: string;
  readonly place: RecordPlace;
  readonly metadata: JsonObject;
  /** The vector, where vectors are kept in memory. */
  readonly vector: Float32Array | undefined;
}

/** The rows of a code table, by slot and by id. */
export interface SlotRows {
  slotOf(id: string): number | undefined;
  row(slot: number): SlotRow;
  /** Adds a row under an id that is not in use. */
  add(row: SlotRow, vector: Float32Array): void;
  remove(id: string): void;
  /** Sets the places after records have moved, by their addresses before. */
  move(places: ReadonlyMap<number, RecordPlace>): void;
  places(): RecordPlace[];
  /** 1 for the slots whose rows fit the filter, and how many they are; kept for the filters asked for last. */
  fitting(filter: Filter | undefined): { readonly allowed: Uint8Array; readonly count: number };
  /** The ids of rows that fit, sorted. */
  ids(filter: Filter | undefined): string[];
}

/** Creates rows over an empty table. */
export function createSlotRows(table: CodeTable): SlotRows {
  const rows: (SlotRow | undefined)[] = [];
  const slots = new Map<string, number>();
  const cache = new Map<string, { allowed: Uint8Array; count: number }>();
  const row = (slot: number): SlotRow => {
    const found = rows[slot];
    if (found === undefined) throw new RangeError(`No row in slot ${slot}.`);
    return found;
  };
  const evaluate = (filter: Filter): { allowed: Uint8Array; count: number } => {
    const allowed = new Uint8Array(table.slots);
    let count = 0;
    for (const slot of slots.values()) {
      if (!matchesFilter(row(slot).metadata, filter)) continue;
      allowed[slot] = 1;
      count += 1;
    }
    return { allowed, count };
  };
  const fitting: SlotRows['fitting'] = (filter) => {
    if (filter === undefined) return { allowed: table.isLive, count: table.live };
    const key = JSON.stringify(filter);
    const found = cache.get(key) ?? evaluate(filter);
    cache.delete(key);
    cache.set(key, found);
    const [oldest] = cache.keys();
    if (cache.size > MAX_CACHED_FILTERS && oldest !== undefined) cache.delete(oldest);
    return found;
  };
  return {
    slotOf: (id) => slots.get(id),
    row,
    add(added, vector) {
      const slot = table.add(vector);
      rows[slot] = added;
      slots.set(added.id, slot);
      cache.clear();
    },
    remove(id) {
      const slot = slots.get(id);
      if (slot === undefined) return;
      table.remove(slot);
      rows[slot] = undefined;
      slots.delete(id);
      cache.clear();
    },
    move(places) {
      for (const slot of slots.values()) {
        const { place, ...rest } = row(slot);
        rows[slot] = { ...rest, place: places.get(place.address) ?? place };
      }
    },
    places: () => [...slots.values()].map((slot) => row(slot).place),
    fitting,
    ids(filter) {
      const { allowed } = fitting(filter);
      return [...slots]
        .filter(([, slot]) => allowed[slot] === 1)
        .map(([id]) => id)
        .sort();
    },
  };
}
