import { StoreDriverMissingError } from '../../errors.js';
import type { PgPool } from '../pg-pool.js';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Loads `pg` and makes a pool.
 *
 * @throws {StoreDriverMissingError} `ERR_RAG_STORE_DRIVER_MISSING`: `pg` is not installed.
 */
export async function loadPgPool(options: {
  url: string;
  maxConnections: number;
}): Promise<PgPool> {
  let pg: typeof import('pg');
  try {
    pg = await import('pg');
  } catch (cause) {
    throw new StoreDriverMissingError({ packages: ['pg'], cause });
  }
  const { Pool } = pg.default ?? pg;
  const pool = new Pool({
    connectionString: options.url,
    max: options.maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'espalier',
  });
  // A broken idle connection is replaced at the next use; unheard, the event would end the process.
  pool.on('error', () => undefined);
  return {
    query: (text, values) => pool.query(text, values === undefined ? undefined : [...values]),
    async connect() {
      const client = await pool.connect();
      return {
        query: (text, values) => client.query(text, values === undefined ? undefined : [...values]),
        release: (destroy) => client.release(destroy),
      };
    },
    end: () => pool.end(),
  };
}
