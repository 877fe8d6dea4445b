import type { Migration } from '../migrations/migration.ts';

/** Three steps, the second of which does something in its middle. */
export function crashMigrations(inTheMiddle: () => Promise<void>): readonly Migration[] {
  return [
    {
      id: '0001-first',
      async up(db) {
        await db.schema.createTable('first').addColumn('n', 'integer').execute();
        await db.insertInto('first').values({ n: 1 }).execute();
      },
    },
    {
      id: '0002-second',
      async up(db) {
        await db.schema.createTable('second').addColumn('n', 'integer').execute();
        await db.insertInto('second').values({ n: 2 }).execute();
        await db.updateTable('first').set({ n: 100 }).execute();
        await inTheMiddle();
        await db.insertInto('second').values({ n: 3 }).execute();
      },
    },
    {
      id: '0003-third',
      async up(db) {
        await db.schema.createTable('third').addColumn('n', 'integer').execute();
      },
    },
  ];
}
