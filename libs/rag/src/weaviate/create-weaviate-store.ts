import { createHash } from 'node:crypto';
import type { VectorStore } from '@espalier/core';
import type { Collection, WeaviateClient } from 'weaviate-client';
import { IndexMismatchError, StoreClosedError, StoreDriverMissingError } from '../errors.js';
import { createMutex, type Mutex } from '../internal/mutex.js';
import { attemptInStore } from '../stores/internal/attempt-in-store.js';
import { guardFilters } from '../stores/internal/guard-filters.js';
import { assertIndexKey } from '../stores/internal/index-naming.js';
import { createWeaviateIndex, uuidOf } from './internal/create-weaviate-index.js';

const STORE = 'weaviate';
const MAX_DIMENSION = 65_535;
const MAX_RECORDS_PER_UPSERT = 1000;
const DEFAULT_PREFIX = 'Espalier';
const REGISTRY_SUFFIX = 'Registry';
/** The tenant with the records outside of all namespaces. */
const WHOLE = 'main';
const MAX_TENANT = 64;
const MAX_PARTS = 10_000;

/** What {@link createWeaviateStore} takes. */
export interface WeaviateStoreOptions {
  readonly host: string;
  /** Default 8080, or 443 with `isSecure`. */
  readonly port?: number | undefined;
  /** Where gRPC is served, if not at `host`. */
  readonly grpcHost?: string | undefined;
  /** Default 50051, or 443 with `isSecure`. */
  readonly grpcPort?: number | undefined;
  /** Whether both are encrypted. Default false. */
  readonly isSecure?: boolean | undefined;
  readonly apiKey?: string | undefined;
  /** Begins the names of all collections that the store makes: a capital letter, then letters and digits. Default `Espalier`. */
  readonly prefix?: string | undefined;
}

/**
 * Creates a store that keeps vectors in Weaviate (1.29 or later), one collection for each index, a tenant for each namespace.
 *
 * Nothing is connected before the first index is opened. A call of which the server refuses some records keeps the others, and
 * fails. Vectors are kept twice, once as the server's index has them and once bit for bit. Search goes through the server's
 * HNSW index; its recall is not measured. Needs the optional peer `weaviate-client`.
 */
