import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EspalierError } from '@espalier/core';
import { createRecordingLogger } from '@espalier/testing';
import { sql, type Generated } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSqlitePlace,
  testDatabaseKinds,
  type TestPlace,
} from './__fixtures__/test-databases.js';
import type { Database } from './database.js';
import type { Migration } from './migrations/migration.js';
import { openDatabase } from './open-database.js';

interface Tables {
  person: { id: Generated<number>; name: string; age: number | null; photo: Uint8Array | null };
  pet: { name: string; owner_id: number };
}

const migrations: readonly Migration[] = [
  {
    id: '0001-people',
    async up(db, dialect) {
      await db.schema
        .createTable('person')
        .addColumn('id', dialect === 'sqlite' ? 'integer' : 'serial', (column) =>
          column.primaryKey(),
        )
        .addColumn('name', 'text', (column) => column.notNull().unique())
        .addColumn('age', 'bigint', (column) => column.check(sql`age >= 0`))
        .addColumn('photo', dialect === 'sqlite' ? 'blob' : 'bytea')
        .execute();
      await db.schema
        .createTable('pet')
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('owner_id', 'integer', (column) => column.notNull().references('person.id'))
        .execute();
    },
  },
];

const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const error: unknown = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return EspalierError.isInstance(error) ? error.code : `not typed: ${String(error)}`;
};

