import { ROUTES, agentObjectSchema, pageSchema, type AgentObject } from '@espalier/protocol';
import type { Transport } from '../internal/transport.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';

/** The agents that the server runs. */
export interface Agents {
  list(options?: ListOptions): Paginator<AgentObject>;
}

export function createAgents(transport: Transport): Agents {
  return {
    list: (list) =>
      createPaginator({
        transport,
        request: { route: 'listAgents', path: ROUTES.listAgents.path },
        schema: pageSchema(agentObjectSchema),
        list,
      }),
  };
}
