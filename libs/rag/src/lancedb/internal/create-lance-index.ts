import type {
  Clock,
  Filter,
  JsonObject,
  VectorIndex,
  VectorIndexHealth,
  VectorMatch,
  VectorRecord,
} from '@espalier/core';
import type { Table, VectorQuery } from '@lancedb/lancedb';
import { assertVector } from '../../filter/assert-vector.js';
import { attemptInStore } from '../../stores/internal/attempt-in-store.js';
import { restoreSnapshot } from '../../stores/internal/restore-snapshot.js';
import { encodeSnapshot } from '../../stores/internal/snapshot-codec.js';
import type { FileLock } from '../../stores/internal/wait-for-lock.js';
import { checkTable } from './check-table.js';
import { compileFilter, fieldColumnsOf, idPredicate, IDS_PER_STATEMENT } from './lance-columns.js';
import type { LanceDriver } from './lance-driver.js';
import { createLanceWriter } from './lance-writer.js';
import { readSearchPlan, type LanceSearchPlan } from './lance-search.js';
import { createWriteQueue } from './write-queue.js';

const STORE = 'lancedb';
const ROWS_PER_WRITE = 4096;
const DEFAULT_PAGE_SIZE = 1000;
/** A version that another process has removed meanwhile is left for the newest one, so often. */
const READ_TRIES = 4;

/** An index over a LanceDB table, with the end of its life. */
export interface LanceIndex extends VectorIndex {
  purge(options?: { abortSignal?: AbortSignal }): Promise<void>;
  /** Resolves when all writes asked for are done and the table is tidy. */
  settle(): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly text: string;
  readonly metadata: string;
  readonly vector: Iterable<number>;
  readonly _distance?: number;
}