export function createWeaviateStore(options: WeaviateStoreOptions): VectorStore {
  const { prefix = DEFAULT_PREFIX } = options;
  const known = new Map<string, { properties: Set<string>; adding: Mutex }>();
  let opening: Promise<WeaviateClient> | undefined;
  const making = createMutex();
  let isClosed = false;

  const assertOpen = (): void => {
    if (isClosed) throw new StoreClosedError({ store: STORE });
  };
  const attempt = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    attemptInStore({ store: STORE, operation }, work);
  const opened = (): Promise<WeaviateClient> => {
    if (opening === undefined) {
      opening = attempt('connect', () => connect(options));
      opening.catch(() => (opening = undefined));
    }
    return opening;
  };
  const registry = async (client: WeaviateClient): Promise<Collection> => {
    const name = `${prefix}${REGISTRY_SUFFIX}`;
    if (!(await client.collections.exists(name)))
      await client.collections
        .createFromSchema({
          class: name,
          vectorizer: 'none',
          properties: ['name', 'namespace', 'embedding']
            .map((property) => textProperty(property))
            .concat({ name: 'dimension', dataType: ['int'] }),
        })
        .catch(ignoreConflict);
    return client.collections.get(name);
  };
  const parts = async (
    client: WeaviateClient,
    name?: string,
  ): Promise<{ name: string; namespace: string; embedding: string; dimension: number }[]> => {
    const collection = await registry(client);
    const { objects } = await collection.query.fetchObjects({
      limit: MAX_PARTS,
      ...(name === undefined
        ? {}
        : { filters: collection.filter.byProperty('name').equal(registered(name)) }),
    });
    return objects.map(({ properties: row }) => ({
      name: unregistered(row['name']),
      namespace: unregistered(row['namespace']),
      embedding: unregistered(row['embedding']),
      dimension: Number(row['dimension']),
    }));
  };
  const make = async (
    client: WeaviateClient,
    wanted: { name: string; dimension: number; embedding: string },
    namespace: string | undefined,
  ): Promise<Collection> => {
    const there = await parts(client, wanted.name);
    const [found] = there;
    if (
      found !== undefined &&
      (found.dimension !== wanted.dimension || found.embedding !== wanted.embedding)
    )
      throw new IndexMismatchError({ index: wanted.name, found, wanted });
    const stored = collectionName(prefix, wanted.name);
    if (!(await client.collections.exists(stored)))
      await client.collections
        .createFromSchema({
          class: stored,
          vectorizer: 'none',
          vectorIndexType: 'hnsw',
          vectorIndexConfig: { distance: 'cosine' },
          multiTenancyConfig: { enabled: true },
          // Whether a field is there can only be asked for where this is indexed.
          invertedIndexConfig: { indexNullState: true },
          properties: [
            textProperty('key'),
            ...['body', 'meta', 'exact'].map((property) => textProperty(property, false)),
          ],
        })
        .catch(ignoreConflict);
    const collection = client.collections.get(stored);
    const tenants = await collection.tenants.get();
    for (const part of namespace === undefined ? [''] : ['', namespace]) {
      const tenant = tenantOf(part);
      if (tenants[tenant] === undefined) await collection.tenants.create({ name: tenant });
      if (there.some((each) => each.namespace === part)) continue;
      const row = {
        id: uuidOf(JSON.stringify([wanted.name, part])),
        properties: {
          name: registered(wanted.name),
          namespace: registered(part),
          embedding: registered(wanted.embedding),
          dimension: wanted.dimension,
        },
      };
      await (await registry(client)).data.insertMany([row]);
    }
    return collection;
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
      const client = await opened();
      // One after the other: two that make the same collection would meet.
      const collection = await making.run(() =>
        attempt('open an index', () => make(client, { name, dimension, embedding }, namespace)),
      );
      const shared = known.get(name) ?? { properties: new Set<string>(), adding: createMutex() };
      known.set(name, shared);
      const index = createWeaviateIndex({
        collection: collection.withTenant(tenantOf(namespace ?? '')),
        ...shared,
        // The schema as it is: what the client makes of it fails on all that it does not know.
        listProperties: async () => {
          const schema = await client.collections.exportToJson(collectionName(prefix, name));
          return (schema.properties ?? []).flatMap((each) => each.name ?? []);
        },
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
      const client = await opened();
      const all = await attempt('list indexes', () => parts(client));
      return all
        .filter(({ namespace }) => namespace === '')
        .map(({ name }) => name)
        .sort();
    },
    async describeIndex({ name, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      const client = await opened();
      const all = await attempt('describe an index', () => parts(client, name));
      const whole = all.find(({ namespace }) => namespace === '');
      if (whole === undefined) return undefined;
      const namespaces = all.map(({ namespace }) => namespace).filter((each) => each !== '');
      const { dimension, embedding } = whole;
      return { name, dimension, embedding, namespaces: namespaces.sort() };
    },
    async dropIndex({ name, namespace }) {
      assertOpen();
      const client = await opened();
      await attempt('drop an index', async () => {
        const stored = collectionName(prefix, name);
        const listed = await registry(client);
        if (!(await client.collections.exists(stored))) return;
        if (namespace === undefined) {
          await client.collections.delete(stored);
          await listed.data.deleteMany(listed.filter.byProperty('name').equal(registered(name)));
          known.delete(name);
          return;
        }
        await client.collections.get(stored).tenants.remove([{ name: tenantOf(namespace) }]);
        await listed.data.deleteMany(
          listed.filter.byId().equal(uuidOf(JSON.stringify([name, namespace]))),
        );
      });
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}

async function connect(options: WeaviateStoreOptions): Promise<WeaviateClient> {
  let module: typeof import('weaviate-client');
  try {
    module = await import('weaviate-client');
  } catch (cause) {
    throw new StoreDriverMissingError({ packages: ['weaviate-client'], cause });
  }
  const { host, isSecure = false } = options;
  const { port = isSecure ? 443 : 8080, grpcPort = isSecure ? 443 : 50_051, apiKey } = options;
  return module.default.connectToCustom({
    httpHost: host,
    httpPort: port,
    httpSecure: isSecure,
    grpcHost: options.grpcHost ?? host,
    grpcPort,
    grpcSecure: isSecure,
    ...(apiKey === undefined ? {} : { authCredentials: new module.default.ApiKey(apiKey) }),
  });
}

/** The name of a collection: a capital letter, then letters, digits and "_" only. */
function collectionName(prefix: string, name: string): string {
  return `${prefix}_${Buffer.from(name, 'utf8').toString('hex')}`;
}

/** The name of a tenant, which is at most 64 letters, digits, "-" and "_": a hash of a long namespace. */
function tenantOf(namespace: string): string {
  if (namespace === '') return WHOLE;
  const plain = `n-${Buffer.from(namespace, 'utf8').toString('base64url')}`;
  if (plain.length <= MAX_TENANT) return plain;
  return `h-${createHash('sha256').update(namespace).digest('base64url')}`;
}

/** Texts of the registry in hexadecimal: Weaviate trims what it indexes. */
function registered(text: string): string {
  return `v${Buffer.from(text, 'utf8').toString('hex')}`;
}

function unregistered(stored: unknown): string {
  return Buffer.from(String(stored).slice(1), 'hex').toString('utf8');
}

function textProperty(
  name: string,
  isIndexed = true,
): {
  name: string;
  dataType: string[];
  tokenization?: 'field';
  indexFilterable?: boolean;
  indexSearchable?: boolean;
} {
  return {
    name,
    dataType: ['text'],
    tokenization: 'field',
    indexFilterable: isIndexed,
    indexSearchable: false,
  };
}

/** Another process may have made it meanwhile. */
function ignoreConflict(error: unknown): void {
  if (!(error instanceof Error && /already (exists|used)/iu.test(error.message))) throw error;
}
