import type {
  JsonObject,
  VectorIndex,
  VectorMatch,
  VectorRecord,
  VectorStore,
} from '@espalier/core';
import { IndexMismatchError, StoreClosedError } from '../errors.js';
import { assertVector } from '../filter/assert-vector.js';
import { matchesFilter } from '../filter/matches-filter.js';

const STORE = 'memory';
const DEFAULT_PAGE_SIZE = 1000;
const MAX_DIMENSION = 65_536;
const MAX_RECORDS_PER_UPSERT = 100_000;

interface Row {
  readonly record: VectorRecord;
  readonly norm: number;
}

/**
 * Creates a store that keeps all vectors in memory and compares a query with each of them.
 *
 * Exact; lost when the process ends. Fit for tests, examples and up to some ten thousand records.
 */
export function createMemoryStore(): VectorStore {
  const indexes = new Map<string, VectorIndex>();
  let isClosed = false;
  const assertOpen = (): void => {
    if (isClosed) throw new StoreClosedError({ store: STORE });
  };
  return {
    specificationVersion: 'v1',
    name: STORE,
    limits: {
      maxDimension: MAX_DIMENSION,
      maxRecordsPerUpsert: MAX_RECORDS_PER_UPSERT,
      isPersistent: false,
    },
    async openIndex({ name, dimension, embedding, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      const existing = indexes.get(name);
      if (existing === undefined) {
        const index = createMemoryIndex({ name, dimension, embedding, assertOpen });
        indexes.set(name, index);
        return index;
      }
      if (existing.dimension !== dimension || existing.embedding !== embedding) {
        const found = { embedding: existing.embedding, dimension: existing.dimension };
        throw new IndexMismatchError({ index: name, found, wanted: { embedding, dimension } });
      }
      return existing;
    },
    async listIndexes() {
      assertOpen();
      return [...indexes.keys()];
    },
    async dropIndex({ name }) {
      assertOpen();
      indexes.delete(name);
    },
    async close() {
      isClosed = true;
      indexes.clear();
    },
  };
}

function createMemoryIndex(options: {
  name: string;
  dimension: number;
  embedding: string;
  assertOpen: () => void;
}): VectorIndex {
  const { name, dimension, embedding } = options;
  const rows = new Map<string, Row>();

  const begin = (abortSignal: AbortSignal | undefined): void => {
    abortSignal?.throwIfAborted();
    options.assertOpen();
  };
  const fitting = (filter: Parameters<VectorIndex['scroll']>[0]['filter']): Row[] =>
    [...rows.values()].filter(
      ({ record }) => filter === undefined || matchesFilter(record.metadata, filter),
    );

  return {
    name,
    dimension,
    embedding,
    async upsert({ records, abortSignal }) {
      begin(abortSignal);
      for (const record of records)
        assertVector({ index: name, dimension, id: record.id, vector: record.vector });
      for (const record of records) {
        const copy = {
          ...record,
          vector: record.vector.slice(),
          metadata: structuredClone(record.metadata),
        };
        rows.set(record.id, { record: copy, norm: Math.sqrt(dot(copy.vector, copy.vector)) });
      }
    },
    async delete(selection) {
      begin(selection.abortSignal);
      const ids =
        'ids' in selection
          ? selection.ids
          : fitting(selection.filter).map(({ record }) => record.id);
      return ids.filter((id) => rows.delete(id)).length;
    },
    async get({ ids, abortSignal }) {
      begin(abortSignal);
      return ids.flatMap((id) => {
        const row = rows.get(id);
        return row === undefined ? [] : [copyOf(row.record)];
      });
    },
    async query({ vector, topK, filter, abortSignal }) {
      begin(abortSignal);
      assertVector({ index: name, dimension, vector });
      const queryNorm = Math.sqrt(dot(vector, vector));
      const scored = fitting(filter).map(({ record, norm }) => ({
        record,
        score: norm === 0 || queryNorm === 0 ? 0 : dot(record.vector, vector) / (norm * queryNorm),
      }));
      scored.sort((a, b) => b.score - a.score || compareIds(a.record.id, b.record.id));
      return scored.slice(0, topK).map(({ record, score }): VectorMatch => {
        const { id, text, metadata } = record;
        return { id, score, text, metadata: structuredClone(metadata) };
      });
    },
    async *scroll({ filter, pageSize = DEFAULT_PAGE_SIZE, abortSignal }) {
      begin(abortSignal);
      const found = fitting(filter).sort((a, b) => compareIds(a.record.id, b.record.id));
      for (let start = 0; start < found.length; start += pageSize) {
        abortSignal?.throwIfAborted();
        yield found.slice(start, start + pageSize).map(({ record }) => copyOf(record));
      }
    },
    async count(selection) {
      begin(selection?.abortSignal);
      return selection?.filter === undefined ? rows.size : fitting(selection.filter).length;
    },
  };
}

function copyOf(record: VectorRecord): VectorRecord {
  const metadata: JsonObject = structuredClone(record.metadata);
  return { ...record, vector: record.vector.slice(), metadata };
}

function compareIds(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

function dot(first: Float32Array, second: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < first.length; i += 1) sum += (first[i] ?? 0) * (second[i] ?? 0);
  return sum;
}
