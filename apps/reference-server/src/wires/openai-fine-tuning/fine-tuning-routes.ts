import type { JsonObject } from '@espalier/core';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { readRequestBytes } from '../../http/request-body.js';
import type { ServerContext, ServerEnv } from '../../http/server-variables.js';
import { tunedName } from '../../routes/training-routes.js';
import type { FileStore } from '../../training/file-store.js';
import { ROWS_PURPOSE } from '../../training/file-store.js';
import type { TrainingRecord } from '../../training/training-record.js';
import type { TrainingService } from '../../training/training-service.js';
import { openaiHandler, type OpenAIRouteContext } from '../openai-routes.js';
import { parseJsonBody } from '../request/parse-json-body.js';
import { parseWireBody } from '../request/parse-wire-body.js';
import { invalidRequest, WireError } from '../wire-error.js';
import {
  eventNumber,
  isFineTuning,
  metricsOf,
  toFineTuningCheckpoint,
  toFineTuningEvent,
  toFineTuningJob,
} from './fine-tuning-object.js';
import { toTrainingRows } from './fine-tuning-rows.js';
import { fineTuningRequestSchema } from './fine-tuning-schema.js';
import { fineTuningSettings } from './fine-tuning-settings.js';

const PATH = '/v1/fine_tuning/jobs';
const MAX_PAGE = 100;
const ALL = 10_000;

/** `/v1/fine_tuning/jobs`: OpenAI's words for training jobs. */
export function mountFineTuningRoutes(
  app: OpenAPIHono<ServerEnv>,
  context: OpenAIRouteContext & { readonly files: FileStore; readonly training: TrainingService },
): void {
  const { files, training, limits } = context;
  const jobOf = async (c: ServerContext, keyId: string): Promise<TrainingRecord> => {
    const record = await training.get(c.req.param('id') ?? '', keyId);
    if (!isFineTuning(record)) await training.get('', keyId);
    return record;
  };
  /** The rows of a file in the form that jobs take, as a file of their own. */
  const convert = async (
    keyId: string,
    id: string,
    method: 'supervised' | 'dpo',
    param: 'training_file' | 'validation_file',
  ): Promise<{ id: string; count: number }> => {
    const file = await files.get(id, keyId);
    if (file === undefined)
      throw new WireError({
        kind: 'invalid-request',
        code: 'ERR_WIRE_REQUEST_INVALID',
        message: `There is no file "${id.slice(0, 100)}". Upload it to /v1/files first.`,
        param,
        openaiCode: `invalid_${param}`,
      });
    const { text, count } = toTrainingRows({
      text: (await files.read(id)).toString('utf8'),
      method,
      param,
    });
    const rows = await files.put({
      keyId,
      name: file.name,
      purpose: ROWS_PURPOSE,
      content: Buffer.from(text, 'utf8'),
    });
    return { id: rows.id, count };
  };

  app.post(
    PATH,
    openaiHandler(context, async (c, { keyId }) => {
      const json = parseJsonBody(await readRequestBytes(c, limits), limits.jsonDepth);
      const request = parseWireBody(fineTuningRequestSchema, json);
      const type = request.method?.type ?? 'supervised';
      const rows = await convert(keyId, request.training_file, type, 'training_file');
      const validation =
        typeof request.validation_file === 'string'
          ? await convert(keyId, request.validation_file, type, 'validation_file')
          : undefined;
      const { method, settings, hyperparameters, seed } = fineTuningSettings(request, rows.count);
      const record = await training.create({
        keyId,
        request: {
          task: method === 'dpo' ? 'dpo' : 'sft',
          model: request.model,
          trainingFile: rows.id,
          validationFile: validation?.id ?? null,
          register: request.suffix ?? tunedName(request.model),
          suffix: request.suffix ?? null,
          settings,
          wire: {
            training_file: request.training_file,
            validation_file: request.validation_file ?? null,
            method,
            hyperparameters,
            seed,
            metadata: request.metadata ?? null,
          },
        },
      });
      return toFineTuningJob(record);
    }),
  );
  app.get(
    PATH,
    openaiHandler(context, async (c, { keyId }) => {
      const limit = pageLimit(c);
      const found = (
        await training.list({ keyId, beforeId: c.req.query('after'), limit: ALL })
      ).filter(isFineTuning);
      return {
        object: 'list',
        data: found.slice(0, limit).map(toFineTuningJob),
        has_more: found.length > limit,
      };
    }),
  );
  app.get(
    `${PATH}/:id`,
    openaiHandler(context, async (c, { keyId }) => toFineTuningJob(await jobOf(c, keyId))),
  );
  for (const act of ['cancel', 'pause', 'resume'] as const)
    app.post(
      `${PATH}/:id/${act}`,
      openaiHandler(context, async (c, { keyId }) => {
        const { id } = await jobOf(c, keyId);
        return toFineTuningJob(await training[act](id, keyId));
      }),
    );
  app.get(
    `${PATH}/:id/events`,
    openaiHandler(context, async (c, { keyId }) => {
      const { id } = await jobOf(c, keyId);
      const limit = pageLimit(c);
      const beforeId = eventNumber(c.req.query('after'));
      const found = await training.stored(id, {
        limit: limit + 1,
        isNewestFirst: true,
        ...(beforeId !== undefined && { beforeId }),
      });
      return {
        object: 'list',
        data: found.slice(0, limit).map(toFineTuningEvent),
        has_more: found.length > limit,
      };
    }),
  );
  app.get(
    `${PATH}/:id/checkpoints`,
    openaiHandler(context, async (c, { keyId }) => {
      const record = await jobOf(c, keyId);
      const limit = pageLimit(c);
      const beforeId = eventNumber(c.req.query('after'));
      const found = await training.stored(record.id, {
        types: ['checkpoint'],
        limit: limit + 1,
        isNewestFirst: true,
        ...(beforeId !== undefined && { beforeId }),
      });
      const data = [];
      for (const row of found.slice(0, limit)) {
        const [step] = await training.stored(record.id, {
          types: ['step'],
          beforeId: row.id,
          limit: 1,
          isNewestFirst: true,
        });
        const metrics = metricsOf(JSON.parse(step?.json ?? '{}') as JsonObject) ?? {};
        data.push(toFineTuningCheckpoint(record, row, metrics));
      }
      return {
        object: 'list',
        data,
        first_id: (data[0]?.['id'] as string | undefined) ?? null,
        last_id: (data.at(-1)?.['id'] as string | undefined) ?? null,
        has_more: found.length > limit,
      };
    }),
  );
}

function pageLimit(c: ServerContext): number {
  const limit = Number(c.req.query('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1)
    throw invalidRequest('"limit" must be a whole number from 1.', 'limit');
  return Math.min(limit, MAX_PAGE);
}
