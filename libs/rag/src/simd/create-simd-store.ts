import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EspalierError, type VectorStore } from '@espalier/core';
import {
  IndexMismatchError,
  KnowledgeBaseNameError,
  StoreClosedError,
  StoreError,
} from '../errors.js';
import { guardFilters } from '../stores/internal/guard-filters.js';
import { createIndexNaming, namespacesOf } from '../stores/internal/index-naming.js';
import { createSimdIndex, type OwnedSimdIndex } from './internal/create-simd-index.js';
import type { SimdIndex } from './simd-index.js';
import { lockFolder, type FolderLock } from './storage/lock-folder.js';
import { createRecordFile, openRecordFile, readRecordHead } from './storage/open-record-file.js';
import { createMemoryRecords } from './storage/record-storage.js';

const STORE = 'simd';
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const EXTENSION = '.vectors';
const NAMING = createIndexNaming('@');
const MAX_DIMENSION = 16_384;
const MAX_RECORDS_PER_UPSERT = 100_000;
const DEFAULT_TARGET_RECALL = 0.99;

/** Options of {@link createSimdStore}. */
export interface SimdStoreOptions {
  /** Where indexes are kept, one file each. Without it they end with the process. */
  readonly folder?: string;
  /** Recall@10 that a search plan must reach on the sample of an index. Default .99. */
  readonly targetRecall?: number;
  /** Keeps whole vectors in memory, too: four bytes a value, for disks that are slow to read. Default false. */
  readonly keepVectors?: boolean;
}

/** A vector store whose indexes can say how they search. */
export interface SimdStore extends VectorStore {
  openIndex(options: Parameters<VectorStore['openIndex']>[0]): Promise<SimdIndex>;
}

interface Wanted {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly dimension: number;
  readonly embedding: string;
}

/**
 * Creates a store that scans one bit a dimension with WebAssembly SIMD, and rescores what may be near with int8 codes
 * and then exactly.
 *
 * In memory: codes (1⅛ bytes a dimension and 20 bytes a vector), ids and metadata. On disk: vectors and texts, read when needed.
 * A write has reached the disk when its promise resolves; a crash leaves the state before or after it. What is deleted
 * or replaced is overwritten in the file. One store at a time may have a folder open. An index
 * has at most 4 GiB of codes: some 9 million vectors of 384 dimensions.
 *
 * @see Gao & Long, "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound for Approximate Nearest
 * Neighbor Search" (SIGMOD 2024) — with one centroid, a fast rotation, and a width of the error bound that is
 * calibrated on a sample of the index
 */
