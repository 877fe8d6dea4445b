import {
  EspalierError,
  InvalidArgumentError,
  isAbortError,
  type Clock,
  type Logger,
} from '@espalier/core';
import { sql, type Transaction } from 'kysely';
import type { DatabaseDialect, MigrationSet } from '../database.js';
import {
  DatabaseConstraintError,
  DatabaseNewerError,
  DatabaseQueryError,
  MigrationChangedError,
  MigrationFailedError,
} from '../errors.js';
import type { Migration } from './migration.js';
import { migrationChecksum } from './migration-checksum.js';

interface RecordedMigration {
  readonly namespace: string;
  readonly id: string;
  readonly position: number;
  readonly checksum: string;
  readonly applied_at_ms: number;
}

interface MigrationTables {
  espalier_migrations: RecordedMigration;
}

interface Step {
  readonly migration: Migration;
  readonly checksum: string;
}

/** What running migrations needs of a database. */
export interface MigrationTarget {
  readonly dialect: DatabaseDialect;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Migrations run over tables of every kind.
  write<T>(work: (trx: Transaction<any>) => Promise<T>): Promise<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly abortSignal?: AbortSignal | undefined;
}

/** Any number that nothing else on the server is likely to lock. */
const ADVISORY_LOCK = 7_235_310_914_004_481;

/**
 * Applies the migrations of a set that the database does not have yet, in order, each in one transaction together
 * with its record. A process that dies on the way leaves whole migrations only; two processes do not disturb each
 * other.
 */
export async function runMigrations(target: MigrationTarget, set: MigrationSet): Promise<void> {
  assertOrdered(set.migrations);
  const steps: Step[] = [];
  for (const migration of set.migrations) {
    steps.push({ migration, checksum: await migrationChecksum(migration, target.dialect) });
  }
  let appliedCount = await target.write(async (trx: Transaction<MigrationTables>) => {
    await lock(trx, target.dialect);
    await trx.schema
      .createTable('espalier_migrations')
      .ifNotExists()
      .addColumn('namespace', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('checksum', 'text', (column) => column.notNull())
      .addColumn('applied_at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('espalier_migrations_pk', ['namespace', 'id'])
      .execute();
    return countApplied(trx, set.namespace, steps);
  });
  while (appliedCount < steps.length) {
    target.abortSignal?.throwIfAborted();
    appliedCount = await target.write(async (trx: Transaction<MigrationTables>) => {
      await lock(trx, target.dialect);
      const count = await countApplied(trx, set.namespace, steps);
      const step = steps[count];
      if (step === undefined) return count;
      await apply(trx, step, { target, namespace: set.namespace, position: count });
      return count + 1;
    });
  }
}

async function apply(
  trx: Transaction<MigrationTables>,
  { migration, checksum }: Step,
  context: { target: MigrationTarget; namespace: string; position: number },
): Promise<void> {
  const { target, namespace, position } = context;
  try {
    await migration.up(trx, target.dialect);
  } catch (error) {
    if (isOfTheSurroundings(error)) throw error;
    throw new MigrationFailedError({ namespace, id: migration.id, cause: error });
  }
  await trx
    .insertInto('espalier_migrations')
    .values({ namespace, id: migration.id, position, checksum, applied_at_ms: target.clock.now() })
    .execute();
  target.logger.info('Applied a database migration.', { namespace, id: migration.id });
}

/** A full disk or a lost connection is not the migration's fault and keeps its own type. */
function isOfTheSurroundings(error: unknown): boolean {
  if (isAbortError(error)) return true;
  const isOfTheQuery =
    DatabaseQueryError.isInstance(error) || DatabaseConstraintError.isInstance(error);
  return EspalierError.isInstance(error) && error.code.startsWith('ERR_DATABASE_') && !isOfTheQuery;
}

async function lock(trx: Transaction<MigrationTables>, dialect: DatabaseDialect): Promise<void> {
  // On SQLite every write transaction is exclusive from its beginning.
  if (dialect === 'postgres')
    await sql`select pg_advisory_xact_lock(${sql.lit(ADVISORY_LOCK)})`.execute(trx);
}

async function countApplied(
  trx: Transaction<MigrationTables>,
  namespace: string,
  steps: readonly Step[],
): Promise<number> {
  const recorded = await trx
    .selectFrom('espalier_migrations')
    .select(['id', 'checksum'])
    .where('namespace', '=', namespace)
    .orderBy('position')
    .execute();
  recorded.forEach(({ id, checksum }, position) => {
    const step = steps[position];
    if (step === undefined) throw new DatabaseNewerError({ namespace, id });
    if (step.migration.id !== id) {
      const problem = `now "${step.migration.id}" stands in its place`;
      throw new MigrationChangedError({ namespace, id, problem });
    }
    if (step.checksum !== checksum) {
      throw new MigrationChangedError({ namespace, id, problem: 'its statements are others now' });
    }
  });
  return recorded.length;
}

function assertOrdered(migrations: readonly Migration[]): void {
  let previous = '';
  for (const { id } of migrations) {
    if (id <= previous) {
      throw new InvalidArgumentError({
        argument: 'migrations',
        value: id,
        expected: `in ascending order of ids, each once, and this one comes after "${previous}"`,
      });
    }
    previous = id;
  }
}
