import {
  matchesFilter,
  type JsonObject,
  type VectorIndex,
  type VectorMatch,
  type VectorRecord,
  type VectorStore,
} from '@espalier/core';
import { IndexMismatchError, StoreClosedError } from '../errors.js';
import { assertVector } from '../filter/assert-vector.js';
import { createIndexNaming, namespacesOf } from '../stores/internal/index-naming.js';
import { guardFilters } from '../stores/internal/guard-filters.js';
import { restoreSnapshot } from '../stores/internal/restore-snapshot.js';
import { encodeSnapshot } from '../stores/internal/snapshot-codec.js';

const STORE = 'memory';
/** No text with it is well-formed enough to be the name of an index. */
const NAMING = createIndexNaming('\0');
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
      hasSnapshotIsolation: true,
    },
    async openIndex({ name, dimension, embedding, namespace, filterableFields, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      const wanted = { name, dimension, embedding };
      const open = (part: string | undefined): VectorIndex => {
        const key = NAMING.encode({ name, namespace: part });
        const known = indexes.get(key);
        if (known !== undefined) return known;
        const made = createMemoryIndex({ ...wanted, namespace: part, assertOpen });
        indexes.set(key, made);
        return made;
      };
      // All namespaces have the dimension and the model of their index.
      const whole = open(undefined);
      if (whole.dimension !== dimension || whole.embedding !== embedding) {
        const found = { embedding: whole.embedding, dimension: whole.dimension };
        throw new IndexMismatchError({ index: name, found, wanted: { embedding, dimension } });
      }
      return guardFilters(namespace === undefined ? whole : open(namespace), filterableFields);
    },
    async listIndexes() {
      assertOpen();
      return [...indexes.keys()].filter((key) => NAMING.decode(key).namespace === undefined);
    },
    async describeIndex({ name, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      const index = indexes.get(name);
      if (index === undefined) return undefined;
      const { dimension, embedding } = index;
      const namespaces = namespacesOf(NAMING, name, indexes.keys());
      return { name, dimension, embedding, namespaces };
    },
    async dropIndex({ name, namespace }) {
      assertOpen();
      if (namespace !== undefined) {
        indexes.delete(NAMING.encode({ name, namespace }));
        return;
      }
      for (const key of [...indexes.keys()])
        if (NAMING.decode(key).name === name) indexes.delete(key);
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
  namespace: string | undefined;
  assertOpen: () => void;
}): VectorIndex {
  const { name, dimension, embedding, namespace } = options;
  const rows = new Map<string, Row>();

  const begin = (abortSignal: AbortSignal | undefined): void => {
    abortSignal?.throwIfAborted();
    options.assertOpen();
  };
  const fitting = (filter: Parameters<VectorIndex['scroll']>[0]['filter']): Row[] =>
    [...rows.values()].filter(
      ({ record }) => filter === undefined || matchesFilter(record.metadata, filter),
    );

  const index: VectorIndex = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
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
    async *scroll({ filter, after, pageSize = DEFAULT_PAGE_SIZE, abortSignal }) {
      begin(abortSignal);
      const found = fitting(filter)
        .filter(({ record }) => after === undefined || record.id > after)
        .sort((a, b) => compareIds(a.record.id, b.record.id));
      for (let start = 0; start < found.length; start += pageSize) {
        abortSignal?.throwIfAborted();
        yield found.slice(start, start + pageSize).map(({ record }) => copyOf(record));
      }
    },
    async count(selection) {
      begin(selection?.abortSignal);
      return selection?.filter === undefined ? rows.size : fitting(selection.filter).length;
    },
    async health(healthOptions) {
      begin(healthOptions?.abortSignal);
      const bytes = [...rows.values()].reduce((sum, { record }) => sum + sizeOf(record), 0);
      return { isHealthy: true, records: rows.size, bytes, search: 'exact', problems: [] };
    },
    async optimize(optimizeOptions) {
      begin(optimizeOptions?.abortSignal);
    },
    async *snapshot(snapshotOptions) {
      begin(snapshotOptions?.abortSignal);
      // The rows themselves never change, so that a list of them holds the moment.
      const held = [...rows.values()].map(({ record }) => record);
      held.sort((a, b) => compareIds(a.id, b.id));
      yield* encodeSnapshot(index, pagesOf(held, snapshotOptions?.abortSignal));
    },
    async restore(restoreOptions) {
      begin(restoreOptions.abortSignal);
      return restoreSnapshot({ index, ...restoreOptions });
    },
  };
  return index;
}

async function* pagesOf(
  records: readonly VectorRecord[],
  abortSignal: AbortSignal | undefined,
): AsyncIterable<readonly VectorRecord[]> {
  for (let start = 0; start < records.length; start += DEFAULT_PAGE_SIZE) {
    abortSignal?.throwIfAborted();
    yield records.slice(start, start + DEFAULT_PAGE_SIZE);
  }
}

function sizeOf({ vector, text, id }: VectorRecord): number {
  return vector.byteLength + 2 * (text.length + id.length);
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
