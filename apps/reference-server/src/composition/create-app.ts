import { OpenAPIHono } from '@hono/zod-openapi';
import { PROBLEM_MEDIA_TYPE, ROUTES } from '@espalier/protocol';
import type { MiddlewareHandler } from 'hono';
import {
  keyExpired,
  keyMissing,
  keyRevoked,
  keyUnknown,
  roleForbidden,
  serverStopping,
} from '../errors/access-errors.js';
import { methodNotAllowed, routeUnknown } from '../errors/resource-errors.js';
import { mountRoutes, type RouteAccess, type ServerRoute } from '../http/define-route.js';
import { noteRoute, requestIdOf } from '../http/request-notes.js';
import type { ServerContext, ServerEnv } from '../http/server-variables.js';
import { toProblem } from '../http/to-problem.js';
import type { DocumentEraser } from '../knowledge/create-eraser.js';
import type { IngestJobs } from '../knowledge/ingest-jobs.js';
import type { LifecycleJobs } from '../knowledge/lifecycle-jobs.js';
import { registerRoutes } from '../openapi/register-routes.js';
import { mountConsole } from '../reference/console-files.js';
import { mountReference } from '../reference/reference-page.js';
import { catalogueRoutes } from '../routes/catalogue-routes.js';
import { documentRoutes } from '../routes/document-routes.js';
import { healthRoutes } from '../routes/health-routes.js';
import { jobRoutes } from '../routes/job-routes.js';
import { keyRoutes } from '../routes/key-routes.js';
import { knowledgeBaseRoutes } from '../routes/knowledge-base-routes.js';
import { graphRoutes } from '../routes/graph-routes.js';
import { lifecycleRoutes } from '../routes/lifecycle-routes.js';
import { runRoutes } from '../routes/run-routes.js';
import { registryRoutes } from '../routes/registry-routes.js';
import { trainingRoutes } from '../routes/training-routes.js';
import { usageRoutes } from '../routes/usage-routes.js';
import type { KeyStore } from '../state/key-store.js';
import { mountFileRoutes } from '../wires/openai-files/file-routes.js';
import { mountFineTuningRoutes } from '../wires/openai-fine-tuning/fine-tuning-routes.js';
import { registerFineTuningPaths } from '../wires/openai-fine-tuning/register-fine-tuning-paths.js';
import { authenticateCaller } from './authenticate-caller.js';
import type { AppParts } from './app-parts.js';

/** Puts every route together: native wire, `/v1` wires, reference, console. */
export function createApp(
  parts: AppParts & {
    ingestJobs: IngestJobs;
    lifecycleJobs: LifecycleJobs;
    eraser: DocumentEraser;
    wires: OpenAPIHono;
    consoleFolder: string | undefined;
  },
): OpenAPIHono<ServerEnv> {
  const app = new OpenAPIHono<ServerEnv>();
  const routes = guarded(parts, [
    ...catalogueRoutes(parts),
    ...runRoutes(parts),
    ...knowledgeBaseRoutes(parts),
    ...documentRoutes(parts),
    ...lifecycleRoutes(parts),
    ...graphRoutes(parts),
    ...keyRoutes(parts),
    ...usageRoutes(parts),
    ...jobRoutes(parts),
    ...trainingRoutes(parts),
    ...registryRoutes(parts),
    ...healthRoutes(parts),
  ]);

  app.use('*', prepare(parts));
  mountRoutes(app, routes);
  const openai = { ...parts, authenticate: (key: string) => authenticateCaller(parts.keys, key) };
  mountFileRoutes(app, openai);
  mountFineTuningRoutes(app, openai);
  registerFineTuningPaths(app);
  app.route('/', parts.wires);
  let document: unknown;
  app.get(ROUTES.openapi.path, (c) => {
    if (document === undefined) {
      registerRoutes(app.openAPIRegistry, [...routes, OPENAPI_ROUTE]);
      document = app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'Espalier',
          version: parts.version,
          description:
            'The native wire under /api/v1, and the OpenAI and Anthropic wires under /v1.',
        },
      });
    }
    return c.json(document as object);
  });
  mountReference(app);
  if (parts.consoleFolder === undefined) app.get('/', (c) => c.redirect('/reference'));
  else mountConsole(app, parts.consoleFolder);

  app.notFound((c) => {
    const allowed = allowedMethods(c.req.path);
    return answerError(
      c as ServerContext,
      parts,
      allowed.length > 0
        ? methodNotAllowed(c.req.method, c.req.path, allowed)
        : routeUnknown(c.req.method, c.req.path),
    );
  });
  app.onError((error, c) => answerError(c as ServerContext, parts, error));
  return app;
}

const OPENAPI_ROUTE = {
  name: 'openapi',
  tag: 'Operation',
  summary: 'This document',
  access: 'open',
  answers: { 200: { description: 'An OpenAPI 3.1 document.', mediaType: 'application/json' } },
} as const;

function prepare({ lifecycle, logger }: AppParts): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const requestId = requestIdOf(c.env.incoming);
    c.set('requestId', requestId);
    c.set('logger', logger);
    c.header('x-request-id', requestId);
    c.header('x-content-type-options', 'nosniff');
    if (lifecycle.state === 'stopping' && !['/healthz', '/readyz'].includes(c.req.path))
      throw serverStopping();
    await next();
  };
}

/** Puts the check of the key in front of each route. */
function guarded({ keys }: AppParts, routes: readonly ServerRoute[]): ServerRoute[] {
  return routes.map((route) => ({
    ...route,
    async handle(c) {
      noteRoute(c.env.incoming, ROUTES[route.name].path);
      if (route.access !== 'open') await authenticate(c, keys, route.access);
      return route.handle(c);
    },
  }));
}

async function authenticate(c: ServerContext, keys: KeyStore, access: RouteAccess): Promise<void> {
  const secret =
    /^bearer\s+(\S+)$/iu.exec(c.req.header('authorization') ?? '')?.[1] ??
    c.req.header('x-api-key');
  if (secret === undefined || secret === '') throw keyMissing();
  const check = await keys.check(secret);
  if (!check.ok) {
    throw { unknown: keyUnknown, expired: keyExpired, revoked: keyRevoked }[check.reason]();
  }
  if (access === 'admin' && check.principal.role !== 'admin') throw roleForbidden();
  c.set('principal', check.principal);
}

const ROUTE_PATTERNS = Object.values(ROUTES).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/gu, '[^/]+')}$`, 'u'),
}));

function allowedMethods(path: string): string[] {
  return ROUTE_PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
}

function answerError(c: ServerContext, { logger }: AppParts, error: unknown): Response {
  const { problem, headers, isInternal } = toProblem(
    error,
    c.get('requestId') ?? requestIdOf(c.env.incoming),
  );
  if (isInternal) {
    logger.error('A request failed.', {
      requestId: problem.requestId,
      code: problem.code,
      stack: error instanceof Error ? error.stack : String(error),
    });
  }
  return c.body(JSON.stringify(problem), (problem.status === 499 ? 400 : problem.status) as 400, {
    ...headers,
    'content-type': PROBLEM_MEDIA_TYPE,
  });
}
