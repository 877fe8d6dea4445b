import type { Job, JsonValue } from '@espalier/core';
import {
  documentObjectSchema,
  documentTextObjectSchema,
  ingestQuerySchema,
  ingestReportSchema,
  ingestRequestSchema,
  jobObjectSchema,
  pageQuerySchema,
  pageSchema,
  type IngestReportObject,
} from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import { RequestError } from '../errors/request-error.js';
import type { ServerRoute } from '../http/define-route.js';
import { answerJson, idempotent } from '../http/idempotent.js';
import type { ServerContext } from '../http/server-variables.js';
import type { DocumentEraser } from '../knowledge/create-eraser.js';
import { reportOf, type IngestJobs } from '../knowledge/ingest-jobs.js';
import { toJobObject } from './job-routes.js';
import { queryOf } from './page-request.js';
import { readUpload } from './read-upload.js';

/** Routes that add, list, read and remove documents. */
export function documentRoutes(
  parts: AppParts & { ingestJobs: IngestJobs; eraser: DocumentEraser },
): ServerRoute[] {
  const { knowledge, idempotency, limits, ingestJobs, eraser } = parts;
  const knowledgeOf = (c: ServerContext) => knowledge.of(c.get('principal').scope);
  return [
    {
      name: 'ingestDocuments',
      tag: 'Documents',
      summary: 'Adds or updates documents',
      description:
        'Takes JSON or files. The ingest is a durable job: with `async=true` the job is the answer (202), else its report. Documents whose bytes did not change cost nothing. Where every document is refused, the answer is the first refusal.',
      access: 'key',
      query: ingestQuerySchema,
      body: ingestRequestSchema,
      takesFiles: true,
      takesIdempotencyKey: true,
      answers: {
        200: { description: 'What became of the documents.', schema: ingestReportSchema },
        202: { description: 'The job, with `async=true`.', schema: jobObjectSchema },
      },
      async handle(c) {
        const query = queryOf(c, ingestQuerySchema);
        const name = c.req.param('name') ?? '';
        const create = query.create === 'true';
        const upload = await readUpload(c, limits);
        if (!create) await knowledgeOf(c).get(name);
        const answer = await idempotent(c, {
          store: idempotency,
          bodyHash: upload.bodyHash,
          async work() {
            const job = await ingestJobs.enqueue({
              knowledgeBase: name,
              tenant: c.get('principal').scope.tenant,
              create,
              ...upload,
            });
            if (query.async === 'true')
              return { status: 202, body: toJobObject(job) as unknown as JsonValue };
            const done = await ingestJobs.settled(job.id, c.req.raw.signal);
            return {
              status: 200,
              body: reportOrRefuse(done, upload.documents.length) as unknown as JsonValue,
            };
          },
        });
        return answerJson(c, answer);
      },
    },
    {
      name: 'listDocuments',
      tag: 'Documents',
      summary: 'Lists the documents of a knowledge base',
      access: 'key',
      query: pageQuerySchema,
      answers: {
        200: { description: 'A page of documents.', schema: pageSchema(documentObjectSchema) },
      },
      async handle(c) {
        const { cursor, limit } = queryOf(c, pageQuerySchema);
        return c.json(
          await knowledgeOf(c).listDocuments(c.req.param('name') ?? '', {
            cursor,
            limit: limit ?? 50,
          }),
        );
      },
    },
    {
      name: 'getDocument',
      tag: 'Documents',
      summary: 'Returns a document with its text',
      access: 'key',
      answers: { 200: { description: 'The document.', schema: documentTextObjectSchema } },
      handle: async (c) =>
        c.json(
          await knowledgeOf(c).getDocument(c.req.param('name') ?? '', c.req.param('id') ?? ''),
        ),
    },
    {
      name: 'deleteDocument',
      tag: 'Documents',
      summary: 'Removes a document',
      description:
        'As `erase` does, with nothing left of it on disk; that route tells what was erased where.',
      access: 'key',
      answers: { 204: { description: 'It is gone.' } },
      async handle(c) {
        const knowledgeBase = c.req.param('name') ?? '';
        const id = c.req.param('id') ?? '';
        await knowledgeOf(c).getDocument(knowledgeBase, id);
        const { scope } = c.get('principal');
        await eraser.erase({ knowledgeBase, scope, request: { ids: [id] } });
        return c.body(null, 204);
      },
    },
  ];
}

const REFUSAL_STATUS: readonly (readonly [RegExp, number])[] = [
  [/_EMPTY$/u, 422],
  [/MEDIA_TYPE_UNSUPPORTED$|_ENCODING$/u, 415],
  [/_NAME$/u, 400],
];

function reportOrRefuse(job: Job, count: number): IngestReportObject {
  if (job.status !== 'succeeded') {
    throw new RequestError({
      code: job.error?.code ?? 'ERR_SERVER_INGEST_CANCELLED',
      status: job.error === undefined ? 409 : 500,
      message: job.error?.message ?? 'The ingest was cancelled before it ended.',
    });
  }
  const report = reportOf(job);
  const first = report.failed[0];
  if (first !== undefined && report.failed.length === count) {
    throw new RequestError({
      code: first.error.code,
      status: REFUSAL_STATUS.find(([pattern]) => pattern.test(first.error.code))?.[1] ?? 422,
      message: first.error.message,
      issues: report.failed
        .map(({ source, error }) => ({ pointer: source, message: error.message }))
        .slice(0, 50),
    });
  }
  return report;
}
