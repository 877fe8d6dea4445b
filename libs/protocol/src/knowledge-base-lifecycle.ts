import * as z from '@espalier/core/zod';
import { documentInputSchema } from './document-object.js';
import { timestampSchema } from './timestamp.js';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/u, {
  message: 'Must be a SHA-256 in lower-case hexadecimal.',
});

/** Body of `POST /api/v1/knowledge-bases/{name}/find-changed`: documents by the hash of their bytes. */
export const findChangedRequestSchema = z
  .strictObject({
    documents: z
      .array(
        z.strictObject({
          source: documentInputSchema.shape.source,
          sha256: sha256Schema,
          mediaType: documentInputSchema.shape.mediaType,
          metadata: documentInputSchema.shape.metadata,
          principals: documentInputSchema.shape.principals,
        }),
      )
      .max(10_000),
  })
  .meta({ id: 'FindChangedRequest' });
export type FindChangedRequest = z.infer<typeof findChangedRequestSchema>;

/** Those of the documents that an ingest would store. */
export const findChangedResultSchema = z
  .object({ changed: z.array(z.string()) })
  .meta({ id: 'FindChangedResult' });
export type FindChangedResult = z.infer<typeof findChangedResultSchema>;

/** Body of `POST /api/v1/knowledge-bases/{name}/erase`: exactly one of the two. */
export const eraseRequestSchema = z
  .strictObject({
    ids: z.array(z.string()).min(1).max(10_000).optional(),
    /** Every document whose source begins with it. */
    prefix: z.string().min(1).optional(),
  })
  .refine(({ ids, prefix }) => (ids === undefined) !== (prefix === undefined), {
    message: 'Give exactly one of "ids" and "prefix".',
  })
  .meta({ id: 'EraseRequest' });
export type EraseRequest = z.infer<typeof eraseRequestSchema>;

/** What an erasure did, for the record; holds nothing of the text. */
export const erasureReportSchema = z
  .object({
    knowledgeBase: z.string(),
    tenant: z.string().optional(),
    documentIds: z.array(z.string()),
    documents: z.int(),
    chunks: z.int(),
    places: z.array(
      z.object({
        /** `catalogue`, `vectors`, `lexical-index`, `embedding-cache`, `graph`, `uploads`, `runs`. */
        place: z.string(),
        removed: z.int(),
        /** Whether no byte of it is left there on disk. */
        isPurged: z.boolean(),
        problem: z.string().optional(),
      }),
    ),
    isComplete: z.boolean(),
    erasedAt: timestampSchema,
    /** Units: ms. */
    durationMs: z.number(),
  })
  .meta({ id: 'ErasureReport' });
export type ErasureReportObject = z.infer<typeof erasureReportSchema>;

/** What a check of an index found. */
export const healthReportSchema = z
  .object({
    knowledgeBase: z.string(),
    embedding: z.string(),
    documents: z.int(),
    chunks: z.int(),
    vectors: z.int(),
    /** No finding is a problem. */
    isHealthy: z.boolean(),
    findings: z.array(
      z.object({
        kind: z.string(),
        severity: z.enum(['problem', 'notice']),
        count: z.int(),
        examples: z.array(z.string()),
        advice: z.string(),
      }),
    ),
    checkedAt: timestampSchema,
    /** Units: ms. */
    durationMs: z.number(),
  })
  .meta({ id: 'HealthReport' });
export type HealthReportObject = z.infer<typeof healthReportSchema>;

/** Body of `POST /api/v1/knowledge-bases/{name}/snapshot` and `…/restore`: a file in the server's `snapshots` folder. */
export const snapshotRequestSchema = z
  .strictObject({
    file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/u, {
      message: 'Must be a file name of letters, digits, ".", "_" and "-", without a folder.',
    }),
  })
  .meta({ id: 'SnapshotRequest' });
export type SnapshotRequest = z.infer<typeof snapshotRequestSchema>;

/** Body of `POST /api/v1/knowledge-bases/{name}/migrate`: the store whose vectors are taken over. */
export const migrateRequestSchema = z
  .strictObject({
    /** `lancedb`, `simd`, or a name under `formerStores` of the configuration. */
    from: z.string().min(1).max(64),
  })
  .meta({ id: 'MigrateRequest' });
export type MigrateRequest = z.infer<typeof migrateRequestSchema>;
