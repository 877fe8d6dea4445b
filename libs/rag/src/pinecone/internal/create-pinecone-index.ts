import {
  matchesFilter,
  type Filter,
  type JsonObject,
  type VectorIndex,
  type VectorMatch,
  type VectorRecord,
} from '@espalier/core';
import type { Index, PineconeRecord } from '@pinecone-database/pinecone';
import { VectorInvalidError } from '../../errors.js';
import { assertVector } from '../../filter/assert-vector.js';
import { RecordTooLargeError } from '../../stores/errors.js';
import { attemptInStore } from '../../stores/internal/attempt-in-store.js';
import { fromOrderedAscii, toOrderedAscii } from '../../stores/internal/ordered-ascii.js';
import { restoreSnapshot } from '../../stores/internal/restore-snapshot.js';
import { encodeSnapshot } from '../../stores/internal/snapshot-codec.js';
import { compileFilter } from './compile-filter.js';
import { METADATA_FIELD, TEXT_FIELD, toPineconeMetadata } from './pinecone-fields.js';

const STORE = 'pinecone';
const DEFAULT_PAGE_SIZE = 100;
const MAX_TOP_K = 10_000;
/** Pinecone's limits: bytes of an id, of a record's metadata, of a request; ids of a deletion, of a page. */
const MAX_ID_BYTES = 512;
const MAX_METADATA_BYTES = 40_960;
const MAX_REQUEST_BYTES = 1_900_000;
const IDS_PER_DELETE = 1000;
const IDS_PER_LIST = 100;
const RECORDS_PER_SCAN = 100;
/** Ids are part of the address of a fetch. */
const IDS_PER_FETCH = 100;
const ID_BYTES_PER_FETCH = 4000;
/** A value of a vector as JSON has it, about. */
const BYTES_PER_VALUE = 22;
/** A filter over texts finds more than fits it: so many more are asked for. */
const SPARE_MATCHES = 16;

