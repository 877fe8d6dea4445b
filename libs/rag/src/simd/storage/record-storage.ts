import type { VectorRecord } from '@espalier/core';
import { copyJson } from '../../internal/copy-json.js';

/** Where a record is kept. */
export interface RecordPlace {
  readonly address: number;
  readonly bytes: number;
}

/** A record as it was read: its vector at once, the rest when asked for. */
export interface StoredEntry {
  readonly vector: Float32Array;
  record(): VectorRecord;
  /** The record without its vector, which nobody has to copy then. */
  match(): Omit<VectorRecord, 'vector'>;
}

/** A record with its place. */
export interface StoredRecord {
  readonly place: RecordPlace;
  readonly record: VectorRecord;
}

/** Records of one moment. */
export interface HeldRecords {
  records(): Iterable<VectorRecord>;
  release(): Promise<void>;
}

/** Keeps the records of one index. */
export interface RecordStorage {
  /** Bytes that the records take. */
  readonly bytes: number;
  /**
   * Adds records and removes those at the addresses `erased`, all or nothing; resolves to the places of the records
   * when they are safe. Erased records can be read until {@link RecordStorage.wipe}.
   */
  commit(change: {
    records: readonly VectorRecord[];
    erased: readonly number[];
  }): Promise<readonly RecordPlace[]>;
  /** Overwrites what was erased. */
  wipe(addresses: readonly number[]): Promise<void>;
  read(place: RecordPlace): StoredEntry;
  /** Moves live records together where much is erased; resolves to their new places by address, or undefined. */
  compact(
    live: readonly RecordPlace[],
    options?: { isForced?: boolean },
  ): Promise<ReadonlyMap<number, RecordPlace> | undefined>;
  /** Keeps the records at these places as they are now, whatever is changed, until they are released. */
  hold(live: readonly RecordPlace[]): Promise<HeldRecords>;
  /** What is wrong with the records at these places, in words. */
  problems(live: readonly RecordPlace[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Creates storage that ends with the process. */
export function createMemoryRecords(): RecordStorage {
  const records = new Map<number, VectorRecord>();
  let next = 0;
  let bytes = 0;
  const sizeOf = ({ vector, text, id }: VectorRecord): number =>
    vector.byteLength + 2 * (text.length + id.length);
  const read = (address: number): VectorRecord => {
    const record = records.get(address);
    if (record === undefined) throw new RangeError(`No record at ${address}.`);
    return record;
  };
  return {
    get bytes() {
      return bytes;
    },
    async commit(change) {
      return change.records.map((record) => {
        const address = next;
        next += 1;
        const { vector, metadata } = record;
        records.set(address, {
          ...record,
          vector: vector.slice(),
          metadata: copyJson(metadata),
        });
        bytes += sizeOf(record);
        return { address, bytes: sizeOf(record) };
      });
    },
    async wipe(addresses) {
      for (const address of addresses) {
        bytes -= sizeOf(read(address));
        records.delete(address);
      }
    },
    read({ address }) {
      const record = read(address);
      const { vector, metadata } = record;
      return {
        vector,
        record: () => ({ ...record, vector: vector.slice(), metadata: copyJson(metadata) }),
        match: () => ({ id: record.id, text: record.text, metadata: copyJson(metadata) }),
      };
    },
    compact: () => Promise.resolve(undefined),
    async hold(live) {
      const held = live.map(({ address }) => read(address));
      return { records: () => held, release: () => Promise.resolve() };
    },
    problems: () => Promise.resolve([]),
    async close() {
      records.clear();
    },
  };
}
