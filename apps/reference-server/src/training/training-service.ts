import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  EspalierError,
  type Clock,
  type IdGenerator,
  type Job,
  type JobContext,
  type JobQueue,
  type Logger,
} from '@espalier/core';
import { JobLostError } from '@espalier/database';
import type { TrainingJobStatus } from '@espalier/protocol';
import type { TrainingBackendName, TrainingJob, TrainingProgram } from '@espalier/training';
import { referenceOf, type ModelRegistry } from '@espalier/mlops';
import { registerTrainedJob } from './register-trained-job.js';
import {
  fileUnknown,
  trainingFolderFailed,
  trainingJobState,
  trainingJobUnknown,
} from '../errors/training-errors.js';
import { buildTrainingJob, findTrainingBase, writeJobFile } from './build-training-job.js';
import {
  cleanTrainingFolders,
  type TrainingCleanReport,
  type TrainingRetention,
} from './clean-training-folders.js';
import type { FileStore } from './file-store.js';
import { createTrainingEvents, type TrainingEvents } from './training-events.js';
import { isFinalTraining, type TrainingRecord, type TrainingRequest } from './training-record.js';
import type { TrainingStore } from './training-store.js';

/** The kind under which training stands in the job queue. */
export const TRAINING_JOB = 'training';
/** How long a pause waits for the step under way. */
const PAUSE_GRACE_MS = 120_000;
/** How long a stop of the server waits for a checkpoint. */
const STOP_GRACE_MS = 800;
/** How often a job is begun again when its server died. */
const MAX_ATTEMPTS = 20;

/** Trains models in processes of their own. */
export interface TrainingService {
  create(options: { keyId: string; request: TrainingRequest }): Promise<TrainingRecord>;
  /** `keyId`: only one of this key. @throws {RequestError} `ERR_SERVER_TRAINING_JOB_UNKNOWN` */
  get(id: string, keyId: string | undefined): Promise<TrainingRecord>;
  list(options: {
    keyId: string | undefined;
    statuses?: readonly TrainingJobStatus[] | undefined;
    beforeId?: string | undefined;
    limit: number;
  }): Promise<readonly TrainingRecord[]>;
  /** @throws {RequestError} `ERR_SERVER_TRAINING_JOB_STATE` */
  pause: (id: string, keyId: string | undefined) => Promise<TrainingRecord>;
  resume: (id: string, keyId: string | undefined) => Promise<TrainingRecord>;
  cancel: (id: string, keyId: string | undefined) => Promise<TrainingRecord>;
  readonly events: TrainingEvents;
  /** What was told of a job that the caller may see. */
  readonly stored: TrainingStore['events'];
  /** Removes the folders of jobs that finished long ago. */
  clean(options?: { readonly isDryRun?: boolean }): Promise<TrainingCleanReport>;
  /** Begins to work, first on what a dead process left. */
  start(): Promise<void>;
}

/** What the service is made of. */
export interface TrainingServiceOptions {
  readonly store: TrainingStore;
  readonly files: FileStore;
  readonly registry: ModelRegistry;
  readonly jobs: JobQueue;
  /** Where outputs go. */
  readonly folder: string;
  readonly models: Readonly<Record<string, string>>;
  readonly concurrency: number;
  readonly retention: TrainingRetention;
  readonly backend: TrainingBackendName | undefined;
  /** Units: bytes. */
  readonly maxMemory: number | undefined;
  readonly program: TrainingProgram;
  readonly version: string;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
}