export function createSimdStore(options: SimdStoreOptions = {}): SimdStore {
  const { folder, keepVectors = false, targetRecall = DEFAULT_TARGET_RECALL } = options;
  const indexes = new Map<string, Promise<OwnedSimdIndex>>();
  let locking: Promise<FolderLock | undefined> | undefined;
  let isClosed = false;

  const assertOpen = (): void => {
    if (isClosed) throw new StoreClosedError({ store: STORE });
  };
  const attempt = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (EspalierError.isInstance(cause)) throw cause;
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new StoreError({ store: STORE, operation, problem, cause });
    }
  };
  const lock = async (): Promise<FolderLock | undefined> => {
    if (folder === undefined) return undefined;
    await mkdir(folder, { recursive: true });
    return lockFolder(folder);
  };
  const locked = async (): Promise<void> => {
    locking ??= attempt('lock its folder', lock);
    locking.catch(() => (locking = undefined));
    await locking;
    assertOpen();
  };
  const pathOf = (parent: string, name: string): string => join(parent, `${name}${EXTENSION}`);

  const open = (wanted: Wanted): Promise<OwnedSimdIndex> =>
    attempt('open an index', async () => {
      const common = { ...wanted, targetRecall, assertOpen };
      if (folder === undefined) {
        const storage = createMemoryRecords();
        return createSimdIndex({ ...common, storage, stored: [], keepVectors: false });
      }
      const path = pathOf(folder, NAMING.encode(wanted));
      if (!(await isThere(path))) await createRecordFile({ path, ...wanted });
      const storage = await openRecordFile({ path, index: wanted.name });
      try {
        assertSame(wanted, storage.head);
        const index = createSimdIndex({ ...common, storage, stored: storage.load(), keepVectors });
        await storage.recover();
        return index;
      } catch (error) {
        await storage.close();
        throw error;
      }
    });

  const openPart = (wanted: Wanted): Promise<OwnedSimdIndex> => {
    const key = NAMING.encode(wanted);
    let opening = indexes.get(key);
    if (opening === undefined) {
      opening = open(wanted);
      indexes.set(key, opening);
      opening.catch(() => indexes.delete(key));
    }
    return opening;
  };
  const storedNames = async (): Promise<string[]> => {
    if (folder === undefined) return [...indexes.keys()];
    const names = await attempt('list indexes', () => readdir(folder));
    return names
      .filter((name) => name.endsWith(EXTENSION))
      .map((name) => name.slice(0, -EXTENSION.length));
  };

  return {
    specificationVersion: 'v1',
    name: STORE,
    limits: {
      maxDimension: MAX_DIMENSION,
      maxRecordsPerUpsert: MAX_RECORDS_PER_UPSERT,
      isPersistent: folder !== undefined,
      hasSnapshotIsolation: true,
    },
    async openIndex({ name, dimension, embedding, namespace, filterableFields, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      if (!NAME.test(name)) throw new KnowledgeBaseNameError({ name });
      const wanted = { name, namespace, dimension, embedding };
      NAMING.encode(wanted);
      await locked();
      // All namespaces have the dimension and the model of their index.
      const whole = await openPart({ ...wanted, namespace: undefined });
      assertSame(wanted, whole);
      const index = namespace === undefined ? whole : await openPart(wanted);
      assertSame(wanted, index);
      return guardFilters(index, filterableFields);
    },
    async listIndexes() {
      assertOpen();
      await locked();
      return (await storedNames()).filter((name) => NAMING.decode(name).namespace === undefined);
    },
    async describeIndex({ name, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      await locked();
      if (!NAME.test(name)) return undefined;
      const stored = await storedNames();
      const namespaces = namespacesOf(NAMING, name, stored);
      const known = await indexes.get(name)?.catch(() => undefined);
      if (known !== undefined) {
        const { dimension, embedding } = known;
        return { name, dimension, embedding, namespaces };
      }
      if (folder === undefined || !stored.includes(name)) return undefined;
      const path = pathOf(folder, name);
      const { dimension, embedding } = await attempt('describe an index', () =>
        readRecordHead({ path, index: name }),
      );
      return { name, dimension, embedding, namespaces };
    },
    async dropIndex({ name, namespace }) {
      assertOpen();
      await locked();
      if (!NAME.test(name)) return;
      // The index itself goes last: what breaks off can be dropped again.
      const parts =
        namespace === undefined
          ? [...namespacesOf(NAMING, name, await storedNames()), undefined]
          : [namespace];
      for (const part of parts) {
        const key = NAMING.encode({ name, namespace: part });
        const index = await indexes.get(key)?.catch(() => undefined);
        indexes.delete(key);
        await index?.end();
        if (folder !== undefined)
          await attempt('drop an index', () => rm(pathOf(folder, key), { force: true }));
      }
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      const opened = await Promise.allSettled(indexes.values());
      indexes.clear();
      for (const result of opened) if (result.status === 'fulfilled') await result.value.end();
      (await locking?.catch(() => undefined))?.release();
    },
  };
}

function assertSame(wanted: Wanted, found: { dimension: number; embedding: string }): void {
  const { dimension, embedding } = found;
  if (dimension === wanted.dimension && embedding === wanted.embedding) return;
  throw new IndexMismatchError({ index: wanted.name, found: { dimension, embedding }, wanted });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
