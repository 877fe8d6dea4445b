import { createRequire } from 'node:module';
import type * as Lancedb from '@lancedb/lancedb';
import type * as Arrow from 'apache-arrow';
import { StoreDriverMissingError } from '../../errors.js';

/** The two packages that the store is made of, loaded when it is first used. */
export interface LanceDriver {
  readonly lancedb: typeof Lancedb;
  readonly arrow: typeof Arrow;
}

/**
 * Loads LanceDB and Arrow.
 *
 * @throws {StoreDriverMissingError} `ERR_RAG_STORE_DRIVER_MISSING`: not installed, or no binary for this machine.
 */
export async function loadLanceDriver(): Promise<LanceDriver> {
  try {
    // One after the other, and Arrow in the copy that LanceDB requires: its ES module would be a second one, and
    // loading both at once fails in Node.
    const lancedb = await import('@lancedb/lancedb');
    const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;
    return { lancedb, arrow };
  } catch (cause) {
    throw new StoreDriverMissingError({
      packages: ['@lancedb/lancedb', 'apache-arrow@18.1.0'],
      cause,
    });
  }
}