/** Creates the service over its stores and the queue. */
export function createTrainingService(options: TrainingServiceOptions): TrainingService {
  const { store, files, registry, jobs, clock, ids, logger } = options;
  const events = createTrainingEvents({ store, clock, logger });
  const folderOf = (id: string): string => join(options.folder, id);

  const get: TrainingService['get'] = async (id, keyId) => {
    const record = await store.get(id);
    if (record === undefined || (keyId !== undefined && record.keyId !== keyId))
      throw trainingJobUnknown(id);
    return record;
  };
  const jobOf = ({ id, request }: Pick<TrainingRecord, 'id' | 'request'>): Promise<TrainingJob> =>
    buildTrainingJob({
      request,
      base: findTrainingBase(request.model, options),
      folder: folderOf(id),
      trainData: files.pathOf(request.trainingFile),
      evalData: request.validationFile === null ? undefined : files.pathOf(request.validationFile),
    });
  const enqueue = async (id: string): Promise<void> => {
    const job = await jobs.enqueue({
      kind: TRAINING_JOB,
      payload: { trainingId: id },
      maxAttempts: MAX_ATTEMPTS,
    });
    await store.change(id, () => ({ queueId: job.id }));
  };
  const change = async (
    id: string,
    to: (record: TrainingRecord) => Partial<TrainingRecord> | undefined,
  ): Promise<TrainingRecord> => {
    const before = await store.get(id);
    const changed = await store.change(id, to);
    if (changed === undefined) throw trainingJobUnknown(id);
    if (before !== undefined && before.status !== changed.status) {
      await events.add(id, { type: 'status', status: changed.status, error: changed.error });
      events.changed(id);
    }
    return changed;
  };
  const end = (id: string, changes: Partial<TrainingRecord>): Promise<TrainingRecord> =>
    change(id, () => ({ wanted: null, finishedAtMs: clock.now(), ...changes }));

  /** Stops a job that waits at once, and asks one that runs. */
  const stop = async (
    record: TrainingRecord,
    wanted: 'paused' | 'cancelled',
  ): Promise<TrainingRecord> => {
    const asked = await change(record.id, ({ status }) => {
      if (status === 'running') return { wanted };
      if (isFinalTraining(status)) return undefined;
      return { status: wanted, ...(wanted === 'cancelled' && { finishedAtMs: clock.now() }) };
    });
    if (asked.queueId !== null) await jobs.cancel(asked.queueId);
    return get(record.id, undefined);
  };

  const work = async (queued: Job, context: JobContext): Promise<void> => {
    const { trainingId } = queued.payload as { trainingId: string };
    const record = await change(trainingId, ({ status, startedAtMs }) =>
      status === 'queued' || status === 'running'
        ? { status: 'running', startedAtMs: startedAtMs ?? clock.now() }
        : undefined,
    );
    if (record.status !== 'running') return;
    const kill = new AbortController();
    const pause = new AbortController();
    const onAbort = async (): Promise<void> => {
      const wanted = (await store.get(trainingId))?.wanted ?? null;
      if (wanted === 'cancelled') return kill.abort();
      pause.abort();
      const graceMs = wanted === 'paused' ? PAUSE_GRACE_MS : STOP_GRACE_MS;
      clock.setTimer(graceMs, () => kill.abort());
    };
    const listen = (): void => {
      onAbort().catch((error: unknown) => {
        logger.warn('A training job could not be asked to stop.', { error: String(error) });
        kill.abort();
      });
    };
    context.abortSignal.addEventListener('abort', listen, { once: true });
    try {
      await run(record, kill.signal, pause.signal);
      context.abortSignal.throwIfAborted();
    } catch (error) {
      if (context.abortSignal.aborted) return await afterStop(trainingId, context.abortSignal);
      await end(trainingId, { status: 'failed', error: toErrorInfo(error) });
      logger.warn('A training job failed.', { trainingId, error: String(error) });
    } finally {
      context.abortSignal.removeEventListener('abort', listen);
    }
  };
  const afterStop = async (id: string, abortSignal: AbortSignal): Promise<void> => {
    const isLost = JobLostError.isInstance(abortSignal.reason);
    await change(id, ({ wanted, status }) => {
      if (isLost || isFinalTraining(status)) return undefined;
      if (wanted === 'cancelled')
        return { status: 'cancelled', wanted: null, finishedAtMs: clock.now() };
      if (wanted === 'paused') return { status: 'paused', wanted: null };
      return { status: 'queued' };
    });
    abortSignal.throwIfAborted();
  };
  const run = async (
    record: TrainingRecord,
    abortSignal: AbortSignal,
    pauseSignal: AbortSignal,
  ): Promise<void> => {
    const { id, request } = record;
    const folder = folderOf(id);
    const { runTrainingProcess } = await import('@espalier/training');
    const job = await jobOf(record);
    try {
      await mkdir(folder, { recursive: true });
      await writeJobFile(folder, job);
    } catch (error) {
      throw trainingFolderFailed(id, error);
    }
    const writer = events.open(id);
    let outcome: 'done' | 'paused';
    try {
      outcome = await runTrainingProcess({
        job,
        isResumed: true,
        program: options.program,
        environment: childEnvironment(),
        onEvent: (event) => writer.write(event),
        abortSignal,
        pauseSignal,
        ...(options.backend !== undefined && { backend: options.backend }),
        ...(options.maxMemory !== undefined && { availableMemory: options.maxMemory }),
      });
    } finally {
      await writer.close();
    }
    if (outcome === 'paused') return;
    const base = findTrainingBase(request.model, options);
    const modelId = `ft:${base.name}:${request.suffix ?? ''}:${id.replace(/^.*[-_]/u, '')}`;
    const entry = await registerTrainedJob({
      registry,
      job,
      name: request.register,
      id: modelId,
      baseName: base.name,
      codeVersion: options.version,
      metrics: writer.metrics(),
    });
    await end(id, { status: 'succeeded', result: { reference: referenceOf(entry), modelId } });
  };

  return {
    events,
    stored: (id, asked) => store.events(id, asked),
    get,
    list: (asked) => store.list(asked),
    async create({ keyId, request }) {
      for (const file of [request.trainingFile, request.validationFile])
        if (file !== null && (await files.get(file, undefined)) === undefined)
          throw fileUnknown(file);
      const record: TrainingRecord = {
        id: ids('ftjob').replace('_', '-'),
        keyId,
        status: 'queued',
        wanted: null,
        queueId: null,
        createdAtMs: clock.now(),
        startedAtMs: null,
        finishedAtMs: null,
        request,
        progress: null,
        result: null,
        error: null,
      };
      await jobOf(record);
      await store.insert(record);
      await events.add(record.id, { type: 'status', status: 'queued', error: null });
      await enqueue(record.id);
      return get(record.id, undefined);
    },
    async pause(id, keyId) {
      const record = await get(id, keyId);
      if (record.status === 'paused') return record;
      if (isFinalTraining(record.status))
        throw trainingJobState(id, record.status, 'queued or running');
      return stop(record, 'paused');
    },
    async resume(id, keyId) {
      const record = await get(id, keyId);
      if (record.status !== 'paused') throw trainingJobState(id, record.status, 'paused');
      await change(id, ({ status }) =>
        status === 'paused' ? { status: 'queued', wanted: null } : undefined,
      );
      await enqueue(id);
      return get(id, undefined);
    },
    async cancel(id, keyId) {
      const record = await get(id, keyId);
      if (isFinalTraining(record.status))
        throw trainingJobState(id, record.status, 'queued, running or paused');
      return stop(record, 'cancelled');
    },
    clean({ isDryRun = false } = {}) {
      const used = Object.values(options.models);
      const { folder, retention } = options;
      return cleanTrainingFolders({ store, files, folder, retention, used, clock, isDryRun });
    },
    async start() {
      for (const record of await store.list({
        keyId: undefined,
        statuses: ['queued', 'running'],
        limit: 10_000,
      })) {
        const queued = record.queueId === null ? undefined : await jobs.get(record.queueId);
        if (queued?.status === 'queued' || queued?.status === 'running') continue;
        if (record.wanted === null) await enqueue(record.id);
        else
          await change(record.id, ({ wanted }) => ({ status: wanted ?? 'paused', wanted: null }));
      }
      await jobs.work({
        kind: TRAINING_JOB,
        concurrency: options.concurrency,
        handler: async (queued, context) => {
          await work(queued, context);
          return undefined;
        },
      });
    },
  };
}

function toErrorInfo(error: unknown): NonNullable<TrainingRecord['error']> {
  if (EspalierError.isInstance(error))
    return { code: error.code, message: error.message, isRetryable: error.isRetryable };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'ERR_SERVER_INTERNAL', message, isRetryable: false };
}

/** What training needs of this process's environment: no keys. */
function childEnvironment(): Record<string, string> {
  const names = /^(?:PATH|HOME|TMPDIR|TMP|TEMP|LANG|SYSTEMROOT|LD_LIBRARY_PATH|OMP_\w+|CUDA_\w+)$/u;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && names.test(name) ? [[name, value]] : [],
    ),
  );
}
