import { writeSync } from 'node:fs';
import { createSqliteJobQueue } from '../jobs/sqlite-job-queue.ts';
import { openDatabase } from '../open-database.ts';

// Begins a job, enqueues another, and stays inside the first until it is killed.
const [url = ''] = process.argv.slice(2);
const database = await openDatabase<object>({ url, migrations: [] });
const queue = await createSqliteJobQueue({ database });
await queue.work({
  kind: 'deadly',
  handler: async (_, { progress }) => {
    await progress('half-way');
    await queue.enqueue({ kind: 'enqueued-last', payload: null });
    writeSync(1, 'running\n');
    setInterval(() => undefined, 60_000);
    return new Promise(() => undefined);
  },
});
await queue.enqueue({ kind: 'deadly', payload: { n: 1 } });