/** Creates the index over one namespace of an index of Pinecone. */
export function createPineconeIndex(options: {
  target: Index;
  /** The namespace's name in Pinecone. */
  partition: string;
  name: string;
  namespace: string | undefined;
  dimension: number;
  embedding: string;
  assertOpen: () => void;
}): VectorIndex {
  const { target, partition, name, namespace, dimension } = options;
  const within = { namespace: partition };

  const begin = (abortSignal: AbortSignal | undefined): void => {
    abortSignal?.throwIfAborted();
    options.assertOpen();
  };
  const attempt = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    attemptInStore({ store: STORE, operation }, work);
  const fetchRecords = async (ids: readonly string[]): Promise<VectorRecord[]> => {
    const found = new Map<string, VectorRecord>();
    for (const part of inParts(ids)) {
      const { records } = await target.fetch({ ids: part.map(toOrderedAscii), ...within });
      for (const record of Object.values(records).map(toRecord)) found.set(record.id, record);
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  };
  const listIds = async (abortSignal: AbortSignal | undefined): Promise<string[]> => {
    const ids: string[] = [];
    let paginationToken: string | undefined;
    do {
      abortSignal?.throwIfAborted();
      const page = await target.listPaginated({
        limit: IDS_PER_LIST,
        ...(paginationToken === undefined ? {} : { paginationToken }),
        ...within,
      });
      for (const { id } of page.vectors ?? []) if (id !== undefined) ids.push(fromOrderedAscii(id));
      paginationToken = page.pagination?.next;
    } while (paginationToken !== undefined && paginationToken !== '');
    return ids;
  };
  const idsWhere = async (
    filter: Filter | undefined,
    abortSignal: AbortSignal | undefined,
  ): Promise<string[]> => {
    const compiled = filter === undefined ? true : compileFilter(filter);
    if (compiled === false) return [];
    if (filter === undefined || compiled === true) return (await listIds(abortSignal)).sort();
    const ids: string[] = [];
    let paginationToken: string | undefined;
    do {
      abortSignal?.throwIfAborted();
      const page = await target.fetchByMetadata({
        filter: compiled,
        limit: RECORDS_PER_SCAN,
        ...(paginationToken === undefined ? {} : { paginationToken }),
        ...within,
      });
      for (const record of Object.values(page.records))
        if (matchesFilter(metadataOf(record), filter)) ids.push(fromOrderedAscii(record.id));
      paginationToken = page.pagination?.next;
    } while (paginationToken !== undefined && paginationToken !== '');
    return ids.sort();
  };
  const toStored = ({ id, vector, text, metadata }: VectorRecord): PineconeRecord => {
    const refuse = (problem: string): never => {
      throw new RecordTooLargeError({ store: STORE, index: name, id, problem });
    };
    if (vector.every((value) => value === 0))
      throw new VectorInvalidError({
        index: name,
        id,
        problem: 'it is zero, which Pinecone refuses',
      });
    const key = toOrderedAscii(id);
    if (key.length > MAX_ID_BYTES) refuse(`its id takes ${key.length} of ${MAX_ID_BYTES} bytes`);
    const stored = toPineconeMetadata(text, metadata);
    const bytes = Buffer.byteLength(JSON.stringify(stored));
    if (bytes > MAX_METADATA_BYTES)
      refuse(`its text and metadata take ${bytes} of ${MAX_METADATA_BYTES} bytes`);
    return { id: key, values: [...vector], metadata: stored };
  };
  const deleteIds = async (ids: readonly string[]): Promise<number> => {
    for (let start = 0; start < ids.length; start += IDS_PER_DELETE) {
      const part = ids.slice(start, start + IDS_PER_DELETE).map(toOrderedAscii);
      await target.deleteMany({ ids: part, ...within });
    }
    return ids.length;
  };
  async function* pagesOf(
    ids: readonly string[],
    pageSize: number,
    abortSignal: AbortSignal | undefined,
  ): AsyncIterable<readonly VectorRecord[]> {
    for (let start = 0; start < ids.length; start += pageSize) {
      begin(abortSignal);
      yield await attempt('read', () => fetchRecords(ids.slice(start, start + pageSize)));
    }
  }

  const index: VectorIndex = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    dimension,
    embedding: options.embedding,
    async upsert({ records, abortSignal }) {
      begin(abortSignal);
      for (const { id, vector } of records) assertVector({ index: name, dimension, id, vector });
      const latest = [...new Map(records.map((record) => [record.id, record])).values()];
      const stored = latest.map(toStored);
      await attempt('write', async () => {
        for (const part of inRequests(stored)) {
          abortSignal?.throwIfAborted();
          await target.upsert({ records: part, ...within });
        }
      });
    },
    async delete(selection) {
      const { abortSignal } = selection;
      begin(abortSignal);
      return attempt('delete', async () => {
        if ('filter' in selection) return deleteIds(await idsWhere(selection.filter, abortSignal));
        const there = await fetchRecords([...new Set(selection.ids)]);
        return deleteIds(there.map(({ id }) => id));
      });
    },
    async get({ ids, abortSignal }) {
      begin(abortSignal);
      return attempt('read', () => fetchRecords(ids));
    },
    async query({ vector, topK, filter, abortSignal }) {
      begin(abortSignal);
      assertVector({ index: name, dimension, vector });
      if (topK < 1) return [];
      const compiled = filter === undefined ? true : compileFilter(filter);
      if (compiled === false) return [];
      return attempt('search', async () => {
        // Cosine says nothing about the zero vector, and Pinecone refuses it: all records are equally far.
        if (vector.every((value) => value === 0)) {
          const ids = (await idsWhere(filter, abortSignal)).slice(0, topK);
          const records = await fetchRecords(ids);
          return records.map(({ id, text, metadata }) => ({ id, score: 0, text, metadata }));
        }
        const wanted = Math.min(topK, MAX_TOP_K);
        let asked = Math.min(MAX_TOP_K, filter === undefined ? wanted : wanted + SPARE_MATCHES);
        for (;;) {
          abortSignal?.throwIfAborted();
          const { matches } = await target.query({
            vector: [...vector],
            topK: asked,
            includeMetadata: true,
            ...(compiled === true ? {} : { filter: compiled }),
            ...within,
          });
          const fitting = matches
            .map((match) => toMatch(match))
            .filter(({ metadata }) => filter === undefined || matchesFilter(metadata, filter));
          const isAll = matches.length < asked || asked === MAX_TOP_K;
          if (fitting.length >= wanted || isAll)
            return fitting
              .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
              .slice(0, wanted);
          asked = Math.min(MAX_TOP_K, asked * 4);
        }
      });
    },
    async *scroll({ filter, after, pageSize = DEFAULT_PAGE_SIZE, abortSignal }) {
      begin(abortSignal);
      const all = await attempt('read', () => idsWhere(filter, abortSignal));
      const ids = after === undefined ? all : all.filter((id) => id > after);
      yield* pagesOf(ids, pageSize, abortSignal);
    },
    async count(selection) {
      const abortSignal = selection?.abortSignal;
      begin(abortSignal);
      return attempt('count', async () => {
        if (selection?.filter !== undefined)
          return (await idsWhere(selection.filter, abortSignal)).length;
        const { namespaces } = await target.describeIndexStats();
        return namespaces?.[partition]?.recordCount ?? 0;
      });
    },
    async health(healthOptions) {
      begin(healthOptions?.abortSignal);
      return attempt('check', async () => {
        const { namespaces, indexFullness = 0 } = await target.describeIndexStats();
        const isFull = indexFullness >= 1;
        return {
          isHealthy: !isFull,
          records: namespaces?.[partition]?.recordCount ?? 0,
          search: 'approximate' as const,
          problems: isFull ? ['The index is full. Give it more capacity in Pinecone.'] : [],
        };
      });
    },
    async optimize(optimizeOptions) {
      // The service does it by itself.
      begin(optimizeOptions?.abortSignal);
    },
    async *snapshot(snapshotOptions) {
      const abortSignal = snapshotOptions?.abortSignal;
      begin(abortSignal);
      const ids = await attempt('snapshot', () => idsWhere(undefined, abortSignal));
      yield* encodeSnapshot(index, pagesOf(ids, DEFAULT_PAGE_SIZE, abortSignal));
    },
    async restore(restoreOptions) {
      begin(restoreOptions.abortSignal);
      return restoreSnapshot({ index, ...restoreOptions });
    },
  };
  return index;
}

