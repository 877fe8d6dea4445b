import type { JsonValue } from '@espalier/core';
import {
  eraseRequestSchema,
  erasureReportSchema,
  findChangedRequestSchema,
  findChangedResultSchema,
  healthReportSchema,
  jobObjectSchema,
  migrateRequestSchema,
  snapshotRequestSchema,
  type RouteName,
} from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import type { ServerRoute } from '../http/define-route.js';
import { answerJson, idempotent } from '../http/idempotent.js';
import { readJsonBody } from '../http/request-body.js';
import type { ServerContext } from '../http/server-variables.js';
import { checkDocumentName } from '../knowledge/check-document-name.js';
import type { DocumentEraser } from '../knowledge/create-eraser.js';
import type { LifecycleJobs, LifecycleWork } from '../knowledge/lifecycle-jobs.js';
import { hashJson } from '../state/idempotency-store.js';
import { toJobObject } from './job-routes.js';

const TAG = 'Knowledge bases';

/** Routes that compare, erase, check, repair, rebuild, save and restore. */
export function lifecycleRoutes(
  parts: AppParts & { eraser: DocumentEraser; lifecycleJobs: LifecycleJobs },
): ServerRoute[] {
  const { knowledge, eraser, idempotency, limits, lifecycleJobs } = parts;
  const nameOf = (c: ServerContext): string => c.req.param('name') ?? '';
  const scopeOf = (c: ServerContext) => c.get('principal').scope;

  const begin = async (
    c: ServerContext,
    job: { work: LifecycleWork; raw: JsonValue; file?: string; from?: string },
  ): Promise<Response> => {
    const { work, raw, ...rest } = job;
    const answer = await idempotent(c, {
      store: idempotency,
      bodyHash: hashJson(raw),
      async work() {
        const begun = await lifecycleJobs.enqueue({
          work,
          knowledgeBase: nameOf(c),
          scope: scopeOf(c),
          ...rest,
        });
        return { status: 202, body: toJobObject(begun) as unknown as JsonValue };
      },
    });
    return answerJson(c, answer);
  };
  const jobRoute = (
    name: RouteName,
    work: LifecycleWork,
    words: { summary: string; description: string },
  ): ServerRoute => {
    const takesFile = work === 'snapshot' || work === 'restore';
    return {
      name,
      tag: TAG,
      ...words,
      access: 'admin',
      ...(takesFile && { body: snapshotRequestSchema }),
      takesIdempotencyKey: true,
      answers: { 202: { description: 'The job.', schema: jobObjectSchema } },
      async handle(c) {
        if (!takesFile) return begin(c, { work, raw: work });
        const { raw, value } = await readJsonBody(c, snapshotRequestSchema, limits);
        return begin(c, { work, raw, file: value.file });
      },
    };
  };

  return [
    {
      name: 'findChangedDocuments',
      tag: 'Documents',
      summary: 'Tells which documents an ingest would store',
      description:
        'Takes the SHA-256 of each document’s bytes, so that a client sends only what is new or changed.',
      access: 'key',
      body: findChangedRequestSchema,
      answers: { 200: { description: 'The names of those.', schema: findChangedResultSchema } },
      async handle(c) {
        const { value } = await readJsonBody(c, findChangedRequestSchema, limits);
        const documents = value.documents.map((document) => ({
          ...document,
          source: checkDocumentName(document.source),
        }));
        const changed = await knowledge.of(scopeOf(c)).findChanged(nameOf(c), { documents });
        return c.json({ changed: [...changed] });
      },
    },
    {
      name: 'eraseDocuments',
      tag: 'Documents',
      summary: 'Erases documents provably',
      description:
        'Removes documents with their vectors, words, cached embeddings and uploads, and what runs quoted of them, then rewrites the files, so that no byte of them is left on disk. The answer tells what was erased where, for the record.',
      access: 'key',
      body: eraseRequestSchema,
      takesIdempotencyKey: true,
      answers: { 200: { description: 'What was erased.', schema: erasureReportSchema } },
      async handle(c) {
        const { raw, value } = await readJsonBody(c, eraseRequestSchema, limits);
        const answer = await idempotent(c, {
          store: idempotency,
          bodyHash: hashJson(raw),
          async work() {
            const report = await eraser.erase({
              knowledgeBase: nameOf(c),
              scope: scopeOf(c),
              request: value,
            });
            return { status: 200, body: report as unknown as JsonValue };
          },
        });
        return answerJson(c, answer);
      },
    },
    {
      name: 'checkKnowledgeBase',
      tag: TAG,
      summary: 'Compares the index of a knowledge base with its documents',
      access: 'admin',
      answers: { 200: { description: 'What was found.', schema: healthReportSchema } },
      handle: async (c) => c.json(await knowledge.of(scopeOf(c)).health(nameOf(c))),
    },
    jobRoute('repairKnowledgeBase', 'repair', {
      summary: 'Puts right what a check finds',
      description: 'What is right is not touched. The job’s result tells what was done.',
    }),
    jobRoute('reindexKnowledgeBase', 'reindex', {
      summary: 'Builds the index anew with the configured embedding model',
      description:
        'Needs no sources. The old index answers meanwhile, where it can be opened; a job that was cancelled or killed is taken up by the next one.',
    }),
    {
      name: 'migrateKnowledgeBase',
      tag: TAG,
      summary: 'Takes vectors over from another store',
      description:
        'What the configured store lacks is copied, not embedded again; the other store stays as it is.',
      access: 'admin',
      body: migrateRequestSchema,
      takesIdempotencyKey: true,
      answers: { 202: { description: 'The job.', schema: jobObjectSchema } },
      async handle(c) {
        const { raw, value } = await readJsonBody(c, migrateRequestSchema, limits);
        knowledge.of(scopeOf(c)).assertFormerStore(value.from);
        return begin(c, { work: 'migrate', raw, from: value.from });
      },
    },
    jobRoute('snapshotKnowledgeBase', 'snapshot', {
      summary: 'Writes a knowledge base to a file',
      description: 'Into the folder `snapshots` of the server’s data.',
    }),
    jobRoute('restoreKnowledgeBase', 'restore', {
      summary: 'Makes a knowledge base from a file',
      description: 'From the folder `snapshots` of the server’s data; the name must be free.',
    }),
  ];
}
