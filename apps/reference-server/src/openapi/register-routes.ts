import type { OpenAPIHono } from '@hono/zod-openapi';
import {
  IDEMPOTENCY_KEY_HEADER,
  LAST_EVENT_ID_HEADER,
  PROBLEM_MEDIA_TYPE,
  ROUTES,
  UPLOAD_FIELD,
  problemSchema,
} from '@espalier/protocol';
import { z } from 'zod';
import type { RouteAnswer, RouteDescription } from '../http/define-route.js';
import type { ServerEnv } from '../http/server-variables.js';
import {
  createComponentSchemas,
  type ComponentSchemas,
  type SchemaObject,
} from './component-schemas.js';

type Registry = OpenAPIHono<ServerEnv>['openAPIRegistry'];
type PathItem = Parameters<Registry['registerPath']>[0];

const PROBLEMS: Readonly<Record<string, string>> = {
  '4XX': 'The request is refused; `code` says why.',
  '5XX': 'The server failed; `requestId` finds it in the logs.',
};

/**
 * Describes the native routes in a registry that may hold others.
 *
 * Schemas of bodies are written by zod itself: the registry's own generator does not end on recursive ones.
 */
export function registerRoutes(registry: Registry, routes: readonly RouteDescription[]): void {
  const schemas = createComponentSchemas();
  for (const definition of registry.definitions) {
    if (definition.type === 'route') writeBodies(definition.route, schemas);
  }
  for (const route of routes) {
    const { method, path } = ROUTES[route.name];
    registry.registerPath({
      method: method.toLowerCase() as 'get',
      path,
      operationId: route.name,
      tags: [route.tag],
      summary: route.summary,
      ...(route.description !== undefined && { description: route.description }),
      security: route.access === 'open' ? [] : [{ bearer: [] }, { apiKey: [] }],
      parameters: parametersOf(route, path, schemas),
      ...(route.body !== undefined && { request: { body: bodyOf(route, schemas) } }),
      responses: responsesOf(route, schemas),
    } as unknown as PathItem);
  }
  for (const [name, schema] of schemas.components) {
    registry.registerComponent('schemas', name, schema);
  }
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, `esp_…`.',
  });
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
  });
}

/** Replaces the zod schemas of a route's bodies by what zod writes for them. */
function writeBodies(route: PathItem, schemas: ComponentSchemas): void {
  const contents = [
    route.request?.body?.content,
    ...Object.values(route.responses).map((response) =>
      'content' in response ? response.content : undefined,
    ),
  ];
  for (const content of contents) {
    for (const media of Object.values(content ?? {}) as { schema?: unknown }[]) {
      if (media.schema instanceof z.ZodType) media.schema = schemas.refer(media.schema);
    }
  }
}

function parametersOf(
  route: RouteDescription,
  path: string,
  schemas: ComponentSchemas,
): SchemaObject[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const shape: Readonly<Record<string, z.ZodType>> = route.query?.shape ?? {};
  const inQuery = Object.entries(shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: schemas.refer(schema),
  }));
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  return [
    ...inPath,
    ...inQuery,
    ...(route.takesIdempotencyKey === true
      ? [
          header(
            IDEMPOTENCY_KEY_HEADER,
            'Makes a repeat within 24 hours safe: it has its effect once.',
          ),
        ]
      : []),
    ...(route.takesLastEventId === true
      ? [header(LAST_EVENT_ID_HEADER, 'The id of the last event seen.')]
      : []),
  ];
}

function bodyOf(route: RouteDescription, schemas: ComponentSchemas): SchemaObject {
  const files = {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: [UPLOAD_FIELD],
        properties: {
          [UPLOAD_FIELD]: { type: 'array', items: { type: 'string', format: 'binary' } },
        },
      },
    },
  };
  return {
    required: true,
    content: {
      'application/json': { schema: schemas.refer(route.body as z.ZodType) },
      ...(route.takesFiles === true && files),
    },
  };
}

function responsesOf(route: RouteDescription, schemas: ComponentSchemas): SchemaObject {
  const own = Object.entries(route.answers).map(([status, answer]) => {
    const answers: readonly RouteAnswer[] = Array.isArray(answer)
      ? answer
      : [answer as RouteAnswer];
    const content = answers
      .filter((entry) => entry.schema !== undefined || entry.mediaType !== undefined)
      .map((entry) => [
        entry.mediaType ?? 'application/json',
        { schema: entry.schema === undefined ? { type: 'string' } : schemas.refer(entry.schema) },
      ]);
    return [
      status,
      {
        description: answers.map((entry) => entry.description).join(' Or: '),
        ...(content.length > 0 && { content: Object.fromEntries(content) as SchemaObject }),
      },
    ];
  });
  const problems = Object.entries(PROBLEMS).map(([status, description]) => [
    status,
    { description, content: { [PROBLEM_MEDIA_TYPE]: { schema: schemas.refer(problemSchema) } } },
  ]);
  return Object.fromEntries([...own, ...(route.access === 'open' ? [] : problems)]) as SchemaObject;
}
