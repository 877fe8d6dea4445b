import { createHash } from 'node:crypto';
import type { VectorStore } from '@espalier/core';
import type { Index, Pinecone } from '@pinecone-database/pinecone';
import { IndexMismatchError, StoreClosedError } from '../errors.js';
import { attemptInStore } from '../stores/internal/attempt-in-store.js';
import { guardFilters } from '../stores/internal/guard-filters.js';
import { assertIndexKey } from '../stores/internal/index-naming.js';
import { createPineconeIndex } from './internal/create-pinecone-index.js';
import { loadPinecone } from './internal/load-pinecone.js';
import {
  forgetNamespace,
  listNamespaces,
  noteNamespace,
  partitionOf,
  readRegistry,
  writeRegistry,
} from './internal/pinecone-registry.js';

const STORE = 'pinecone';
/** What Pinecone takes as a name as it is. */
const PLAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/u;
const MAX_NAME = 45;
const HASH_CHARACTERS = 16;
const MAX_DIMENSION = 20_000;
const MAX_RECORDS_PER_UPSERT = 1000;
const DEFAULT_PREFIX = 'espalier-';
const DEFAULT_CLOUD = 'aws';
const DEFAULT_REGION = 'us-east-1';
const DENSE_VECTOR_FIELD = '_values';

/** What {@link createPineconeStore} takes. */
export interface PineconeStoreOptions {
  readonly apiKey: string;
  /** Goes before the names of all indexes that the store makes in the project: 1 to 20 lower-case letters, digits and "-". Default `espalier-`. */
  readonly prefix?: string;
  /** Where serverless indexes are made: `aws`, `gcp` or `azure`. Default `aws`. */
  readonly cloud?: string;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** The address of Pinecone's index management, where it is not the public one. */
  readonly controllerUrl?: string;
}

/**
 * Creates a store that keeps vectors with Pinecone, one serverless index for each index, and its namespaces in it.
 *
 * Pinecone is eventually consistent: what was written may be missing from what is read for some seconds, also
 * `describeIndex` and the count. A call of more than about 2 MB goes in several requests, of which the first stay
 * where a later one fails. A record has at most 40 KB of text and metadata, and no zero vector. Making an index takes
 * the service some time, which `openIndex` waits for. Pinecone has no order of texts: such filters are compiled to more
 * than fits and checked once more. Needs the optional peer `@pinecone-database/pinecone`.
 */
