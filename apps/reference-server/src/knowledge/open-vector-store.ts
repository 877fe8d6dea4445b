import { join } from 'node:path';
import type { Logger, VectorStore } from '@espalier/core';

/** Where vectors are kept; `auto` takes LanceDB where it loads. */
export type StoreChoice = 'auto' | 'lancedb' | 'memory';

/** Opens the store; `undefined` means memory, filled again from the catalogue at each start. */
export async function openVectorStore(options: {
  choice: StoreChoice;
  folder: string;
  logger: Logger;
}): Promise<VectorStore | undefined> {
  if (options.choice === 'memory') return undefined;
  try {
    const { createLanceDbStore } = await import('@espalier/rag/lancedb');
    return await createLanceDbStore({ uri: join(options.folder, 'vectors') });
  } catch (error) {
    if (options.choice === 'lancedb') throw error;
    options.logger.warn('LanceDB does not load here; vectors are kept in memory.', {
      error: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}
