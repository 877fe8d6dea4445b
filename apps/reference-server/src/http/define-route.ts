import { ROUTES, type RouteName } from '@espalier/protocol';
import type { Hono } from 'hono';
import type { z } from 'zod';
import type { ServerContext, ServerEnv } from './server-variables.js';

/** Who may call a route. */
export type RouteAccess = 'open' | 'key' | 'admin';

/** One way in which a route answers. */
export interface RouteAnswer {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Default `application/json`. */
  readonly mediaType?: string;
}

/** A route as the OpenAPI document tells it. */
export interface RouteDescription {
  readonly name: RouteName;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: RouteAccess;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Also takes `multipart/form-data` with files. */
  readonly takesFiles?: boolean;
  readonly takesIdempotencyKey?: boolean;
  readonly takesLastEventId?: boolean;
  readonly answers: Readonly<Record<number, RouteAnswer | readonly RouteAnswer[]>>;
}

/** A route with what serves it. */
export interface ServerRoute extends RouteDescription {
  readonly handle: (c: ServerContext) => Response | Promise<Response>;
}

/** Puts routes of the protocol's table on an application. */
export function mountRoutes(app: Hono<ServerEnv>, routes: readonly ServerRoute[]): void {
  for (const route of routes) {
    const { method, path } = ROUTES[route.name];
    app.on(method, path.replace(/\{(\w+)\}/gu, ':$1'), (c) => route.handle(c));
  }
}
