import type { JsonValue } from '@espalier/core';
import {
  askGraphRequestSchema,
  graphAnswerSchema,
  graphObjectSchema,
  jobObjectSchema,
} from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import type { ServerRoute } from '../http/define-route.js';
import { answerJson, idempotent } from '../http/idempotent.js';
import { readJsonBody } from '../http/request-body.js';
import type { ServerContext } from '../http/server-variables.js';
import type { LifecycleJobs } from '../knowledge/lifecycle-jobs.js';
import { hashJson } from '../state/idempotency-store.js';
import { toJobObject } from './job-routes.js';

const TAG = 'Graphs';

/** Routes that build, show, ask and drop the graph of a knowledge base. */
export function graphRoutes(parts: AppParts & { lifecycleJobs: LifecycleJobs }): ServerRoute[] {
  const { idempotency, limits, lifecycleJobs } = parts;
  const nameOf = (c: ServerContext): string => c.req.param('name') ?? '';
  const scopeOf = (c: ServerContext) => c.get('principal').scope;
  const knowledgeOf = (c: ServerContext) => parts.knowledge.of(scopeOf(c));
  return [
    {
      name: 'getGraph',
      tag: TAG,
      summary: 'Tells how far the graph of a knowledge base is',
      description: 'Documents that have changed since they were read are forgotten first.',
      access: 'admin',
      answers: { 200: { description: 'The graph.', schema: graphObjectSchema } },
      handle: async (c) => c.json(await knowledgeOf(c).graph(nameOf(c))),
    },
    {
      name: 'buildGraph',
      tag: TAG,
      summary: 'Reads entities and relations of the documents that the graph lacks',
      description:
        'A job with progress; one that was cancelled or killed is taken up by the next one. Needs no model.',
      access: 'admin',
      takesIdempotencyKey: true,
      answers: { 202: { description: 'The job.', schema: jobObjectSchema } },
      async handle(c) {
        // A knowledge base that is not there is refused now, not by the job.
        await knowledgeOf(c).get(nameOf(c));
        const answer = await idempotent(c, {
          store: idempotency,
          bodyHash: hashJson('graph'),
          async work() {
            const job = await lifecycleJobs.enqueue({
              work: 'graph',
              knowledgeBase: nameOf(c),
              scope: scopeOf(c),
            });
            return { status: 202, body: toJobObject(job) as unknown as JsonValue };
          },
        });
        return answerJson(c, answer);
      },
    },
    {
      name: 'askGraph',
      tag: TAG,
      summary: 'Asks the graph about certain things, or about the documents as a whole',
      access: 'key',
      body: askGraphRequestSchema,
      answers: { 200: { description: 'What it holds.', schema: graphAnswerSchema } },
      async handle(c) {
        const { value } = await readJsonBody(c, askGraphRequestSchema, limits);
        const { signal } = c.req.raw;
        return c.json(await knowledgeOf(c).askGraph(nameOf(c), { ...value, abortSignal: signal }));
      },
    },
    {
      name: 'deleteGraph',
      tag: TAG,
      summary: 'Drops the graph of a knowledge base; the documents stay',
      access: 'admin',
      answers: { 204: { description: 'It is gone.' } },
      async handle(c) {
        await knowledgeOf(c).dropGraph(nameOf(c));
        return c.body(null, 204);
      },
    },
  ];
}
