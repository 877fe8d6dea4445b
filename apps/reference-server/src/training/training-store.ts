import type { Database } from '@espalier/database';
import type { TrainingJobStatus } from '@espalier/protocol';
import type { ServerTables, TrainingEventTable } from '../state/server-tables.js';
import { fromTrainingRow, toTrainingRow, type TrainingRecord } from './training-record.js';

/** An event of a training job as it is kept. */
export interface TrainingStoredEvent {
  readonly id: number;
  readonly type: string;
  readonly step: number | null;
  readonly atMs: number;
  /** The event as JSON text. */
  readonly json: string;
}

/** Keeps training jobs and their events. */
export interface TrainingStore {
  insert(record: TrainingRecord): Promise<void>;
  get(id: string): Promise<TrainingRecord | undefined>;
  /** Changes a record in one transaction; a change to `undefined` leaves it as it is. Resolves to what then stands. */
  change(
    id: string,
    to: (record: TrainingRecord) => Partial<TrainingRecord> | undefined,
  ): Promise<TrainingRecord | undefined>;
  /** Newest first. */
  list(options: {
    keyId?: string | undefined;
    statuses?: readonly TrainingJobStatus[] | undefined;
    beforeId?: string | undefined;
    limit: number;
  }): Promise<readonly TrainingRecord[]>;
  append(jobId: string, events: readonly Omit<TrainingStoredEvent, 'id'>[]): Promise<void>;
  /** Removes what the run that began last, and goes on from a step, tells again. */
  forgetAfter(jobId: string, step: number): Promise<void>;
  events(
    jobId: string,
    options: {
      afterId?: number;
      beforeId?: number;
      types?: readonly string[];
      limit: number;
      isNewestFirst?: boolean;
    },
  ): Promise<readonly TrainingStoredEvent[]>;
}

const STEP_TYPES = ['step', 'eval', 'sample', 'checkpoint'];

/** Creates the store. */
export function createTrainingStore(database: Database<ServerTables>): TrainingStore {
  return {
    async insert(record) {
      await database.write(async (trx) => {
        await trx.insertInto('training_jobs').values(toTrainingRow(record)).execute();
      });
    },
    async get(id) {
      const row = await database.read
        .selectFrom('training_jobs')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row && fromTrainingRow(row);
    },
    change: (id, to) =>
      database.write(async (trx) => {
        const row = await trx
          .selectFrom('training_jobs')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst();
        if (row === undefined) return undefined;
        const record = fromTrainingRow(row);
        const changes = to(record);
        if (changes === undefined) return record;
        const changed = { ...record, ...changes };
        await trx
          .updateTable('training_jobs')
          .set(toTrainingRow(changed))
          .where('id', '=', id)
          .execute();
        return changed;
      }),
    async list({ keyId, statuses, beforeId, limit }) {
      let query = database.read
        .selectFrom('training_jobs')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit);
      if (keyId !== undefined) query = query.where('key_id', '=', keyId);
      if (statuses !== undefined) query = query.where('status', 'in', statuses);
      if (beforeId !== undefined) query = query.where('id', '<', beforeId);
      return (await query.execute()).map(fromTrainingRow);
    },
    append: (jobId, events) =>
      database.write(async (trx) => {
        const last = await trx
          .selectFrom('training_events')
          .select((eb) => eb.fn.max('id').as('id'))
          .where('job_id', '=', jobId)
          .executeTakeFirst();
        const first = Number(last?.id ?? 0) + 1;
        await trx
          .insertInto('training_events')
          .values(
            events.map(({ type, step, atMs, json }, index) => ({
              job_id: jobId,
              id: first + index,
              type,
              step,
              at_ms: atMs,
              event: json,
            })),
          )
          .execute();
      }),
    async forgetAfter(jobId, step) {
      await database.write(async (trx) => {
        await trx
          .deleteFrom('training_events')
          .where('job_id', '=', jobId)
          .where('type', 'in', STEP_TYPES)
          .where('step', '>', step)
          .where('id', '<', (eb) =>
            eb
              .selectFrom('training_events')
              .select((inner) => inner.fn.max('id').as('id'))
              .where('job_id', '=', jobId)
              .where('type', '=', 'start'),
          )
          .execute();
      });
    },
    async events(jobId, { afterId, beforeId, types, limit, isNewestFirst = false }) {
      let query = database.read
        .selectFrom('training_events')
        .selectAll()
        .where('job_id', '=', jobId)
        .orderBy('id', isNewestFirst ? 'desc' : 'asc')
        .limit(limit);
      if (afterId !== undefined) query = query.where('id', '>', afterId);
      if (beforeId !== undefined) query = query.where('id', '<', beforeId);
      if (types !== undefined) query = query.where('type', 'in', types);
      return (await query.execute()).map(toEvent);
    },
  };
}

function toEvent({ id, type, step, at_ms, event }: TrainingEventTable): TrainingStoredEvent {
  return { id, type, step, atMs: Number(at_ms), json: event };
}
