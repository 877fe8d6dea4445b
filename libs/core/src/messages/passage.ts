import * as z from 'zod';
import { jsonObjectSchema } from '../json/json-value.js';
import { lineRangeSchema, spanSchema } from './span.js';

/**
 * A piece of a document that a retriever found, with where it stands in the document.
 *
 * `text` is exactly `document.text.slice(span.start, span.end)`.
 */
export const passageSchema = z.object({
  /** Unique within its knowledge base. */
  id: z.string(),
  documentId: z.string(),
  knowledgeBase: z.string().optional(),
  /** File path or URI of the document, as shown to people. */
  source: z.string(),
  title: z.string().optional(),
  /** Headings above the passage, outermost first. */
  headingPath: z.array(z.string()).optional(),
  text: z.string(),
  span: spanSchema,
  lines: lineRangeSchema,
  /** Relevance of the passage to the query; comparable within one retrieval only. */
  score: z.number().optional(),
  /** The score of each leg of the search, by the leg's name, e.g. `bm25`, `vector`. */
  scores: z.record(z.string(), z.number()).optional(),
  metadata: jsonObjectSchema.optional(),
});
export type Passage = z.infer<typeof passageSchema>;