describe.each(testDatabaseKinds)(
  'openDatabase on $name',
  { timeout: 30_000 },
  ({ create, skipReason }) => {
    let place: TestPlace;
    let database: Database<Tables>;

    beforeEach(async (context) => {
      if (skipReason !== undefined) context.skip(skipReason);
      place = await create();
      database = await openDatabase<Tables>({ ...place.options, migrations });
    });
    afterEach(async () => {
      if (skipReason !== undefined) return;
      await database.close();
      await place.remove();
    });

    const insert = (name: string, age: number | null = null): Promise<unknown> =>
      database.write((trx) =>
        trx.insertInto('person').values({ name, age, photo: null }).execute(),
      );
    const names = async (): Promise<string[]> =>
      (await database.read.selectFrom('person').select('name').orderBy('name').execute()).map(
        ({ name }) => name,
      );

    it('gives back what was written: text, large integers, bytes, null', async () => {
      const photo = Uint8Array.of(0, 255, 7);
      const name = "O'Brien — 漢字 😀";
      await database.write((trx) =>
        trx.insertInto('person').values({ name, age: Number.MAX_SAFE_INTEGER, photo }).execute(),
      );
      const row = await database.read.selectFrom('person').selectAll().executeTakeFirstOrThrow();
      expect({ ...row, photo: Uint8Array.from(row.photo ?? []) }).toEqual({
        id: 1,
        name,
        age: Number.MAX_SAFE_INTEGER,
        photo,
      });
      const { count } = await database.read
        .selectFrom('person')
        .select((expression) => expression.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      expect(count).toBe(1);
    });

    it('returns rows, ids and counts from writes', async () => {
      const [first] = await database.write((trx) =>
        trx
          .insertInto('person')
          .values({ name: 'Ada', age: 1, photo: null })
          .returning(['id', 'name'])
          .execute(),
      );
      expect(first).toEqual({ id: 1, name: 'Ada' });
      await insert('Ben', 2);
      const [updated] = await database.write((trx) =>
        trx.updateTable('person').set({ age: 3 }).execute(),
      );
      expect(updated?.numUpdatedRows).toBe(2n);
      const [deleted] = await database.write((trx) =>
        trx.deleteFrom('person').where('name', '=', 'Ada').execute(),
      );
      expect(deleted?.numDeletedRows).toBe(1n);
    });

    it('shows a reader what was committed, at once, and nothing before', async () => {
      const inside: Promise<string[]>[] = [];
      await database.write(async (trx) => {
        await trx.insertInto('person').values({ name: 'Ada', age: null, photo: null }).execute();
        inside.push(names());
        expect(await trx.selectFrom('person').select('name').execute()).toHaveLength(1);
        if (database.dialect === 'sqlite') expect(await inside[0]).toEqual([]);
      });
      await Promise.all(inside);
      expect(await names()).toEqual(['Ada']);
    });

    it('keeps nothing of a write that throws, and throws its error unchanged', async () => {
      const failure = new Error('Changed my mind.');
      const write = database.write(async (trx) => {
        await trx.insertInto('person').values({ name: 'Ada', age: null, photo: null }).execute();
        throw failure;
      });
      await expect(write).rejects.toBe(failure);
      expect(await names()).toEqual([]);
      await insert('Ben');
      expect(await names()).toEqual(['Ben']);
    });

    it('runs many writes at once without mixing their transactions', async () => {
      await insert('counter', 0);
      const attempts = Array.from({ length: 40 }, (_, n) =>
        database.write(async (trx) => {
          let query = trx.selectFrom('person').select('age').where('name', '=', 'counter');
          if (database.dialect === 'postgres') query = query.forUpdate();
          const { age } = await query.executeTakeFirstOrThrow();
          await trx
            .updateTable('person')
            .set({ age: (age ?? 0) + 1 })
            .where('name', '=', 'counter')
            .execute();
          if (n % 4 === 0) throw new Error('Every fourth one fails.');
        }),
      );
      const results = await Promise.allSettled(attempts);
      expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10);
      const row = await database.read.selectFrom('person').select('age').executeTakeFirstOrThrow();
      expect(row.age).toBe(30);
    });

    it('names the rule that a write breaks', async () => {
      await insert('Ada');
      await expect(insert('Ada')).rejects.toMatchObject({
        code: 'ERR_DATABASE_CONSTRAINT',
        kind: 'unique',
      });
      await expect(insert('Ben', -1)).rejects.toMatchObject({
        code: 'ERR_DATABASE_CONSTRAINT',
        kind: 'check',
      });
      const orphan = database.write((trx) =>
        trx.insertInto('pet').values({ name: 'Rex', owner_id: 99 }).execute(),
      );
      await expect(orphan).rejects.toMatchObject({
        code: 'ERR_DATABASE_CONSTRAINT',
        kind: 'foreign-key',
      });
      const nameless = database.write((trx) =>
        sql`insert into person (name) values (null)`.execute(trx),
      );
      await expect(nameless).rejects.toMatchObject({
        code: 'ERR_DATABASE_CONSTRAINT',
        kind: 'not-null',
      });
    });

    it('gives a typed error for a statement that makes no sense', async () => {
      expect(await codeOf(sql`select * from nowhere`.execute(database.read))).toBe(
        'ERR_DATABASE_QUERY',
      );
      expect(await codeOf(database.write((trx) => sql`selec 1`.execute(trx)))).toBe(
        'ERR_DATABASE_QUERY',
      );
    });

    it('refuses to write through its reading side', async () => {
      const write = database.read
        .insertInto('person')
        .values({ name: 'Ada', age: null, photo: null })
        .execute();
      expect(await codeOf(write)).toBe('ERR_DATABASE_READ_ONLY');
      expect(await codeOf(database.read.deleteFrom('person').execute())).toBe(
        'ERR_DATABASE_READ_ONLY',
      );
      expect(await names()).toEqual([]);
    });

    it('refuses a write inside a write instead of waiting for itself', async () => {
      const nested = database.write(async () => {
        await insert('inner');
      });
      expect(await codeOf(nested)).toBe('ERR_DATABASE_NESTED_WRITE');
      await insert('after');
      expect(await names()).toEqual(['after']);
    });

    it('keeps every row when it is purged, in turn with the writes', async () => {
      const done = Promise.all([insert('before'), database.purge(), insert('after')]);
      await done;
      expect(await names()).toEqual(['after', 'before']);
    });

    it('lets writes end that were asked for before it was closed, and refuses later ones', async () => {
      const writes = ['a', 'b', 'c'].map((name) => insert(name));
      const closed = database.close();
      expect(await codeOf(insert('late'))).toBe('ERR_DATABASE_CLOSED');
      await Promise.all(writes);
      await closed;
      await database.close();
      expect(await codeOf(database.ping())).toBe('ERR_DATABASE_CLOSED');
      database = await openDatabase<Tables>({ ...place.options, migrations });
      expect(await names()).toEqual(['a', 'b', 'c']);
    });

    it('answers a ping', async () => {
      await expect(database.ping()).resolves.toBeUndefined();
    });
  },
);

