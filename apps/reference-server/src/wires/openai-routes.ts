import type { Context } from 'hono';
import type { ServerContext, ServerEnv } from '../http/server-variables.js';
import type { RequestLimits } from '../http/request-body.js';
import { openaiError } from './openai-error.js';
import { callerOf } from './request/caller-of.js';
import { toWireError } from './to-wire-error.js';
import type { Authentication, Caller } from './wires-context.js';

/** What routes of the OpenAI wire need that are not answers of models. */
export interface OpenAIRouteContext {
  readonly authenticate: (key: string) => Authentication | Promise<Authentication>;
  readonly limits: RequestLimits;
}

/** A handler that knows who calls, and whose errors have OpenAI's shape. */
export function openaiHandler(
  context: OpenAIRouteContext,
  answer: (c: ServerContext, caller: Caller) => Promise<object | Response>,
): (c: Context<ServerEnv>) => Promise<Response> {
  return async (c) => {
    try {
      const header = (name: string): string | undefined => c.req.header(name);
      const caller = await callerOf({ header }, context.authenticate);
      const result = await answer(c as ServerContext, caller);
      return result instanceof Response ? result : c.json(result);
    } catch (error) {
      const wireError = toWireError(error);
      if (wireError.kind === 'internal')
        c.get('logger').error('A request failed.', { error: String(error) });
      return c.json(openaiError(wireError), wireError.status as 400);
    }
  };
}
