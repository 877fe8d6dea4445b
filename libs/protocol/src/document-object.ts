import { errorInfoSchema, jsonObjectSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { timestampSchema } from './timestamp.js';

/** A document of a knowledge base, without its text. */
export const documentObjectSchema = z
  .object({
    id: z.string(),
    source: z.string(),
    title: z.string().nullable(),
    mediaType: z.string(),
    chunks: z.int().min(0),
    /** Units: UTF-16 code units of its text; only where the text was read. */
    characters: z.int().min(0).optional(),
    /** Changes when its bytes, its metadata or the way it is cut change. */
    contentHash: z.string(),
    updatedAt: timestampSchema,
    metadata: jsonObjectSchema,
  })
  .meta({ id: 'Document' });
export type DocumentObject = z.infer<typeof documentObjectSchema>;

/** A document with its text; spans of citations and passages refer to it. */
export const documentTextObjectSchema = documentObjectSchema
  .extend({ text: z.string() })
  .meta({ id: 'DocumentWithText' });
export type DocumentTextObject = z.infer<typeof documentTextObjectSchema>;

const sourceNameSchema = z.string().min(1).max(1024);

/** A document as a client sends it: its text, or its bytes in base64. */
export const documentInputSchema = z
  .strictObject({
    /** Relative path or URI; the document's id. */
    source: sourceNameSchema,
    text: z.string().optional(),
    base64: z.base64().optional(),
    mediaType: z.string().max(255).optional(),
    metadata: jsonObjectSchema.optional(),
    principals: z.array(z.string()).optional(),
  })
  .refine((document) => (document.text === undefined) !== (document.base64 === undefined), {
    message: 'Give exactly one of "text" and "base64".',
  })
  .meta({ id: 'DocumentInput' });
export type DocumentInput = z.infer<typeof documentInputSchema>;

/** JSON body of `POST /api/v1/knowledge-bases/{name}/documents`. */
export const ingestRequestSchema = z
  .strictObject({
    documents: z.array(documentInputSchema).min(1),
    /** Removes documents under this prefix of `source` that are not among `documents`; `true`: all others. */
    prune: z.union([z.boolean(), z.strictObject({ prefix: z.string() })]).optional(),
  })
  .meta({ id: 'IngestRequest' });
export type IngestRequest = z.infer<typeof ingestRequestSchema>;

/** The form field of a multipart upload that holds the files; each file's name is its document's `source`. */
export const UPLOAD_FIELD = 'files';

/** Query of the ingest route. */
export const ingestQuerySchema = z.object({
  /** `true` answers at once with a job (202). */
  async: z.enum(['true', 'false']).optional(),
  /** Makes the knowledge base where it does not exist. */
  create: z.enum(['true', 'false']).optional(),
});

/** What an ingest did. */
export const ingestReportSchema = z
  .object({
    added: z.int().min(0),
    updated: z.int().min(0),
    unchanged: z.int().min(0),
    removed: z.int().min(0),
    failed: z.array(z.object({ source: z.string(), error: errorInfoSchema })),
    /** What loaders were not sure of, such as a guessed encoding. */
    warnings: z.array(z.object({ source: z.string(), message: z.string() })).optional(),
    chunks: z.int().min(0),
    /** Units: ms. */
    durationMs: z.number(),
  })
  .meta({ id: 'IngestReport' });
export type IngestReportObject = z.infer<typeof ingestReportSchema>;