describe('openDatabase on a SQLite file', () => {
  let place: Awaited<ReturnType<typeof createSqlitePlace>>;
  beforeEach(async () => {
    place = await createSqlitePlace();
  });
  afterEach(async () => {
    await place.remove();
  });

  it('makes the folders above the file, and takes an address with slashes', async () => {
    const path = join(place.path, '../deep/er/test.db');
    const database = await openDatabase<Tables>({ url: `sqlite://${path}`, migrations });
    await database.close();
    const again = await openDatabase<Tables>({ url: `sqlite:${path}`, migrations });
    expect(await again.read.selectFrom('person').selectAll().execute()).toEqual([]);
    await again.close();
  });

  it('leaves one file behind when it is closed', async () => {
    const database = await openDatabase<Tables>({ ...place.options, migrations });
    await database.close();
    const { readdir } = await import('node:fs/promises');
    expect(await readdir(join(place.path, '..'))).toEqual(['test.db']);
  });

  it('keeps databases in memory apart, and forgets them', async () => {
    const first = await openDatabase<Tables>({ url: 'sqlite::memory:', migrations });
    const second = await openDatabase<Tables>({ url: 'sqlite::memory:', migrations });
    await first.write((trx) =>
      trx.insertInto('person').values({ name: 'Ada', age: null, photo: null }).execute(),
    );
    expect(await second.read.selectFrom('person').selectAll().execute()).toEqual([]);
    await Promise.all([first.close(), second.close()]);
  });

  it('writes ahead and checks foreign keys', async () => {
    const database = await openDatabase<Tables>({ ...place.options, migrations });
    const pragmas = await database.write(async (trx) => ({
      mode: (await sql<{ journal_mode: string }>`pragma journal_mode`.execute(trx)).rows[0]
        ?.journal_mode,
      synchronous: (await sql<{ synchronous: number }>`pragma synchronous`.execute(trx)).rows[0]
        ?.synchronous,
      keys: (await sql<{ foreign_keys: number }>`pragma foreign_keys`.execute(trx)).rows[0]
        ?.foreign_keys,
    }));
    expect(pragmas).toEqual({ mode: 'wal', synchronous: 1, keys: 1 });
    await database.close();
    const careful = await openDatabase<Tables>({
      ...place.options,
      migrations,
      durability: 'power',
    });
    const full = await careful.write((trx) =>
      sql<{ synchronous: number }>`pragma synchronous`.execute(trx),
    );
    expect(full.rows[0]?.synchronous).toBe(2);
    await careful.close();
  });

  it('streams rows without holding other readers at an old state', async () => {
    const database = await openDatabase<Tables>({ ...place.options, migrations });
    const add = (name: string): Promise<unknown> =>
      database.write((trx) =>
        trx.insertInto('person').values({ name, age: null, photo: null }).execute(),
      );
    for (const name of ['a', 'b', 'c']) await add(name);
    const seen: string[] = [];
    for await (const { name } of database.read
      .selectFrom('person')
      .select('name')
      .orderBy('name')
      .stream()) {
      seen.push(name);
      if (name === 'a') {
        await add('z');
        expect(await database.read.selectFrom('person').selectAll().execute()).toHaveLength(4);
      }
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    await database.close();
  });

  it('refuses raw writes, transactions, and values it cannot store, by name', async () => {
    const database = await openDatabase<Tables>({ ...place.options, migrations });
    expect(await codeOf(sql`delete from person`.execute(database.read))).toBe(
      'ERR_DATABASE_READ_ONLY',
    );
    expect(await codeOf(database.read.transaction().execute(async () => undefined))).toBe(
      'ERR_DATABASE_READ_ONLY',
    );
    const odd = database.read
      .selectFrom('person')
      .selectAll()
      .where('name', '=', new Date(0) as never)
      .execute();
    await expect(odd).rejects.toThrow(/parameter 1 is of type Date/u);
    await database.close();
  });

  it('does not make the calling thread wait for a write', async () => {
    const database = await openDatabase<Tables>({ ...place.options, migrations });
    let turns = 0;
    const write = database.write((trx) =>
      sql`with recursive count(n) as (select 1 union all select n + 1 from count where n < 300000)
          insert into person (name) select 'person ' || n from count`.execute(trx),
    );
    let isDone = false;
    void write.then(() => (isDone = true));
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    expect(turns).toBeGreaterThan(100);
    await database.close();
  });

  it('says that a file is no database', async () => {
    await writeFile(place.path, 'This is a letter, not a database. '.repeat(100));
    const opening = openDatabase({ ...place.options, migrations });
    await expect(opening).rejects.toMatchObject({
      code: 'ERR_DATABASE_CORRUPT',
      message: expect.stringContaining(place.path),
    });
  });

  it('says that a damaged database is damaged', async () => {
    const database = await openDatabase<Tables>({ ...place.options, migrations });
    await database.write(async (trx) => {
      for (let n = 0; n < 200; n++) {
        await trx
          .insertInto('person')
          .values({ name: `person ${n} ${'x'.repeat(200)}`, age: n, photo: null })
          .execute();
      }
    });
    await database.close();
    const { open } = await import('node:fs/promises');
    const file = await open(place.path, 'r+');
    for (let page = 2; page < 10; page++)
      await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
    await file.close();
    const damaged = await openDatabase<Tables>({ ...place.options, migrations });
    expect(await codeOf(damaged.read.selectFrom('person').selectAll().execute())).toBe(
      'ERR_DATABASE_CORRUPT',
    );
    await damaged.close();
  });

  it('says that a place cannot be written', async () => {
    await mkdir(place.path);
    expect(await codeOf(openDatabase({ ...place.options, migrations }))).toBe(
      'ERR_DATABASE_UNWRITABLE',
    );
    await writeFile(`${place.path}/file`, '');
    expect(
      await codeOf(openDatabase({ url: `sqlite:${place.path}/file/below.db`, migrations })),
    ).toBe('ERR_DATABASE_UNWRITABLE');
  });

  it.skipIf(process.getuid?.() === 0)('says that a folder is read-only', async () => {
    const folder = join(place.path, '..');
    await chmod(folder, 0o500);
    expect(await codeOf(openDatabase({ ...place.options, migrations }))).toBe(
      'ERR_DATABASE_UNWRITABLE',
    );
    await chmod(folder, 0o700);
  });

  it('says that there is no room left, keeps nothing of the write, and goes on', async () => {
    const database = await openDatabase<Tables>({ ...place.options, migrations });
    await database.write((trx) => sql`pragma max_page_count = 20`.execute(trx));
    const photo = new Uint8Array(1_000_000);
    const large = database.write(async (trx) => {
      await trx.insertInto('person').values({ name: 'small', age: null, photo: null }).execute();
      await trx.insertInto('person').values({ name: 'large', age: null, photo }).execute();
    });
    expect(await codeOf(large)).toBe('ERR_DATABASE_FULL');
    await database.write((trx) =>
      trx.insertInto('person').values({ name: 'next', age: null, photo: null }).execute(),
    );
    expect(await database.read.selectFrom('person').select('name').execute()).toEqual([
      { name: 'next' },
    ]);
    await database.close();
  });

  it('says that another process holds the file', async () => {
    const database = await openDatabase<Tables>({
      ...place.options,
      migrations,
      busyTimeoutMs: 10,
    });
    const { DatabaseSync } = await import('node:sqlite');
    const other = new DatabaseSync(place.path);
    other.exec('begin immediate');
    const select = (): Promise<unknown> => database.write((trx) => sql`select 1`.execute(trx));
    await expect(select()).rejects.toMatchObject({ code: 'ERR_DATABASE_BUSY', isRetryable: true });
    other.exec('rollback');
    other.close();
    await expect(select()).resolves.toBeDefined();
    await database.close();
  });
});

describe('openDatabase', () => {
  it.each(['', 'mysql://root:hunter2@host/db', 'sqlite:', 'file.db'])(
    'refuses the address "%s" and repeats no password',
    async (url) => {
      const error: unknown = await openDatabase({ url, migrations: [] }).catch(
        (caught: unknown) => caught,
      );
      expect(error).toMatchObject({ code: 'ERR_DATABASE_URL' });
      expect(String(error)).not.toContain('hunter2');
    },
  );

  it('says that no server answers', async () => {
    const opening = openDatabase({
      url: 'postgres://nobody:hunter2@127.0.0.1:1/none',
      migrations: [],
    });
    await expect(opening).rejects.toMatchObject({
      code: 'ERR_DATABASE_UNREACHABLE',
      isRetryable: true,
    });
  });

  it('opens nothing when it is aborted', async () => {
    const reason = new Error('Enough.');
    const opening = openDatabase({
      url: 'sqlite::memory:',
      migrations: [],
      abortSignal: AbortSignal.abort(reason),
    });
    await expect(opening).rejects.toBe(reason);
  });

  it('logs each migration that it applies', async () => {
    const logger = createRecordingLogger();
    const database = await openDatabase({ url: 'sqlite::memory:', migrations, logger });
    expect(logger.lines).toMatchObject([
      { level: 'info', fields: { namespace: 'main', id: '0001-people' } },
    ]);
    await database.close();
  });
});
