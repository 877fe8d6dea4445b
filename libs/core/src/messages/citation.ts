import * as z from 'zod';
import { lineRangeSchema, spanSchema } from './span.js';

/** A statement of an answer tied to the exact place of a document that supports it. */
export const citationSchema = z.object({
  /** The number shown in the answer, `[1]`; counts from 1 within a run. */
  index: z.int().min(1),
  passageId: z.string(),
  documentId: z.string(),
  knowledgeBase: z.string().optional(),
  source: z.string(),
  title: z.string().optional(),
  headingPath: z.array(z.string()).optional(),
  /** Where the quote stands in the document. */
  span: spanSchema,
  lines: lineRangeSchema,
  /** The document's words at `span`. */
  quote: z.string(),
  /** The part of the answer that the citation supports, in the answer's own offsets. */
  answerSpan: spanSchema.optional(),
});
export type Citation = z.infer<typeof citationSchema>;
