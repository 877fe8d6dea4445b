import { jsonObjectSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';

/** The name of the format, in its first line. */
export const SNAPSHOT_FORMAT = 'espalier-knowledge-base';
/** Raised when older readers would misread it. */
export const SNAPSHOT_VERSION = 1;

const spanSchema = z.object({ start: z.int().min(0), end: z.int().min(0) });
const linesSchema = z.object({ start: z.int(), end: z.int() });

/** The first line. */
export const snapshotHeadSchema = z.object({
  format: z.literal(SNAPSHOT_FORMAT),
  version: z.literal(SNAPSHOT_VERSION),
  name: z.string(),
  description: z.string().optional(),
  embedding: z.string(),
  dimension: z.int().min(1),
});

/** A document with its chunks and their vectors (f32, little-endian, base64). */
export const snapshotDocumentSchema = z.object({
  document: z.object({
    id: z.string(),
    source: z.string(),
    title: z.string().optional(),
    mediaType: z.string(),
    text: z.string(),
    contentHash: z.string(),
    chunkedBy: z.string().optional(),
    sourceVersion: z.string().optional(),
    structure: z
      .object({
        headings: z
          .array(z.object({ level: z.int(), text: z.string(), span: spanSchema }))
          .optional(),
        atoms: z.array(spanSchema).optional(),
      })
      .optional(),
    metadata: jsonObjectSchema,
    principals: z.array(z.string()).optional(),
    createdAtMs: z.number(),
    updatedAtMs: z.number(),
  }),
  chunks: z.array(
    z.object({
      id: z.string(),
      position: z.int(),
      span: spanSchema,
      lines: linesSchema,
      headingPath: z.array(z.string()),
      indexText: z.string().optional(),
      parent: spanSchema.optional(),
      vector: z.string(),
    }),
  ),
});
/** One line between the first and the last. */
export type SnapshotDocument = z.infer<typeof snapshotDocumentSchema>;

/** The last line, by which a reader knows that nothing is missing. */
export const snapshotEndSchema = z.object({
  end: z.object({ documents: z.int(), chunks: z.int() }),
});

/** The bytes of a vector as text. */
export function encodeVector(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

/** The vector in a text; undefined where it has another length. */
export function decodeVector(text: string, dimension: number): Float32Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== dimension * Float32Array.BYTES_PER_ELEMENT) return undefined;
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
