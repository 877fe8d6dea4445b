import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGliteDialect, type Dialect } from 'kysely';
import type { OpenDatabaseOptions } from '../open-database.js';

/** An empty place for a database that can be opened several times, until it is removed. */
export interface TestPlace {
  readonly options: Pick<OpenDatabaseOptions, 'url'> & Partial<Pick<OpenDatabaseOptions, 'dialect'>>;
  remove(): Promise<void>;
}

/** One kind of database to run a suite on. */
export interface TestDatabaseKind {
  readonly name: string;
  /** Why the suite cannot run here; absent when it can. */
  readonly skipReason?: string;
  create(): Promise<TestPlace>;
}

const postgresUrl = process.env['ESPALIER_TEST_POSTGRES_URL'];

/** SQLite, PGlite, and the PostgreSQL at `ESPALIER_TEST_POSTGRES_URL` where that is set. */
export const testDatabaseKinds: readonly TestDatabaseKind[] = [
  { name: 'SQLite', create: createSqlitePlace },
  { name: 'PGlite', create: createPglitePlace },
  {
    name: 'PostgreSQL',
    ...(postgresUrl === undefined ? { skipReason: 'ESPALIER_TEST_POSTGRES_URL is not set' } : {}),
    create: () => createPostgresPlace(postgresUrl ?? ''),
  },
];

/** A folder with a SQLite file to be. */
export async function createSqlitePlace(): Promise<TestPlace & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'espalier-database-test-'));
  const path = join(folder, 'test.db');
  return { path, options: { url: `sqlite:${path}` }, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Starting PGlite takes seconds, so that one instance serves all tests of a file, one after the other. */
let shared: Promise<PGlite> | undefined;

async function createPglitePlace(): Promise<TestPlace> {
  shared ??= PGlite.create();
  const pglite = await shared;
  await pglite.exec('drop schema if exists public cascade; create schema public;');
  return {
    options: { url: 'postgres://pglite', dialect: () => keepOpen(new PGliteDialect({ pglite })) },
    remove: async () => undefined,
  };
}

/** Closing a database must not take the in-process server with it. */
function keepOpen(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => Object.assign(dialect.createDriver(), { destroy: async () => undefined }),
  };
}

async function createPostgresPlace(url: string): Promise<TestPlace> {
  const { default: pg } = await import('pg');
  const name = `espalier_test_${crypto.randomUUID().replaceAll('-', '')}`;
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await run(`create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { options: { url: own.href }, remove: () => run(`drop database ${name} with (force)`) };
}
