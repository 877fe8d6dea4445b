import {
  ROUTES,
  pageSchema,
  routePath,
  trainingCheckpointSchema,
  trainingEventObjectSchema,
  trainingFileObjectSchema,
  trainingJobObjectSchema,
  trainingCleanReportSchema,
  type CleanTrainingRequest,
  type CreateTrainingFileRequest,
  type CreateTrainingJobRequest,
  type ListTrainingJobsFilter,
  type TrainingCheckpoint,
  type TrainingCleanReport,
  type TrainingEventObject,
  type TrainingFileObject,
  type TrainingJobObject,
} from '@espalier/protocol';
import type { CallOptions, ResolvedOptions, WriteOptions } from '../client-options.js';
import { followTraining } from '../internal/follow-training.js';
import type { Transport } from '../internal/transport.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';

/** One event of a training job with its number. */
export interface TrainingStreamEntry {
  readonly id: number;
  readonly event: TrainingEventObject;
}

/** Training jobs of the server. */
export interface Training {
  /** Uploads training data: JSONL, one row a line. */
  uploadFile(options: CreateTrainingFileRequest & WriteOptions): Promise<TrainingFileObject>;
  create(options: CreateTrainingJobRequest & WriteOptions): Promise<TrainingJobObject>;
  list(options?: ListTrainingJobsFilter & ListOptions): Paginator<TrainingJobObject>;
  get(options: { id: string } & CallOptions): Promise<TrainingJobObject>;
  /** Stops the job after its present step, with a checkpoint; it is `paused` a moment later. */
  pause(options: { id: string } & WriteOptions): Promise<TrainingJobObject>;
  resume(options: { id: string } & WriteOptions): Promise<TrainingJobObject>;
  cancel(options: { id: string } & WriteOptions): Promise<TrainingJobObject>;
  /** What each step and evaluation measured, oldest first. */
  metrics(options: { id: string } & ListOptions): Paginator<TrainingEventObject>;
  /** Removes the folders of jobs that finished long ago; needs an administrator's key. */
  clean(options?: CleanTrainingRequest & WriteOptions): Promise<TrainingCleanReport>;
  /** Newest first. */
  checkpoints(options: { id: string } & CallOptions): Promise<readonly TrainingCheckpoint[]>;
  /**
   * Yields what the job tells, each event once and in order, until it is over; a broken connection is taken up again.
   *
   * @throws {StreamInterruptedError} `ERR_SDK_STREAM_INTERRUPTED` — the attempts are spent.
   */
  follow(options: {
    id: string;
    /** Events up to this one are not delivered. */
    lastEventId?: number;
    abortSignal?: AbortSignal;
  }): AsyncIterable<TrainingStreamEntry>;
}

export function createTraining(transport: Transport, options: ResolvedOptions): Training {
  const act =
    (route: 'pauseTrainingJob' | 'resumeTrainingJob' | 'cancelTrainingJob') =>
    ({ id, ...call }: { id: string } & WriteOptions): Promise<TrainingJobObject> =>
      transport.json({ route, path: routePath(route, { id }), ...call }, trainingJobObjectSchema);

  return {
    uploadFile: ({ name, text, ...call }) =>
      transport.json(
        {
          route: 'createTrainingFile',
          path: ROUTES.createTrainingFile.path,
          json: { name, text },
          ...call,
        },
        trainingFileObjectSchema,
      ),
    create: ({ abortSignal, timeoutMs, idempotencyKey, ...body }) =>
      transport.json(
        {
          route: 'createTrainingJob',
          path: ROUTES.createTrainingJob.path,
          json: body,
          abortSignal,
          timeoutMs,
          idempotencyKey,
        },
        trainingJobObjectSchema,
      ),
    list: (list) =>
      createPaginator({
        transport,
        request: {
          route: 'listTrainingJobs',
          path: ROUTES.listTrainingJobs.path,
          query: { status: list?.status },
        },
        schema: pageSchema(trainingJobObjectSchema),
        list,
      }),
    get: ({ id, ...call }) =>
      transport.json(
        { route: 'getTrainingJob', path: routePath('getTrainingJob', { id }), ...call },
        trainingJobObjectSchema,
      ),
    pause: act('pauseTrainingJob'),
    resume: act('resumeTrainingJob'),
    cancel: act('cancelTrainingJob'),
    metrics: ({ id, ...list }) =>
      createPaginator({
        transport,
        request: { route: 'listTrainingMetrics', path: routePath('listTrainingMetrics', { id }) },
        schema: pageSchema(trainingEventObjectSchema),
        list,
      }),
    clean: ({ dryRun, ...call } = {}) =>
      transport.json(
        {
          route: 'cleanTrainingFolders',
          path: ROUTES.cleanTrainingFolders.path,
          json: { dryRun },
          ...call,
        },
        trainingCleanReportSchema,
      ),
    async checkpoints({ id, ...call }) {
      const path = routePath('listTrainingCheckpoints', { id });
      const page = await transport.json(
        { route: 'listTrainingCheckpoints', path, ...call },
        pageSchema(trainingCheckpointSchema),
      );
      return page.data;
    },
    follow: ({ id, lastEventId = 0, abortSignal }) =>
      followTraining({ transport, options, id, lastEventId, abortSignal }),
  };
}
