import { createHash } from 'node:crypto';
import type { Filter, JsonObject, VectorIndex, VectorRecord } from '@espalier/core';
import type { Collection, FilterValue } from 'weaviate-client';
import { StoreError } from '../../errors.js';
import { assertVector } from '../../filter/assert-vector.js';
import type { Mutex } from '../../internal/mutex.js';
import { attemptInStore } from '../../stores/internal/attempt-in-store.js';
import type { FieldKind } from '../../stores/internal/field-kind.js';
import { fromOrderedAscii, toOrderedAscii } from '../../stores/internal/ordered-ascii.js';
import { restoreSnapshot } from '../../stores/internal/restore-snapshot.js';
import { encodeSnapshot } from '../../stores/internal/snapshot-codec.js';
import { compileFilter, ordered } from './compile-filter.js';
import { fieldProperties } from './weaviate-fields.js';

const STORE = 'weaviate';
const DEFAULT_PAGE_SIZE = 500;
const IDS_PER_READ = 200;
/** A server answers with no more than this unless it is told otherwise. */
const MAX_RESULTS = 10_000;
/** Goes before keys: the empty id would not be indexed. */
const KEY_MARK = 'k';
const READ = ['key', 'body', 'meta', 'exact'];

/** Creates the index over one tenant of a collection. */
export function createWeaviateIndex(options: {
  /** The collection, at the tenant. */
  collection: Collection;
  /** The names of the collection's properties, shared by all of its indexes; grows. */
  properties: Set<string>;
  /** Lets one index of the collection at a time add to them. */
  adding: Mutex;
  /** The names of the collection's properties as the server has them. */
  listProperties: () => Promise<readonly string[]>;
  name: string;
  namespace: string | undefined;
  dimension: number;
  embedding: string;
  assertOpen: () => void;
}): VectorIndex {
  const { collection, properties, adding, name, namespace, dimension } = options;

  const begin = (abortSignal: AbortSignal | undefined): void => {
    abortSignal?.throwIfAborted();
    options.assertOpen();
  };
  const attempt = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    attemptInStore({ store: STORE, operation }, work);
  const readProperties = async (): Promise<void> => {
    for (const property of await options.listProperties()) properties.add(property);
  };
  const where = async (filter: Filter | undefined): Promise<boolean | FilterValue> => {
    if (filter === undefined) return true;
    // Other processes may have written fields that are new here.
    await readProperties();
    return compileFilter(collection, properties, filter);
  };
  const addProperty = async (property: string, kind: FieldKind): Promise<void> => {
    try {
      await collection.config.addProperty({
        name: property,
        dataType: kind,
        indexFilterable: true,
        indexSearchable: false,
        ...(kind === 'text' ? { tokenization: 'field' as const } : {}),
      });
      properties.add(property);
    } catch (error) {
      // Another process may have added it since the schema was read; its name says its type.
      await readProperties();
      if (!properties.has(property)) throw error;
    }
  };
  // One after the other: the server refuses a property that is added twice.
  const ensureProperties = (needed: ReadonlyMap<string, FieldKind>): Promise<void> =>
    adding.run(async () => {
      for (const [property, kind] of needed)
        if (!properties.has(property)) await addProperty(property, kind);
    });
  const readPage = async (
    condition: boolean | FilterValue,
    after: string | undefined,
    size: number,
  ): Promise<VectorRecord[]> => {
    if (condition === false) return [];
    const parts = [
      ...(condition === true ? [] : [condition]),
      ...(after === undefined ? [] : [ordered('key', 'gt', keyOf(after))]),
    ];
    const [only] = parts;
    const { objects } = await collection.query.fetchObjects({
      limit: size,
      sort: collection.sort.byProperty('key' as never, true),
      returnProperties: READ,
      ...(only === undefined
        ? {}
        : {
            filters: parts.length === 1 ? only : { operator: 'And', filters: parts, value: null },
          }),
    });
    return objects.map(({ properties: row }) => toRecord(row));
  };
  async function* pages(
    operation: string,
    scroll: {
      filter?: Filter | undefined;
      after?: string | undefined;
      pageSize: number;
      abortSignal: AbortSignal | undefined;
    },
  ): AsyncIterable<readonly VectorRecord[]> {
    let { after } = scroll;
    begin(scroll.abortSignal);
    const condition = await attempt(operation, () => where(scroll.filter));
    for (;;) {
      begin(scroll.abortSignal);
      const page = await attempt(operation, () => readPage(condition, after, scroll.pageSize));
      if (page.length > 0) yield page;
      if (page.length < scroll.pageSize) return;
      after = page.at(-1)?.id;
    }
  }
  const countWhere = async (condition: boolean | FilterValue): Promise<number> => {
    if (condition === false) return 0;
    const { totalCount } = await collection.aggregate.overAll(
      condition === true ? {} : { filters: condition },
    );
    return totalCount;
  };
  const deleteWhere = async (condition: FilterValue): Promise<number> => {
    let removed = 0;
    for (;;) {
      const { successful, failed } = await collection.data.deleteMany(condition);
      removed += successful;
      if (failed > 0)
        throw new StoreError({
          store: STORE,
          operation: 'delete',
          problem: `${failed} records stay`,
        });
      if (successful < MAX_RESULTS) return removed;
    }
  };

  const index: VectorIndex = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    dimension,
    embedding: options.embedding,
    async upsert({ records, abortSignal }) {
      begin(abortSignal);
      for (const { id, vector } of records) assertVector({ index: name, dimension, id, vector });
      const latest = [...new Map(records.map((record) => [record.id, record])).values()];
      if (latest.length === 0) return;
      await attempt('write', async () => {
        const needed = new Map<string, FieldKind>();
        const rows = latest.map(({ id, vector, text, metadata }) => {
          const fields = fieldProperties(metadata);
          for (const [property, { kind }] of fields) needed.set(property, kind);
          return {
            id: uuidOf(id),
            vectors: [...vector],
            properties: {
              key: keyOf(id),
              body: text,
              meta: JSON.stringify(metadata),
              exact: vectorText(vector),
              ...Object.fromEntries([...fields].map(([property, { value }]) => [property, value])),
            },
          };
        });
        await ensureProperties(needed);
        const { hasErrors, errors } = await collection.data.insertMany(rows);
        if (!hasErrors) return;
        const [first] = Object.values(errors);
        throw new StoreError({
          store: STORE,
          operation: 'write',
          problem: `${Object.keys(errors).length} of ${rows.length} records: ${first?.message ?? ''}`,
        });
      });
    },
    async delete(selection) {
      begin(selection.abortSignal);
      return attempt('delete', async () => {
        if ('ids' in selection) {
          let removed = 0;
          for (const part of inParts([...new Set(selection.ids)]))
            removed += await deleteWhere(collection.filter.byId().containsAny(part.map(uuidOf)));
          return removed;
        }
        const condition = await where(selection.filter);
        if (condition === false) return 0;
        // A deletion needs a condition: every record has a key.
        return deleteWhere(
          condition === true ? collection.filter.byProperty('key').isNull(false) : condition,
        );
      });
    },
    async get({ ids, abortSignal }) {
      begin(abortSignal);
      return attempt('read', async () => {
        const found = new Map<string, VectorRecord>();
        for (const part of inParts([...new Set(ids)])) {
          const { objects } = await collection.query.fetchObjects({
            filters: collection.filter.byId().containsAny(part.map(uuidOf)),
            limit: part.length,
            returnProperties: READ,
          });
          for (const { properties: row } of objects) found.set(toRecord(row).id, toRecord(row));
        }
        return ids.flatMap((id) => found.get(id) ?? []);
      });
    },
    async query({ vector, topK, filter, abortSignal }) {
      begin(abortSignal);
      assertVector({ index: name, dimension, vector });
      if (topK < 1) return [];
      return attempt('search', async () => {
        const condition = await where(filter);
        if (condition === false) return [];
        const { objects } = await collection.query.nearVector([...vector], {
          limit: Math.min(topK, MAX_RESULTS),
          returnProperties: ['key', 'body', 'meta'],
          returnMetadata: ['distance'],
          ...(condition === true ? {} : { filters: condition }),
        });
        return objects
          .map(({ properties: row, metadata }) => {
            const { id, text, metadata: fields } = toRecord(row);
            return { id, score: 1 - (metadata?.distance ?? 1), text, metadata: fields };
          })
          .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
      });
    },
    async *scroll({ filter, after, pageSize = DEFAULT_PAGE_SIZE, abortSignal }) {
      yield* pages('read', { filter, after, pageSize, abortSignal });
    },
    async count(selection) {
      begin(selection?.abortSignal);
      return attempt('count', async () => countWhere(await where(selection?.filter)));
    },
    async health(healthOptions) {
      begin(healthOptions?.abortSignal);
      return attempt('check', async () => ({
        isHealthy: true,
        records: await countWhere(true),
        search: 'approximate' as const,
        problems: [],
      }));
    },
    async optimize(optimizeOptions) {
      // The server does it by itself.
      begin(optimizeOptions?.abortSignal);
    },
    async *snapshot(snapshotOptions) {
      const abortSignal = snapshotOptions?.abortSignal;
      begin(abortSignal);
      yield* encodeSnapshot(index, pages('snapshot', { pageSize: DEFAULT_PAGE_SIZE, abortSignal }));
    },
    async restore(restoreOptions) {
      begin(restoreOptions.abortSignal);
      return restoreSnapshot({ index, ...restoreOptions });
    },
  };
  return index;
}

function keyOf(id: string): string {
  return KEY_MARK + toOrderedAscii(id);
}

/** An object's id, which Weaviate wants to be a UUID: the same for the same text. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(toOrderedAscii(text)).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function vectorText(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

function toRecord(row: Readonly<Record<string, unknown>>): VectorRecord {
  const exact = typeof row['exact'] === 'string' ? row['exact'] : '';
  // A copy, whose bytes begin where numbers may.
  const bytes = Uint8Array.from(Buffer.from(exact, 'base64'));
  return {
    id: fromOrderedAscii(String(row['key']).slice(KEY_MARK.length)),
    vector: new Float32Array(bytes.buffer),
    text: String(row['body']),
    metadata: JSON.parse(String(row['meta'])) as JsonObject,
  };
}

function* inParts(ids: readonly string[]): Iterable<readonly string[]> {
  for (let start = 0; start < ids.length; start += IDS_PER_READ)
    yield ids.slice(start, start + IDS_PER_READ);
}
