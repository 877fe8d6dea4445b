import {
  LAST_EVENT_ID_HEADER,
  cleanTrainingRequestSchema,
  createTrainingFileRequestSchema,
  createTrainingJobRequestSchema,
  listTrainingJobsFilterSchema,
  pageQuerySchema,
  pageSchema,
  trainingCheckpointSchema,
  trainingCleanReportSchema,
  trainingEventObjectSchema,
  trainingFileObjectSchema,
  trainingJobObjectSchema,
} from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import { decodeCursor, toPage } from '../http/cursor.js';
import type { ServerRoute } from '../http/define-route.js';
import { answerJson, idempotent } from '../http/idempotent.js';
import { readJsonBody } from '../http/request-body.js';
import { sendRunStream } from '../http/send-run-stream.js';
import type { ServerContext } from '../http/server-variables.js';
import { hashJson } from '../state/idempotency-store.js';
import { toTrainingObject } from '../training/training-record.js';
import { fileUnknown } from '../errors/training-errors.js';
import { pageRequest, queryOf } from './page-request.js';

const MAX_KEPT_CHECKPOINTS = 1000;
const listQuerySchema = pageQuerySchema.extend(listTrainingJobsFilterSchema.shape);

/** Routes that train models. */
export function trainingRoutes({ training, files, idempotency, limits }: AppParts): ServerRoute[] {
  const recordOf = (c: ServerContext) => training.get(c.req.param('id') ?? '', ownerOf(c));
  const change = (
    name: 'pauseTrainingJob' | 'resumeTrainingJob' | 'cancelTrainingJob',
    summary: string,
    act: (id: string, keyId: string | undefined) => ReturnType<typeof training.get>,
  ): ServerRoute => ({
    name,
    tag: 'Training',
    summary,
    access: 'key',
    answers: { 200: { description: 'The job as it then is.', schema: trainingJobObjectSchema } },
    async handle(c) {
      return c.json(toTrainingObject(await act(c.req.param('id') ?? '', ownerOf(c))));
    },
  });
  return [
    {
      name: 'createTrainingFile',
      tag: 'Training',
      summary: 'Uploads training data',
      access: 'key',
      body: createTrainingFileRequestSchema,
      takesIdempotencyKey: true,
      answers: { 201: { description: 'The file.', schema: trainingFileObjectSchema } },
      async handle(c) {
        const { raw, value } = await readJsonBody(c, createTrainingFileRequestSchema, limits);
        const answer = await idempotent(c, {
          store: idempotency,
          bodyHash: hashJson(raw),
          async work() {
            const { id, name, bytes, createdAtMs } = await files.put({
              keyId: c.get('principal').keyId,
              name: value.name,
              purpose: 'fine-tune',
              content: Buffer.from(value.text, 'utf8'),
            });
            const createdAt = new Date(createdAtMs).toISOString();
            return { status: 201, body: { id, name, bytes, createdAt } };
          },
        });
        return answerJson(c, answer);
      },
    },
    {
      name: 'createTrainingJob',
      tag: 'Training',
      summary: 'Trains a model; the job survives a restart of the server',
      access: 'key',
      body: createTrainingJobRequestSchema,
      takesIdempotencyKey: true,
      answers: { 201: { description: 'The job.', schema: trainingJobObjectSchema } },
      async handle(c) {
        const { raw, value } = await readJsonBody(c, createTrainingJobRequestSchema, limits);
        const answer = await idempotent(c, {
          store: idempotency,
          bodyHash: hashJson(raw),
          async work() {
            const { keyId } = c.get('principal');
            const owner = ownerOf(c);
            for (const file of [value.trainingFile, value.validationFile])
              if (file !== undefined && (await files.get(file, owner)) === undefined)
                throw fileUnknown(file);
            const record = await training.create({
              keyId,
              request: {
                task: value.task,
                model: value.model,
                trainingFile: value.trainingFile,
                validationFile: value.validationFile ?? null,
                register: value.register ?? tunedName(value.model),
                suffix: value.register ?? null,
                settings: value.settings,
                wire: {},
              },
            });
            return { status: 201, body: { ...toTrainingObject(record) } };
          },
        });
        return answerJson(c, answer);
      },
    },
    {
      name: 'listTrainingJobs',
      tag: 'Training',
      summary: 'Lists the training jobs that the key may see, newest first',
      access: 'key',
      query: listQuerySchema,
      answers: {
        200: { description: 'A page of jobs.', schema: pageSchema(trainingJobObjectSchema) },
      },
      async handle(c) {
        const { status, cursor, limit = 50 } = queryOf(c, listQuerySchema);
        const rows = await training.list({
          keyId: ownerOf(c),
          statuses: status && [status],
          beforeId: decodeCursor(cursor),
          limit: limit + 1,
        });
        return c.json(toPage(rows, limit, { key: ({ id }) => id, map: toTrainingObject }));
      },
    },
    {
      name: 'getTrainingJob',
      tag: 'Training',
      summary: 'Tells how far a training job is',
      access: 'key',
      answers: { 200: { description: 'The job.', schema: trainingJobObjectSchema } },
      async handle(c) {
        return c.json(toTrainingObject(await recordOf(c)));
      },
    },
    change(
      'pauseTrainingJob',
      'Stops a training job after its present step, with a checkpoint',
      training.pause,
    ),
    change('resumeTrainingJob', 'Goes on with a paused training job', training.resume),
    change('cancelTrainingJob', 'Ends a training job', training.cancel),
    {
      name: 'listTrainingMetrics',
      tag: 'Training',
      summary: 'Lists what each step and evaluation measured',
      access: 'key',
      query: pageQuerySchema,
      answers: {
        200: {
          description: 'A page of events "step" and "eval", oldest first.',
          schema: pageSchema(trainingEventObjectSchema),
        },
      },
      async handle(c) {
        const { id } = await recordOf(c);
        const { after, limit } = pageRequest(c);
        const rows = await training.stored(id, {
          afterId: Number(after ?? 0),
          types: ['step', 'eval'],
          limit: limit + 1,
        });
        const page = toPage(rows, limit, {
          key: (row) => String(row.id),
          map: (row) => JSON.parse(row.json) as Record<string, string | number>,
        });
        return c.json(page);
      },
    },
    {
      name: 'listTrainingCheckpoints',
      tag: 'Training',
      summary: 'Lists the checkpoints that were written, newest first',
      access: 'key',
      answers: {
        200: {
          description: 'All of them; the two newest are kept.',
          schema: pageSchema(trainingCheckpointSchema),
        },
      },
      async handle(c) {
        const { id } = await recordOf(c);
        const rows = await training.stored(id, {
          types: ['checkpoint'],
          limit: MAX_KEPT_CHECKPOINTS,
          isNewestFirst: true,
        });
        const data = rows.map(({ step, atMs }) => ({
          step: step ?? 0,
          createdAt: new Date(atMs).toISOString(),
        }));
        return c.json({ data, nextCursor: null });
      },
    },
    {
      name: 'cleanTrainingFolders',
      tag: 'Training',
      summary: 'Removes the folders of jobs that finished long ago; what they registered stays',
      access: 'admin',
      body: cleanTrainingRequestSchema,
      answers: { 200: { description: 'What was removed.', schema: trainingCleanReportSchema } },
      async handle(c) {
        const { value } = await readJsonBody(c, cleanTrainingRequestSchema, limits);
        return c.json(await training.clean({ isDryRun: value.dryRun }));
      },
    },
    {
      name: 'streamTrainingJob',
      tag: 'Training',
      summary: 'Streams what a training job tells, from its beginning or after an event',
      description: 'Ends when the job is over. A paused job keeps the stream open.',
      access: 'key',
      takesLastEventId: true,
      answers: {
        200: { description: 'Server-sent events.', mediaType: 'text/event-stream' },
      },
      async handle(c) {
        const { id } = await recordOf(c);
        const asked = Number(c.req.header(LAST_EVENT_ID_HEADER) ?? 0);
        const afterId = Number.isInteger(asked) && asked > 0 ? asked : 0;
        return sendRunStream(c, {
          status: 200,
          open: (abortSignal) => training.events.follow(id, { afterId, abortSignal }),
        });
      },
    },
  ];
}

/** Administrators of the whole server see every job, other keys their own. */
function ownerOf(c: ServerContext): string | undefined {
  const { keyId, role, scope } = c.get('principal');
  return role === 'admin' && scope.tenant === undefined ? undefined : keyId;
}

/** The name of what is trained from a model. */
export function tunedName(model: string): string {
  const name = model.replace(/[@/].*$/u, '').replace(/[^A-Za-z0-9._-]/gu, '-');
  return `${name.slice(0, 57)}-tuned`;
}
