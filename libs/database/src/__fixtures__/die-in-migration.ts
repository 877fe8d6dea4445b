import { writeSync } from 'node:fs';
import { openDatabase } from '../open-database.ts';
import { crashMigrations } from './crash-migrations.ts';

// Opens a database and stays inside the second migration, until it is killed.
const [url = ''] = process.argv.slice(2);
let runs = 0;
await openDatabase({
  url,
  migrations: crashMigrations(async () => {
    // The first run is the one that only records statements.
    if (++runs < 2) return;
    writeSync(1, 'half-way\n');
    setInterval(() => undefined, 60_000);
    await new Promise(() => undefined);
  }),
});
