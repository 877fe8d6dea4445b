import { join } from 'node:path';
import type { Logger, VectorStore } from '@espalier/core';
import type { ServiceStoreConfig, StoreConfig } from '../config/config-schema.js';
import { formerStoreUnknown } from '../errors/resource-errors.js';

/** Stores that keep vectors in the data folder. */
type EmbeddedStore = 'lancedb' | 'simd';

/** Opens the store; `undefined` means memory, filled again from the catalogue at each start. */
export async function openVectorStore(options: {
  choice: StoreConfig;
  folder: string;
  logger: Logger;
  /** In place of the packages. */
  loadLanceDb?: (uri: string) => Promise<VectorStore>;
}): Promise<VectorStore | undefined> {
  if (typeof options.choice === 'object') return openService(options.choice);
  if (options.choice === 'memory') return undefined;
  if (options.choice === 'simd') return openEmbeddedStore('simd', options.folder);
  try {
    return await (options.loadLanceDb ?? loadLanceDb)(placeOf('lancedb', options.folder));
  } catch (error) {
    if (options.choice === 'lancedb') throw error;
    options.logger.warn('LanceDB does not load here; vectors are kept in memory.', {
      error: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}

/** Stores that vectors can be taken over from. */
export interface FormerStores {
  /** @throws {RequestError} `ERR_SERVER_STORE_UNKNOWN`: there is none of this name. */
  assertKnown(name: string): void;
  open(name: string): Promise<VectorStore>;
}

/** Creates the former stores: those of the data folder, and those that the configuration names. */
export function createFormerStores(options: {
  folder: string;
  services: Readonly<Record<string, ServiceStoreConfig>>;
}): FormerStores {
  const { folder, services } = options;
  const isEmbedded = (name: string): name is EmbeddedStore => name === 'lancedb' || name === 'simd';
  const serviceOf = (name: string): ServiceStoreConfig => {
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    if (service === undefined)
      throw formerStoreUnknown(name, ['lancedb', 'simd', ...Object.keys(services)]);
    return service;
  };
  return {
    assertKnown(name) {
      if (!isEmbedded(name)) serviceOf(name);
    },
    open: async (name) =>
      isEmbedded(name) ? openEmbeddedStore(name, folder) : openService(serviceOf(name)),
  };
}

async function openEmbeddedStore(kind: EmbeddedStore, folder: string): Promise<VectorStore> {
  if (kind === 'lancedb') return loadLanceDb(placeOf(kind, folder));
  const { createSimdStore } = await import('@espalier/rag/simd');
  return createSimdStore({ folder: placeOf(kind, folder) });
}

/** Opens a store that another process keeps; it connects when the first index is opened. */
async function openService(choice: ServiceStoreConfig): Promise<VectorStore> {
  if (choice.kind === 'pgvector') {
    const { url, schema } = choice;
    const { createPgVectorStore } = await import('@espalier/rag/pgvector');
    return createPgVectorStore({ url, ...(schema === undefined ? {} : { schema }) });
  }
  if (choice.kind === 'weaviate') {
    const { createWeaviateStore } = await import('@espalier/rag/weaviate');
    return createWeaviateStore(choice);
  }
  const { apiKey, cloud, region } = choice;
  const { createPineconeStore } = await import('@espalier/rag/pinecone');
  return createPineconeStore({
    apiKey,
    ...(cloud === undefined ? {} : { cloud }),
    ...(region === undefined ? {} : { region }),
  });
}

function placeOf(kind: EmbeddedStore, folder: string): string {
  return join(folder, kind === 'lancedb' ? 'vectors' : 'vectors-simd');
}

async function loadLanceDb(uri: string): Promise<VectorStore> {
  // The store itself loads LanceDB when an index is opened, which is too late to take another.
  const [{ createLanceDbStore }] = await Promise.all([
    import('@espalier/rag/lancedb'),
    import('@lancedb/lancedb'),
  ]);
  return createLanceDbStore({ uri });
}
