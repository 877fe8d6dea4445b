import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { WIRE_ROUTES } from './wire-routes.js';

const openaiErrorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .openapi('OpenAIError');

const anthropicErrorSchema = z
  .object({
    type: z.literal('error'),
    error: z.object({ type: z.string(), message: z.string() }),
    request_id: z.string(),
  })
  .openapi('AnthropicError');

const ERRORS: Readonly<Record<number, string>> = {
  400: 'The body is not valid, or a guardrail stopped it',
  401: 'The key is missing, unknown, expired or revoked',
  404: 'The model or agent does not exist',
  413: 'The body is larger than 32 MB',
  429: 'Too many requests; see Retry-After',
  500: 'The server failed',
  502: 'The upstream failed',
  504: 'The upstream did not answer in time',
};

const modelSchema = z
  .object({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() })
  .openapi('OpenAIModel');

const security = [{ bearer: [] }, { apiKey: [] }];

/** Describes the wires in the OpenAPI document of the app; their bodies are checked by the wires themselves. */
export function registerWirePaths(app: OpenAPIHono): void {
  const registry = app.openAPIRegistry;
  for (const route of WIRE_ROUTES) {
    const errors = route.family === 'openai' ? openaiErrorSchema : anthropicErrorSchema;
    const tag = route.family === 'openai' ? 'OpenAI wire' : 'Anthropic wire';
    registry.registerPath({
      method: 'post',
      path: route.path,
      tags: [tag],
      summary: route.summary,
      security,
      request: {
        body: { required: true, content: { 'application/json': { schema: route.schema } } },
      },
      responses: {
        200: {
          description: 'The answer; server-sent events when "stream" is true',
          content: {
            'application/json': { schema: z.looseObject({}) },
            ...(['embeddings', 'count-tokens'].includes(route.name)
              ? {}
              : { 'text/event-stream': { schema: z.string() } }),
          },
        },
        ...Object.fromEntries(
          Object.entries(ERRORS).map(([status, description]) => [
            status,
            { description, content: { 'application/json': { schema: errors } } },
          ]),
        ),
      },
    });
  }
  const unauthorized = {
    description: ERRORS[401] ?? '',
    content: { 'application/json': { schema: openaiErrorSchema } },
  };
  registry.registerPath({
    method: 'get',
    path: '/v1/models',
    tags: ['OpenAI wire', 'Anthropic wire'],
    summary: 'List models and agents; the first is the default agent',
    security,
    responses: {
      200: {
        description: "The list; in Anthropic's form when an anthropic-version header is sent",
        content: {
          'application/json': {
            schema: z.object({ object: z.literal('list'), data: z.array(modelSchema) }),
          },
        },
      },
      401: unauthorized,
    },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/models/{id}',
    tags: ['OpenAI wire', 'Anthropic wire'],
    summary: 'Get a model or an agent',
    security,
    request: { params: z.object({ id: z.string() }) },
    responses: {
      200: { description: 'The model', content: { 'application/json': { schema: modelSchema } } },
      401: unauthorized,
      404: {
        description: ERRORS[404] ?? '',
        content: { 'application/json': { schema: openaiErrorSchema } },
      },
    },
  });
}