export function createPineconeStore(options: PineconeStoreOptions): VectorStore {
  const { apiKey, prefix = DEFAULT_PREFIX } = options;
  const { cloud = DEFAULT_CLOUD, region = DEFAULT_REGION } = options;
  const opening = new Map<string, Promise<Index>>();
  let loading: Promise<Pinecone> | undefined;
  let isClosed = false;

  const assertOpen = (): void => {
    if (isClosed) throw new StoreClosedError({ store: STORE });
  };
  const attempt = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    attemptInStore({ store: STORE, operation }, work);
  const client = (): Promise<Pinecone> => {
    if (loading === undefined) {
      const url = options.controllerUrl;
      loading = loadPinecone({
        apiKey,
        ...(url === undefined ? {} : { controllerHostUrl: url }),
      });
      loading.catch(() => (loading = undefined));
    }
    return loading;
  };
  const isThere = async (pinecone: Pinecone, stored: string): Promise<boolean> =>
    ((await pinecone.listIndexes()).indexes ?? []).some(({ name }) => name === stored);
  const targetOf = async (pinecone: Pinecone, stored: string): Promise<Index> => {
    const { host } = await pinecone.describeIndex(stored);
    return pinecone.index({ name: stored, host });
  };
  const make = async (wanted: {
    name: string;
    dimension: number;
    embedding: string;
  }): Promise<Index> => {
    const pinecone = await client();
    const stored = storedName(prefix, wanted.name);
    if (!(await isThere(pinecone, stored)))
      await pinecone.createIndex({
        name: stored,
        schema: {
          fields: {
            [DENSE_VECTOR_FIELD]: {
              type: 'dense_vector',
              dimension: wanted.dimension,
              metric: 'cosine',
            },
          },
        },
        deployment: { deploymentType: 'managed', cloud, region },
        waitUntilReady: true,
        suppressConflicts: true,
      });
    const target = await targetOf(pinecone, stored);
    const dimension = (await target.describeIndexStats()).dimension ?? wanted.dimension;
    const known = await readRegistry(target);
    const found = { dimension, embedding: known?.embedding ?? wanted.embedding };
    if (found.dimension !== wanted.dimension || found.embedding !== wanted.embedding)
      throw new IndexMismatchError({ index: wanted.name, found, wanted });
    if (known === undefined) await writeRegistry(target, wanted);
    return target;
  };
  const open = (wanted: { name: string; dimension: number; embedding: string }): Promise<Index> => {
    // Two openings at the same time must not both make the index; of another model, both are looked at.
    const key = JSON.stringify([wanted.name, wanted.dimension, wanted.embedding]);
    const known = opening.get(key);
    if (known !== undefined) return known;
    const made = attempt('open an index', () => make(wanted));
    opening.set(key, made);
    made
      .catch(() => undefined)
      .finally(() => opening.delete(key))
      .catch(() => undefined);
    return made;
  };

  return {
    specificationVersion: 'v1',
    name: STORE,
    limits: {
      maxDimension: MAX_DIMENSION,
      maxRecordsPerUpsert: MAX_RECORDS_PER_UPSERT,
      isPersistent: true,
      hasSnapshotIsolation: false,
    },
    async openIndex({ name, dimension, embedding, namespace, filterableFields, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      assertIndexKey({ name, namespace });
      const target = await open({ name, dimension, embedding });
      if (namespace !== undefined)
        await attempt('open a namespace', () => noteNamespace(target, { dimension, namespace }));
      const partition = partitionOf(namespace);
      const index = createPineconeIndex({
        target,
        partition,
        name,
        namespace,
        dimension,
        embedding,
        assertOpen,
      });
      return guardFilters(index, filterableFields);
    },
    async listIndexes() {
      assertOpen();
      const pinecone = await client();
      return attempt('list indexes', async () => {
        const names: string[] = [];
        for (const { name } of (await pinecone.listIndexes()).indexes ?? []) {
          if (!name.startsWith(prefix)) continue;
          const known = await readRegistry(await targetOf(pinecone, name));
          if (known !== undefined) names.push(known.name);
        }
        return names.sort();
      });
    },
    async describeIndex({ name, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      const pinecone = await client();
      return attempt('describe an index', async () => {
        const stored = storedName(prefix, name);
        if (!(await isThere(pinecone, stored))) return undefined;
        const target = await targetOf(pinecone, stored);
        const known = await readRegistry(target);
        const { dimension } = await target.describeIndexStats();
        if (known === undefined || dimension === undefined) return undefined;
        const { embedding } = known;
        return { name, dimension, embedding, namespaces: await listNamespaces(target) };
      });
    },
    async dropIndex({ name, namespace }) {
      assertOpen();
      const pinecone = await client();
      await attempt('drop an index', async () => {
        const stored = storedName(prefix, name);
        if (!(await isThere(pinecone, stored))) return;
        if (namespace === undefined) {
          await pinecone.deleteIndex(stored);
          return;
        }
        const target = await targetOf(pinecone, stored);
        const partition = partitionOf(namespace);
        const { namespaces } = await target.describeIndexStats();
        // Pinecone knows a namespace from its first record on.
        if (namespaces?.[partition] !== undefined) await target.deleteAll({ namespace: partition });
        await forgetNamespace(target, namespace);
      });
    },
    async close() {
      isClosed = true;
    },
  };
}

/** The name of an index in Pinecone: its own where Pinecone takes it, a hash of it elsewhere. */
function storedName(prefix: string, name: string): string {
  const plain = `${prefix}${name}`;
  if (plain.length <= MAX_NAME && PLAIN.test(plain) && !name.startsWith('x--')) return plain;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARACTERS);
  return `${prefix}x--${hash}`;
}
