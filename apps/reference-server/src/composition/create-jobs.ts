import type { Clock, IdGenerator, JobQueue, Logger, Random } from '@espalier/core';
import { createSqliteJobQueue, type Database } from '@espalier/database';
import type { ServerTables } from '../state/server-tables.js';

/** Opens the durable jobs: in pg-boss where the data is in PostgreSQL, else in SQLite's own journal. */
export async function createJobs(options: {
  /** Of the configured database; absent: SQLite. */
  url: string | undefined;
  database: Database<ServerTables>;
  clock: Clock;
  ids: IdGenerator;
  random: Random;
  logger: Logger;
}): Promise<JobQueue> {
  const { url, ...journal } = options;
  if (url?.startsWith('postgres') !== true) return createSqliteJobQueue(journal);
  const { createPgBossJobQueue } = await import('@espalier/database/pg-boss');
  return createPgBossJobQueue({ connectionString: url });
}
