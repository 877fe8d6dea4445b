import type {
  JsonValue,
  VectorIndex,
  VectorIndexDescription,
  VectorRecord,
  VectorStore,
} from '@espalier/core';
import { MigrationIncompleteError } from './errors.js';

const DEFAULT_BATCH_SIZE = 500;

/** How far a migration has come. */
export interface MigrationProgress {
  readonly index: string;
  readonly namespace?: string;
  /** Records of this index or namespace that are in the target. */
  readonly done: number;
  readonly total: number;
  /** How many of them were there already. */
  readonly skipped: number;
}

/** What a migration did. */
export interface StoreMigrationReport {
  readonly indexes: number;
  readonly copied: number;
  readonly skipped: number;
  /** Records of the target that the source does not hold, removed with `prune`. */
  readonly removed: number;
}

/** Options of {@link migrateStore}. */
export interface MigrateStoreOptions {
  readonly from: VectorStore;
  readonly to: VectorStore;
  /** Which indexes; all of them where absent. */
  readonly indexes?: readonly string[];
  /** Records a call. Default 500. */
  readonly batchSize?: number;
  /** Removes from the target what the source does not hold. Default false. */
  readonly prune?: boolean;
  readonly onProgress?: (progress: MigrationProgress) => void;
  readonly abortSignal?: AbortSignal;
}

/**
 * Copies indexes with their namespaces from one store to another and compares the counts.
 *
 * May be stopped at any point and run again: records that the target holds already, equal in all parts, are not written
 * twice. The source is only read. An embedding or dimension that the target refuses is an error before anything of
 * that index is copied. Records written to the source meanwhile may be missed; run it again to catch up.
 *
 * @throws {MigrationIncompleteError} `ERR_RAG_MIGRATION_INCOMPLETE`: with `prune` the counts differ, without it the target
 * has too few.
 */
export async function migrateStore(options: MigrateStoreOptions): Promise<StoreMigrationReport> {
  const { from, to, abortSignal } = options;
  const signal = abortSignal === undefined ? {} : { abortSignal };
  const names = options.indexes ?? (await from.listIndexes());
  const report = { indexes: 0, copied: 0, skipped: 0, removed: 0 };
  for (const name of names) {
    const description = await from.describeIndex({ name, ...signal });
    if (description === undefined) continue;
    report.indexes += 1;
    for (const namespace of [undefined, ...description.namespaces]) {
      const wanted = wantedOf(description, namespace);
      const done = await migrateIndex({
        ...options,
        batchSize: Math.min(options.batchSize ?? DEFAULT_BATCH_SIZE, to.limits.maxRecordsPerUpsert),
        source: await from.openIndex({ ...wanted, ...signal }),
        target: await to.openIndex({ ...wanted, ...signal }),
      });
      report.copied += done.copied;
      report.skipped += done.skipped;
      report.removed += done.removed;
    }
  }
  return report;
}

function wantedOf(
  { name, dimension, embedding }: VectorIndexDescription,
  namespace: string | undefined,
): { name: string; dimension: number; embedding: string; namespace?: string } {
  return { name, dimension, embedding, ...(namespace === undefined ? {} : { namespace }) };
}

async function migrateIndex(
  options: Pick<MigrateStoreOptions, 'prune' | 'onProgress' | 'abortSignal'> & {
    batchSize: number;
    source: VectorIndex;
    target: VectorIndex;
  },
): Promise<{ copied: number; skipped: number; removed: number }> {
  const { source, target, abortSignal } = options;
  const signal = abortSignal === undefined ? {} : { abortSignal };
  const total = await source.count(signal);
  const known = new Set<string>();
  let copied = 0;
  let skipped = 0;
  for await (const page of source.scroll({ pageSize: options.batchSize, ...signal })) {
    abortSignal?.throwIfAborted();
    const there = new Map(
      (await target.get({ ids: page.map(({ id }) => id), ...signal })).map((record) => [
        record.id,
        record,
      ]),
    );
    const records = page.filter((record) => !isSame(record, there.get(record.id)));
    if (records.length > 0) await target.upsert({ records, ...signal });
    for (const { id } of page) known.add(id);
    copied += records.length;
    skipped += page.length - records.length;
    const namespace = source.namespace === undefined ? {} : { namespace: source.namespace };
    const done = copied + skipped;
    options.onProgress?.({ index: source.name, ...namespace, done, total, skipped });
  }
  const removed = options.prune === true ? await removeOthers(target, known, signal) : 0;
  const found = await target.count(signal);
  const isShort = options.prune === true ? found !== known.size : found < known.size;
  if (isShort)
    throw new MigrationIncompleteError({ index: source.name, expected: known.size, found });
  return { copied, skipped, removed };
}

async function removeOthers(
  target: VectorIndex,
  known: ReadonlySet<string>,
  signal: { abortSignal?: AbortSignal },
): Promise<number> {
  const surplus: string[] = [];
  for await (const page of target.scroll(signal))
    for (const { id } of page) if (!known.has(id)) surplus.push(id);
  return surplus.length === 0 ? 0 : target.delete({ ids: surplus, ...signal });
}

function isSame(record: VectorRecord, there: VectorRecord | undefined): boolean {
  return (
    there?.text === record.text &&
    there.vector.length === record.vector.length &&
    there.vector.every((value, at) => value === record.vector[at]) &&
    isSameJson(there.metadata, record.metadata)
  );
}

/** Whether two values are equal whatever the order of their keys: stores sort them. */
function isSameJson(first: JsonValue | undefined, second: JsonValue | undefined): boolean {
  if (typeof first !== 'object' || first === null) return first === second;
  if (typeof second !== 'object' || second === null) return false;
  if (Array.isArray(first) || Array.isArray(second)) {
    return (
      Array.isArray(first) &&
      Array.isArray(second) &&
      first.length === second.length &&
      first.every((value, at) => isSameJson(value, second[at] as JsonValue))
    );
  }
  const keys = Object.keys(first);
  return (
    keys.length === Object.keys(second).length &&
    keys.every((key) => Object.hasOwn(second, key) && isSameJson(first[key], second[key]))
  );
}
