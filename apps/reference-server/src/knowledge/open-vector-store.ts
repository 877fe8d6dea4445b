import { join } from 'node:path';
import type { Logger, VectorStore } from '@espalier/core';

/** Where vectors are kept; `auto` takes LanceDB where it loads. */
export type StoreChoice = 'auto' | 'lancedb' | 'memory';

/** Opens the store; `undefined` means memory, filled again from the catalogue at each start. */
export async function openVectorStore(options: {
  choice: StoreChoice;
  folder: string;
  logger: Logger;
  /** In place of the packages. */
  loadLanceDb?: (uri: string) => Promise<VectorStore>;
}): Promise<VectorStore | undefined> {
  if (options.choice === 'memory') return undefined;
  try {
    return await (options.loadLanceDb ?? loadLanceDb)(join(options.folder, 'vectors'));
  } catch (error) {
    if (options.choice === 'lancedb') throw error;
    options.logger.warn('LanceDB does not load here; vectors are kept in memory.', {
      error: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}

async function loadLanceDb(uri: string): Promise<VectorStore> {
  // The store itself loads LanceDB when an index is opened, which is too late to take another.
  const [{ createLanceDbStore }] = await Promise.all([
    import('@espalier/rag/lancedb'),
    import('@lancedb/lancedb'),
  ]);
  return createLanceDbStore({ uri });
}
