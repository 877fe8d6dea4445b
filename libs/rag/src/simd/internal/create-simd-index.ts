import { EspalierError, isAbortError, type VectorMatch, type VectorRecord } from '@espalier/core';
import { StoreError } from '../../errors.js';
import { copyJson } from '../../internal/copy-json.js';
import { assertVector } from '../../filter/assert-vector.js';
import { restoreSnapshot } from '../../stores/internal/restore-snapshot.js';
import { encodeSnapshot } from '../../stores/internal/snapshot-codec.js';
import { createWriteQueue } from '../../lancedb/internal/write-queue.js';
import { calibrate, type SearchPlan } from '../engine/calibrate.js';
import { createCodeTable } from '../engine/code-table.js';
import { findNearest } from '../engine/find-nearest.js';
import { createSlotRows } from '../engine/slot-rows.js';
import type { SimdIndex } from '../simd-index.js';
import type { RecordStorage, StoredEntry, StoredRecord } from '../storage/record-storage.js';

const STORE = 'simd';
const RECORDS_PER_WRITE = 4096;
const DEFAULT_PAGE_SIZE = 1000;
/** Up to here all int8 codes are scored in a fraction of a millisecond. */
const MIN_PLANNED = 4096;

/** An index with the end of its life. */
export interface OwnedSimdIndex extends SimdIndex {
  /** Resolves when all writes asked for are done and the storage is closed. */
  end(): Promise<void>;
}

