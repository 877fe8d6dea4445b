import type { JsonValue } from '@espalier/core';
import {
  createKnowledgeBaseRequestSchema,
  knowledgeBaseObjectSchema,
  pageQuerySchema,
  pageSchema,
  searchRequestSchema,
  searchResultSchema,
} from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import { toPage } from '../http/cursor.js';
import type { ServerRoute } from '../http/define-route.js';
import { answerJson, idempotent } from '../http/idempotent.js';
import { readJsonBody } from '../http/request-body.js';
import type { ServerContext } from '../http/server-variables.js';
import { hashJson } from '../state/idempotency-store.js';
import { pageRequest } from './page-request.js';

/** Routes that make, list, drop and search knowledge bases. */
export function knowledgeBaseRoutes(parts: AppParts): ServerRoute[] {
  const { idempotency, limits } = parts;
  const knowledgeOf = (c: ServerContext) => parts.knowledge.of(c.get('principal').scope);
  return [
    {
      name: 'listKnowledgeBases',
      tag: 'Knowledge bases',
      summary: 'Lists the knowledge bases by name',
      access: 'key',
      query: pageQuerySchema,
      answers: {
        200: {
          description: 'A page of knowledge bases.',
          schema: pageSchema(knowledgeBaseObjectSchema),
        },
      },
      async handle(c) {
        const { after, limit } = pageRequest(c);
        const all = await knowledgeOf(c).list();
        const rows = all
          .filter(({ name }) => after === undefined || name > after)
          .slice(0, limit + 1);
        return c.json(toPage(rows, limit, { key: (row) => row.name, map: (row) => row }));
      },
    },
    {
      name: 'createKnowledgeBase',
      tag: 'Knowledge bases',
      summary: 'Makes an empty knowledge base',
      access: 'key',
      body: createKnowledgeBaseRequestSchema,
      takesIdempotencyKey: true,
      answers: { 201: { description: 'The knowledge base.', schema: knowledgeBaseObjectSchema } },
      async handle(c) {
        const { raw, value } = await readJsonBody(c, createKnowledgeBaseRequestSchema, limits);
        const answer = await idempotent(c, {
          store: idempotency,
          bodyHash: hashJson(raw),
          work: async () => ({
            status: 201,
            body: (await knowledgeOf(c).create(value)) as unknown as JsonValue,
          }),
        });
        return answerJson(c, answer);
      },
    },
    {
      name: 'getKnowledgeBase',
      tag: 'Knowledge bases',
      summary: 'Returns a knowledge base with its counts',
      access: 'key',
      answers: { 200: { description: 'The knowledge base.', schema: knowledgeBaseObjectSchema } },
      handle: async (c) => c.json(await knowledgeOf(c).get(c.req.param('name') ?? '')),
    },
    {
      name: 'deleteKnowledgeBase',
      tag: 'Knowledge bases',
      summary: 'Drops a knowledge base with all its documents',
      access: 'admin',
      answers: { 204: { description: 'It is gone.' } },
      async handle(c) {
        await knowledgeOf(c).drop(c.req.param('name') ?? '');
        return c.body(null, 204);
      },
    },
    {
      name: 'search',
      tag: 'Knowledge bases',
      summary: 'Finds the passages that answer a query',
      access: 'key',
      body: searchRequestSchema,
      answers: { 200: { description: 'Passages, best first.', schema: searchResultSchema } },
      async handle(c) {
        const { value } = await readJsonBody(c, searchRequestSchema, limits);
        return c.json(await knowledgeOf(c).search(c.req.param('name') ?? '', value));
      },
    },
  ];
}