/** Creates the index of an open table. */
export function createLanceIndex(options: {
  driver: LanceDriver;
  table: Table;
  /** Opens the table once more, at its newest version. */
  reopen: () => Promise<Table>;
  /** The folder of the table; undefined where it is in object storage. */
  folder: string | undefined;
  lock: FileLock | undefined;
  name: string;
  namespace: string | undefined;
  dimension: number;
  embedding: string;
  clock: Clock;
  targetRecall: number;
  indexFrom: number;
  assertOpen: () => void;
}): LanceIndex {
  const { table, name, namespace, dimension, lock } = options;
  let snapshots = 0;

  const attempt = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    attemptInStore({ store: STORE, operation }, work);
  /** Readers of other processes may meet files that a compaction has just taken away. */
  const attemptRead = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    attempt(operation, async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await work();
        } catch (error) {
          if (tries === READ_TRIES || !isMissingFile(error)) throw error;
          await table.checkoutLatest();
        }
      }
    });
  const begin = (abortSignal: AbortSignal | undefined): void => {
    abortSignal?.throwIfAborted();
    options.assertOpen();
  };

  const writer = createLanceWriter({ ...options, isHeld: () => snapshots > 0 });
  const locked = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    attempt(operation, () => {
      const latest = async (): Promise<T> => {
        // Keys are merged with what others have written, not with what was there when the table was opened.
        await table.checkoutLatest();
        return work();
      };
      return lock === undefined ? latest() : lock.hold(latest);
    });
  const queue = createWriteQueue<VectorRecord>({
    maxItems: ROWS_PER_WRITE,
    write: (records) => locked('write', () => writer.write(records)),
  });

  const where = async (filter: Filter | undefined): Promise<string | undefined> => {
    if (filter === undefined) return undefined;
    const { fields } = await table.schema();
    return compileFilter(filter, fieldColumnsOf(fields.map((field) => field.name)));
  };
  const idsWhere = async (filter: Filter | undefined, from = table): Promise<string[]> => {
    const query = from.query().select(['id']);
    const predicate = await where(filter);
    const rows = (await (predicate === undefined ? query : query.where(predicate)).toArray()) as {
      id: string;
    }[];
    return rows.map(({ id }) => id).sort();
  };
  const fetchRecords = async (ids: readonly string[], from = table): Promise<VectorRecord[]> => {
    const found = new Map<string, VectorRecord>();
    for (const part of inParts(ids)) {
      const rows = (await from
        .query()
        .where(idPredicate(part))
        .select(['id', 'vector', 'text', 'metadata'])
        .toArray()) as Row[];
      for (const row of rows) found.set(row.id, toRecord(row));
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  };
  const deleteIds = async (ids: readonly string[]): Promise<number> => {
    let removed = 0;
    for (const part of inParts([...new Set(ids)]))
      removed += await writer.remove(idPredicate(part));
    return removed;
  };
  const planned = (search: VectorQuery, plan: LanceSearchPlan | undefined): VectorQuery =>
    plan === undefined
      ? search.bypassVectorIndex()
      : search.nprobes(plan.probes).refineFactor(plan.refine);

  async function* heldPages(
    abortSignal: AbortSignal | undefined,
  ): AsyncIterable<readonly VectorRecord[]> {
    snapshots += 1;
    try {
      const held = await attempt('snapshot', async () => {
        const handle = await options.reopen();
        await handle.checkout(await handle.version());
        return handle;
      });
      try {
        const ids = await attempt('snapshot', () => idsWhere(undefined, held));
        for (let start = 0; start < ids.length; start += DEFAULT_PAGE_SIZE) {
          abortSignal?.throwIfAborted();
          yield await attempt('snapshot', () =>
            fetchRecords(ids.slice(start, start + DEFAULT_PAGE_SIZE), held),
          );
        }
      } finally {
        held.close();
      }
    } finally {
      snapshots -= 1;
    }
  }

  const index: LanceIndex = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    dimension,
    embedding: options.embedding,
    async upsert({ records, abortSignal }) {
      begin(abortSignal);
      for (const { id, vector } of records) assertVector({ index: name, dimension, id, vector });
      if (records.length > 0) await queue.add(records);
    },
    async delete(selection) {
      begin(selection.abortSignal);
      return queue.alone(() =>
        locked('delete', async () =>
          deleteIds('ids' in selection ? selection.ids : await idsWhere(selection.filter)),
        ),
      );
    },
    async get({ ids, abortSignal }) {
      begin(abortSignal);
      return attemptRead('read', () => fetchRecords(ids));
    },
    async query({ vector, topK, filter, abortSignal }) {
      begin(abortSignal);
      assertVector({ index: name, dimension, vector });
      if (topK < 1) return [];
      return attemptRead('search', async () => {
        // Cosine says nothing about the zero vector: all records are equally far.
        if (vector.every((value) => value === 0)) {
          const records = await fetchRecords((await idsWhere(filter)).slice(0, topK));
          return records.map(({ id, text, metadata }) => ({ id, score: 0, text, metadata }));
        }
        const search = table.query().nearestTo(vector).column('vector').distanceType('cosine');
        const predicate = await where(filter);
        // Few partitions may hold nothing that fits a filter: what is left by it is compared exactly.
        const filtered =
          predicate === undefined
            ? planned(search, await readSearchPlan(table))
            : search.where(predicate).bypassVectorIndex();
        const rows = (await filtered
          .select(['id', 'text', 'metadata', '_distance'])
          .limit(topK)
          .toArray()) as Row[];
        return rows.map(toMatch).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
      });
    },
    async *scroll({ filter, after, pageSize = DEFAULT_PAGE_SIZE, abortSignal }) {
      begin(abortSignal);
      const all = await attemptRead('read', () => idsWhere(filter));
      const ids = after === undefined ? all : all.filter((id) => id > after);
      for (let start = 0; start < ids.length; start += pageSize) {
        begin(abortSignal);
        yield await attemptRead('read', () => fetchRecords(ids.slice(start, start + pageSize)));
      }
    },
    async count(selection) {
      begin(selection?.abortSignal);
      return attemptRead('count', async () => table.countRows(await where(selection?.filter)));
    },
    async health(healthOptions) {
      begin(healthOptions?.abortSignal);
      return attemptRead('check', async (): Promise<VectorIndexHealth> => {
        const ids = await idsWhere(undefined);
        return checkTable({ table, ids, folder: options.folder });
      });
    },
    async optimize(optimizeOptions) {
      begin(optimizeOptions?.abortSignal);
      await queue.alone(() =>
        locked('optimize', () => writer.optimize(optimizeOptions?.abortSignal)),
      );
    },
    async *snapshot(snapshotOptions) {
      begin(snapshotOptions?.abortSignal);
      yield* encodeSnapshot(index, heldPages(snapshotOptions?.abortSignal));
    },
    async restore(restoreOptions) {
      begin(restoreOptions.abortSignal);
      return restoreSnapshot({ index, ...restoreOptions });
    },
    async purge(purgeOptions) {
      begin(purgeOptions?.abortSignal);
      await queue.alone(() => locked('purge', () => writer.purge()));
    },
    async settle() {
      await queue.settle();
      if (writer.isTidy) return;
      // The last words of a writer: what it leaves should be no larger than it must. Everything is safe without.
      await locked('compact', () => writer.tidy()).catch(() => undefined);
    },
  };
  return index;
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && /not found|no such file/iu.test(error.message);
}

function toRecord({ id, vector, text, metadata }: Row): VectorRecord {
  return {
    id,
    vector: Float32Array.from(vector),
    text,
    metadata: JSON.parse(metadata) as JsonObject,
  };
}

function toMatch({ id, text, metadata, _distance }: Row): VectorMatch {
  const score = typeof _distance === 'number' && Number.isFinite(_distance) ? 1 - _distance : 0;
  return { id, score, text, metadata: JSON.parse(metadata) as JsonObject };
}

function* inParts(ids: readonly string[]): Iterable<readonly string[]> {
  for (let start = 0; start < ids.length; start += IDS_PER_STATEMENT)
    yield ids.slice(start, start + IDS_PER_STATEMENT);
}