/** Creates the index over its records: those that `stored` yields are in it from the beginning. */
export function createSimdIndex(options: {
  name: string;
  dimension: number;
  embedding: string;
  namespace: string | undefined;
  storage: RecordStorage;
  stored: Iterable<StoredRecord>;
  keepVectors: boolean;
  targetRecall: number;
  assertOpen: () => void;
}): OwnedSimdIndex {
  const { name, dimension, namespace, storage, targetRecall } = options;
  const table = createCodeTable({ dimension });
  const rows = createSlotRows(table);
  let plan: SearchPlan | undefined;

  const attempt = async <T>(operation: string, work: () => Promise<T> | T): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (EspalierError.isInstance(cause) || isAbortError(cause)) throw cause;
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new StoreError({ store: STORE, operation, problem, cause });
    }
  };
  const begin = (abortSignal: AbortSignal | undefined): void => {
    abortSignal?.throwIfAborted();
    options.assertOpen();
  };
  const check = (vector: Float32Array, id?: string): void => {
    if (vector.length === dimension && isFinite32(vector)) return;
    assertVector({ index: name, dimension, vector, ...(id === undefined ? {} : { id }) });
  };
  const insert = ({ place, record }: StoredRecord): void => {
    const { id, metadata, vector } = record;
    rows.add(
      { id, place, metadata, vector: options.keepVectors ? vector.slice() : undefined },
      vector,
    );
  };
  const read = (slot: number): StoredEntry => storage.read(rows.row(slot).place);
  const readVector = (slot: number): Float32Array => rows.row(slot).vector ?? read(slot).vector;

  const write = (records: readonly VectorRecord[]): Promise<void> =>
    attempt('write', async () => {
      const latest = [...new Map(records.map((record) => [record.id, record])).values()];
      const replaced = latest.flatMap(({ id }) => addressOf(id) ?? []);
      const places = await storage.commit({ records: latest, erased: replaced });
      for (const [index, place] of places.entries()) {
        const record = latest[index];
        if (record === undefined) continue;
        rows.remove(record.id);
        insert({ place, record: { ...record, metadata: copyJson(record.metadata) } });
      }
      await tidy(replaced);
    });
  const remove = (ids: readonly string[]): Promise<number> =>
    attempt('delete', async () => {
      const known = [...new Set(ids)].filter((id) => rows.slotOf(id) !== undefined);
      if (known.length === 0) return 0;
      const erased = known.flatMap((id) => addressOf(id) ?? []);
      await storage.commit({ records: [], erased });
      for (const id of known) rows.remove(id);
      await tidy(erased);
      return known.length;
    });
  const addressOf = (id: string): number | undefined => {
    const slot = rows.slotOf(id);
    return slot === undefined ? undefined : rows.row(slot).place.address;
  };
  const tidy = async (erased: readonly number[]): Promise<void> => {
    if (erased.length === 0) return;
    await storage.wipe(erased);
    const moved = await storage.compact(rows.places());
    if (moved !== undefined) rows.move(moved);
  };
  const queue = createWriteQueue<VectorRecord>({ maxItems: RECORDS_PER_WRITE, write });

  const makePlan = (): SearchPlan => (plan = calibrate(table, { targetRecall, readVector }));
  const currentPlan = (): SearchPlan | undefined => {
    const { live } = table;
    const isFitting = plan !== undefined && live < plan.size * 2 && live * 2 > plan.size;
    if (live < MIN_PLANNED) plan = undefined;
    else if (!isFitting) makePlan();
    return plan;
  };

  for (const stored of options.stored) insert(stored);

  async function* heldPages(
    abortSignal: AbortSignal | undefined,
  ): AsyncIterable<readonly VectorRecord[]> {
    const held = await queue.alone(() => attempt('snapshot', () => storage.hold(rows.places())));
    try {
      let page: VectorRecord[] = [];
      for (const record of held.records()) {
        page.push(record);
        if (page.length < DEFAULT_PAGE_SIZE) continue;
        abortSignal?.throwIfAborted();
        yield page;
        page = [];
      }
      if (page.length > 0) yield page;
    } finally {
      await held.release();
    }
  }

  const index: OwnedSimdIndex = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    dimension,
    embedding: options.embedding,
    async upsert({ records, abortSignal }) {
      begin(abortSignal);
      for (const { id, vector } of records) check(vector, id);
      if (records.length > 0) await queue.add(records);
    },
    async delete(selection) {
      begin(selection.abortSignal);
      return queue.alone(() =>
        remove('ids' in selection ? selection.ids : rows.ids(selection.filter)),
      );
    },
    async get({ ids, abortSignal }) {
      begin(abortSignal);
      return attempt('read', () =>
        ids.flatMap((id) => {
          const slot = rows.slotOf(id);
          return slot === undefined ? [] : [read(slot).record()];
        }),
      );
    },
    async query({ vector, topK, filter, abortSignal }) {
      begin(abortSignal);
      check(vector);
      return attempt('search', () =>
        findNearest({ table, rows, plan: currentPlan(), vector, topK, filter, read }).map(
          ({ entry, score }): VectorMatch => {
            const { id, text, metadata } = entry.match();
            return { id, score, text, metadata };
          },
        ),
      );
    },
    async *scroll({ filter, after, pageSize = DEFAULT_PAGE_SIZE, abortSignal }) {
      begin(abortSignal);
      const ids = rows.ids(filter).filter((id) => after === undefined || id > after);
      for (let start = 0; start < ids.length; start += pageSize) {
        begin(abortSignal);
        const page = ids.slice(start, start + pageSize);
        // What was deleted since the first page is left out.
        yield await attempt('read', () =>
          page.flatMap((id) => {
            const slot = rows.slotOf(id);
            return slot === undefined ? [] : [read(slot).record()];
          }),
        );
      }
    },
    async count(selection) {
      begin(selection?.abortSignal);
      return rows.fitting(selection?.filter).count;
    },
    async build(buildOptions) {
      begin(buildOptions?.abortSignal);
      await queue.settle();
      return attempt('build', makePlan);
    },
    async purge(purgeOptions) {
      begin(purgeOptions?.abortSignal);
      // Each deletion has wiped its records by the time that it ends.
      await queue.settle();
    },
    stats: () => ({
      size: table.live,
      plan,
      memoryBytes: table.arena.bytes,
      recordBytes: storage.bytes,
    }),
    async health(healthOptions) {
      begin(healthOptions?.abortSignal);
      return attempt('check', async () => {
        const problems = await storage.problems(rows.places());
        const found = currentPlan();
        return {
          isHealthy: problems.length === 0,
          records: table.live,
          bytes: storage.bytes,
          search: found === undefined || found.mode === 'exact' ? 'exact' : 'approximate',
          ...(found === undefined || found.mode === 'exact' ? {} : { recall: found.recall }),
          problems,
        };
      });
    },
    async optimize(optimizeOptions) {
      begin(optimizeOptions?.abortSignal);
      await queue.alone(() =>
        attempt('optimize', async () => {
          const moved = await storage.compact(rows.places(), { isForced: true });
          if (moved !== undefined) rows.move(moved);
          if (table.live >= MIN_PLANNED) makePlan();
        }),
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
    async end() {
      await queue.settle();
      await storage.close();
    },
  };
  return index;
}

/** Whether all values are finite; a plain loop is ten times as fast as `every`. */
function isFinite32(vector: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) sum += (vector[i] ?? 0) * 0;
  return sum === 0;
}
