import { EspalierError } from '@espalier/core';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChildProgram } from '../__fixtures__/child-process.js';
import { crashMigrations } from '../__fixtures__/crash-migrations.js';
import { testDatabaseKinds, type TestPlace } from '../__fixtures__/test-databases.js';
import type { Database } from '../database.js';
import { openDatabase } from '../open-database.js';
import type { Migration } from './migration.js';

interface Tables {
  first: { n: number };
  second: { n: number };
  third: { n: number };
  espalier_migrations: { namespace: string; id: string };
}

const table = (id: string, name: string): Migration => ({
  id,
  up: async (db) => {
    await db.schema.createTable(name).addColumn('n', 'integer').execute();
  },
});
const one = table('0001-one', 'first');
const two = table('0002-two', 'second');

describe.each(testDatabaseKinds)('migrations on $name', ({ name, create, skipReason }) => {
  let place: TestPlace;
  const open = (migrations: readonly Migration[], namespace?: string): Promise<Database<Tables>> =>
    openDatabase<Tables>({
      ...place.options,
      migrations,
      ...(namespace === undefined ? {} : { namespace }),
    });
  const openAndClose = async (
    migrations: readonly Migration[],
    namespace?: string,
  ): Promise<void> => {
    await (await open(migrations, namespace)).close();
  };
  const recorded = async (database: Database<Tables>): Promise<string[]> => {
    const rows = await database.read
      .selectFrom('espalier_migrations')
      .select('id')
      .orderBy('id')
      .execute();
    return rows.map(({ id }) => id);
  };

  beforeEach(async (context) => {
    if (skipReason !== undefined) context.skip(skipReason);
    place = await create();
  });
  afterEach(async () => {
    if (skipReason === undefined) await place.remove();
  });

  it('applies each once, over several starts', async () => {
    await openAndClose([one]);
    await openAndClose([one, two]);
    const database = await open([one, two]);
    expect(await recorded(database)).toEqual(['0001-one', '0002-two']);
    expect(await database.read.selectFrom('second').selectAll().execute()).toEqual([]);
    await database.close();
  });

  it('keeps the sets of several libraries apart', async () => {
    const database = await open([one], 'library-a');
    await database.migrate({ namespace: 'library-b', migrations: [{ ...two, id: '0001-one' }] });
    await database.migrate({ namespace: 'library-b', migrations: [{ ...two, id: '0001-one' }] });
    expect(await recorded(database)).toEqual(['0001-one', '0001-one']);
    await database.close();
  });

  it('takes back the whole of a migration that fails, and says which', async () => {
    const bad: Migration = {
      id: '0002-bad',
      up: async (db) => {
        await db.schema.createTable('second').addColumn('n', 'integer').execute();
        await sql`insert into nowhere values (1)`.execute(db);
      },
    };
    const error: unknown = await open([one, bad]).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'ERR_DATABASE_MIGRATION_FAILED',
      details: { namespace: 'main', id: '0002-bad' },
    });
    expect(EspalierError.isInstance((error as Error).cause)).toBe(true);
    const database = await open([one, two]);
    expect(await recorded(database)).toEqual(['0001-one', '0002-two']);
    await database.close();
  });

  it('refuses when the statements of an applied migration are others now', async () => {
    await openAndClose([one]);
    await expect(open([table('0001-one', 'another')])).rejects.toMatchObject({
      code: 'ERR_DATABASE_MIGRATION_CHANGED',
      message: expect.stringContaining('0001-one'),
    });
  });

  it('refuses when an applied migration is gone from its place', async () => {
    await openAndClose([one, two]);
    await expect(open([{ ...one, id: '0000-before' }, two])).rejects.toMatchObject({
      code: 'ERR_DATABASE_MIGRATION_CHANGED',
    });
  });

  it('does not mind how an applied migration is written, as long as its statements are the same', async () => {
    await openAndClose([one]);
    await openAndClose([
      {
        id: '0001-one',
        async up(anyOtherName) {
          const builder = anyOtherName.schema.createTable('first');
          await builder.addColumn('n', 'integer').execute();
        },
      },
    ]);
  });

  it('refuses a database that a later version has migrated further', async () => {
    await openAndClose([one, two]);
    await expect(open([one])).rejects.toMatchObject({
      code: 'ERR_DATABASE_NEWER',
      message: expect.stringContaining('0002-two'),
    });
  });

  it('refuses ids that are doubled or out of order, before it touches anything', async () => {
    await expect(open([two, one])).rejects.toMatchObject({ code: 'ERR_CORE_INVALID_ARGUMENT' });
    await expect(open([one, one])).rejects.toMatchObject({ code: 'ERR_CORE_INVALID_ARGUMENT' });
  });

  it.skipIf(name === 'PGlite')('lets several processes start at once', async () => {
    const databases = await Promise.all(Array.from({ length: 4 }, () => open([one, two])));
    expect(await recorded(databases[0] as Database<Tables>)).toEqual(['0001-one', '0002-two']);
    await Promise.all(databases.map((database) => database.close()));
  });

  it.skipIf(name === 'PGlite')('survives kill -9 in the middle of a migration', async () => {
    const child = startChildProgram('die-in-migration.ts', [place.options.url]);
    await child.printed('half-way');
    await child.kill();

    const before = await openDatabase<Tables>({
      ...place.options,
      migrations: [],
      namespace: 'only-to-look',
    });
    expect(await before.read.selectFrom('first').selectAll().execute()).toEqual([{ n: 1 }]);
    await expect(before.read.selectFrom('second').selectAll().execute()).rejects.toMatchObject({
      code: 'ERR_DATABASE_QUERY',
    });
    expect(await recorded(before)).toEqual(['0001-first']);
    await before.close();

    const after = await open(crashMigrations(async () => undefined));
    expect(await after.read.selectFrom('first').selectAll().execute()).toEqual([{ n: 100 }]);
    expect(await after.read.selectFrom('second').selectAll().orderBy('n').execute()).toEqual([
      { n: 2 },
      { n: 3 },
    ]);
    expect(await after.read.selectFrom('third').selectAll().execute()).toEqual([]);
    await after.close();
  });
});