function metadataOf({ metadata }: PineconeRecord): JsonObject {
  const text = metadata?.[METADATA_FIELD];
  return typeof text === 'string' ? (JSON.parse(text) as JsonObject) : {};
}

function textOf({ metadata }: PineconeRecord): string {
  const text = metadata?.[TEXT_FIELD];
  return typeof text === 'string' ? text : '';
}

function toRecord(record: PineconeRecord): VectorRecord {
  return {
    id: fromOrderedAscii(record.id),
    vector: Float32Array.from(record.values ?? []),
    text: textOf(record),
    metadata: metadataOf(record),
  };
}

function toMatch(match: PineconeRecord & { score?: number }): VectorMatch {
  return {
    id: fromOrderedAscii(match.id),
    score: match.score ?? 0,
    text: textOf(match),
    metadata: metadataOf(match),
  };
}

function* inRequests(records: readonly PineconeRecord[]): Iterable<PineconeRecord[]> {
  let part: PineconeRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size =
      (record.values?.length ?? 0) * BYTES_PER_VALUE +
      Buffer.byteLength(JSON.stringify(record.metadata)) +
      record.id.length;
    if (part.length > 0 && bytes + size > MAX_REQUEST_BYTES) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

function* inParts(ids: readonly string[]): Iterable<readonly string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const id of ids) {
    const size = encodeURIComponent(toOrderedAscii(id)).length + 5;
    if (part.length === IDS_PER_FETCH || (part.length > 0 && bytes + size > ID_BYTES_PER_FETCH)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(id);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
