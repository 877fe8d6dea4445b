import type { HttpBindings } from '@hono/node-server';
import type { Logger } from '@espalier/core';
import type { Context } from 'hono';
import type { Principal } from '../state/key-store.js';

/** What a request's handlers know beside the request. */
export interface ServerEnv {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    principal: Principal;
    logger: Logger;
  };
}

/** The context of a handler. */
export type ServerContext = Context<ServerEnv>;
