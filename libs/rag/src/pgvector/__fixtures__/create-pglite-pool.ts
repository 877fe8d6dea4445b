import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import type { PgConnection, PgPool, PgQueryable } from '../pg-pool.js';

/** A pool over PGlite, PostgreSQL in this process with one connection: whoever takes it out has it alone. */
export async function createPglitePool(): Promise<PgPool> {
  const pglite = await PGlite.create({ extensions: { vector } });
  let last: Promise<void> = Promise.resolve();
  const run: PgQueryable['query'] = async (text, values) => {
    const { rows } = await pglite.query<Record<string, unknown>>(text, [...(values ?? [])]);
    return { rows };
  };
  const take = async (): Promise<() => void> => {
    const before = last;
    let release = (): void => undefined;
    last = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  };
  return {
    async query(text, values) {
      const release = await take();
      try {
        return await run(text, values);
      } finally {
        release();
      }
    },
    async connect(): Promise<PgConnection> {
      const release = await take();
      return { query: run, release };
    },
    end: () => pglite.close(),
  };
}
