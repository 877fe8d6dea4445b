import {
  agentObjectSchema,
  modelObjectSchema,
  pageQuerySchema,
  pageSchema,
} from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import { toPage } from '../http/cursor.js';
import type { ServerRoute } from '../http/define-route.js';
import { pageRequest } from './page-request.js';

/** Routes that tell which agents and models there are. */
export function catalogueRoutes({ catalogue }: AppParts): ServerRoute[] {
  return [
    {
      name: 'listAgents',
      tag: 'Agents',
      summary: 'Lists the agents, the default one first',
      access: 'key',
      query: pageQuerySchema,
      answers: { 200: { description: 'A page of agents.', schema: pageSchema(agentObjectSchema) } },
      handle(c) {
        const { after, limit } = pageRequest(c);
        return c.json(slice(catalogue.agents(), after, limit, (agent) => agent.name));
      },
    },
    {
      name: 'listModels',
      tag: 'Agents',
      summary: 'Lists the models that runs and /v1 requests may name, the default one first',
      access: 'key',
      query: pageQuerySchema,
      answers: { 200: { description: 'A page of models.', schema: pageSchema(modelObjectSchema) } },
      handle(c) {
        const { after, limit } = pageRequest(c);
        return c.json(slice(catalogue.models(), after, limit, (model) => model.id));
      },
    },
  ];
}

function slice<Item>(
  items: readonly Item[],
  after: string | undefined,
  limit: number,
  key: (item: Item) => string,
) {
  const start = after === undefined ? 0 : items.findIndex((item) => key(item) === after) + 1;
  return toPage(items.slice(start, start + limit + 1), limit, { key, map: (item) => item });
}
