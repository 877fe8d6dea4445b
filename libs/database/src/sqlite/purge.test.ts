import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createSqlitePlace } from '../__fixtures__/test-databases.js';
import { DatabaseClosedError } from '../errors.js';
import { openDatabase } from '../open-database.js';

interface Tables {
  note: { id: number; text: string };
}

it('purge leaves no byte of deleted or replaced rows in any file', async () => {
  const place = await createSqlitePlace();
  const database = await openDatabase<Tables>({
    ...place.options,
    secureDelete: true,
    migrations: [
      {
        id: '0001-notes',
        async up(db) {
          await db.schema
            .createTable('note')
            .addColumn('id', 'integer', (column) => column.primaryKey())
            .addColumn('text', 'text', (column) => column.notNull().unique())
            .execute();
        },
      },
    ],
  });
  const bytes = async (): Promise<string> => {
    const folder = dirname(place.path);
    const files = await readdir(folder);
    const read = files.map((file) => readFile(join(folder, file), 'latin1'));
    return (await Promise.all(read)).join('');
  };
  const numbers = Array.from({ length: 200 }, (_, n) => n);
  await database.write(async (trx) => {
    for (const id of numbers) {
      const text = `canary-${id}-${'x'.repeat((id * 37) % 900)};`;
      await trx.insertInto('note').values({ id, text }).execute();
    }
  });
  await database.write((trx) => trx.deleteFrom('note').where('id', '>=', 50).execute());
  await database.write((trx) =>
    trx.updateTable('note').set({ text: 'replaced' }).where('id', '=', 7).execute(),
  );
  await database.purge();

  const left = await bytes();
  const found = numbers.filter((id) => left.includes(`canary-${id}-`));
  expect(found).toEqual(numbers.filter((id) => id < 50 && id !== 7));
  expect(
    await database.read.selectFrom('note').select('text').where('id', '=', 7).execute(),
  ).toEqual([{ text: 'replaced' }]);
  await database.close();
  await expect(database.purge()).rejects.toThrow(DatabaseClosedError);
  await place.remove();
});
