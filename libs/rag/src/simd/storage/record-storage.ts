import type { VectorRecord } from '@espalier/core';

/** A record with the address that it is kept under. */
export interface StoredRecord {
  readonly address: number;
  readonly record: VectorRecord;
}

/** Keeps the records of one index. */
export interface RecordStorage {
  /** Bytes that the records take. */
  readonly bytes: number;
  /**
   * Adds records and removes those at `erased`, all or nothing; resolves to the addresses of the records when they
   * are safe. Erased records can be read until {@link RecordStorage.wipe}.
   */
  commit(change: {
    records: readonly VectorRecord[];
    erased: readonly number[];
  }): Promise<readonly number[]>;
  /** Overwrites what was erased. */
  wipe(addresses: readonly number[]): Promise<void>;
  readVector(address: number): Float32Array;
  readRecord(address: number): VectorRecord;
  /** Moves live records together where much is erased; resolves to their new addresses, or undefined. */
  compact(live: readonly number[]): Promise<ReadonlyMap<number, number> | undefined>;
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
          metadata: structuredClone(metadata),
        });
        bytes += sizeOf(record);
        return address;
      });
    },
    async wipe(addresses) {
      for (const address of addresses) {
        bytes -= sizeOf(read(address));
        records.delete(address);
      }
    },
    readVector: (address) => read(address).vector,
    readRecord(address) {
      const record = read(address);
      return {
        ...record,
        vector: record.vector.slice(),
        metadata: structuredClone(record.metadata),
      };
    },
    compact: () => Promise.resolve(undefined),
    async close() {
      records.clear();
    },
  };
}
