import type { Pinecone } from '@pinecone-database/pinecone';
import { StoreDriverMissingError } from '../../errors.js';

/**
 * Loads the client of Pinecone and makes one.
 *
 * @throws {StoreDriverMissingError} `ERR_RAG_STORE_DRIVER_MISSING`: it is not installed.
 */
export async function loadPinecone(options: {
  apiKey: string;
  controllerHostUrl?: string;
}): Promise<Pinecone> {
  let module: typeof import('@pinecone-database/pinecone');
  try {
    module = await import('@pinecone-database/pinecone');
  } catch (cause) {
    throw new StoreDriverMissingError({ packages: ['@pinecone-database/pinecone'], cause });
  }
  return new module.Pinecone(options);
}
