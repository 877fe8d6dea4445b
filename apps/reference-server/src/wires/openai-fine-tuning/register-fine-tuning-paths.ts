import { z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServerEnv } from '../../http/server-variables.js';
import { fineTuningRequestSchema } from './fine-tuning-schema.js';

const JOBS = '/v1/fine_tuning/jobs';
const PATHS = [
  ['post', '/v1/files', 'Upload training data (OpenAI)'],
  ['get', '/v1/files', 'List files (OpenAI)'],
  ['get', '/v1/files/{id}', 'Get a file (OpenAI)'],
  ['delete', '/v1/files/{id}', 'Delete a file (OpenAI)'],
  ['get', '/v1/files/{id}/content', 'Read a file (OpenAI)'],
  ['post', JOBS, 'Fine-tune a model (OpenAI)'],
  ['get', JOBS, 'List fine-tuning jobs (OpenAI)'],
  ['get', `${JOBS}/{id}`, 'Get a fine-tuning job (OpenAI)'],
  ['post', `${JOBS}/{id}/cancel`, 'Cancel a fine-tuning job (OpenAI)'],
  ['post', `${JOBS}/{id}/pause`, 'Pause a fine-tuning job (OpenAI)'],
  ['post', `${JOBS}/{id}/resume`, 'Resume a fine-tuning job (OpenAI)'],
  ['get', `${JOBS}/{id}/events`, 'List what a fine-tuning job tells (OpenAI)'],
  ['get', `${JOBS}/{id}/checkpoints`, 'List checkpoints of a fine-tuning job (OpenAI)'],
] as const;

/** Describes files and fine-tuning in the OpenAPI document of the app. */
export function registerFineTuningPaths(app: OpenAPIHono<ServerEnv>): void {
  for (const [method, path, summary] of PATHS) {
    const isForm = path === '/v1/files';
    const schema = isForm
      ? z.object({ purpose: z.literal('fine-tune'), file: z.string() })
      : fineTuningRequestSchema;
    const media = isForm ? 'multipart/form-data' : 'application/json';
    const answer = path.endsWith('/content')
      ? { 'application/octet-stream': { schema: z.string() } }
      : { 'application/json': { schema: z.looseObject({}) } };
    app.openAPIRegistry.registerPath({
      method,
      path,
      tags: ['OpenAI wire'],
      summary,
      security: [{ bearer: [] }, { apiKey: [] }],
      request: {
        ...(path.includes('{id}') && { params: z.object({ id: z.string() }) }),
        ...(method === 'post' &&
          (isForm || path === JOBS) && { body: { content: { [media]: { schema } } } }),
      },
      responses: {
        200: { description: 'As OpenAI’s API answers', content: answer },
        400: { description: 'The request is refused, in OpenAI’s shape of errors' },
        404: { description: 'There is none that this key may see' },
      },
    });
  }
}
