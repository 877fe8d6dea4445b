import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { anthropicError } from '../anthropic-error.js';
import { openaiError } from '../openai-error.js';
import { callerOf } from '../request/caller-of.js';
import { toWireError } from '../to-wire-error.js';
import { unknownModel, type WireError } from '../wire-error.js';
import type { WiresContext } from '../wires-context.js';
import { anthropicModel, anthropicModelList, openaiModel, openaiModelList } from './model-list.js';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 1000;

/** `GET /v1/models` and `GET /v1/models/{id}`, in Anthropic's form for callers that send `anthropic-version`. */
export function registerModelRoutes(app: OpenAPIHono, context: WiresContext): void {
  const answer = async (c: Context, make: (isAnthropic: boolean) => object): Promise<Response> => {
    const requestId = context.ids('req');
    const headers = { 'x-request-id': requestId, 'request-id': requestId };
    const isAnthropic = c.req.header('anthropic-version') !== undefined;
    try {
      await callerOf({ header: (name) => c.req.header(name) }, (key) => context.authenticate(key));
      return Response.json(make(isAnthropic), { headers });
    } catch (error) {
      const wireError: WireError = toWireError(error);
      const shape = isAnthropic ? anthropicError(wireError, requestId) : openaiError(wireError);
      return Response.json(shape, { status: wireError.status, headers });
    }
  };
  app.get('/v1/models', (c) =>
    answer(c, (isAnthropic) => {
      if (!isAnthropic) return openaiModelList(context.models);
      const limit = Number(c.req.query('limit') ?? DEFAULT_PAGE);
      return anthropicModelList(context.models, {
        limit: Number.isInteger(limit) && limit > 0 ? Math.min(limit, MAX_PAGE) : DEFAULT_PAGE,
        afterId: c.req.query('after_id'),
        beforeId: c.req.query('before_id'),
      });
    }),
  );
  // Ids may hold slashes, as those of model hubs do.
  app.get('/v1/models/:id{.+}', (c) =>
    answer(c, (isAnthropic) => {
      const id = c.req.param('id');
      const entry = context.models.list().find((known) => known.id === id);
      if (entry === undefined) throw unknownModel(id);
      return isAnthropic ? anthropicModel(entry) : openaiModel(entry);
    }),
  );
}
