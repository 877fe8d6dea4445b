import { StoreDriverMissingError } from '../../errors.js';

/** The two packages that the store is made of, loaded when it is first used. */
export interface LanceDriver {
  readonly lancedb: typeof import('@lancedb/lancedb');
  readonly arrow: typeof import('apache-arrow');
}

/**
 * Loads LanceDB and Arrow.
 *
 * @throws {StoreDriverMissingError} `ERR_RAG_STORE_DRIVER_MISSING`: not installed, or no binary for this machine.
 */
export async function loadLanceDriver(): Promise<LanceDriver> {
  try {
    const [lancedb, arrow] = await Promise.all([
      import('@lancedb/lancedb'),
      import('apache-arrow'),
    ]);
    return { lancedb, arrow };
  } catch (cause) {
    throw new StoreDriverMissingError({
      packages: ['@lancedb/lancedb', 'apache-arrow@18.1.0'],
      cause,
    });
  }
}
