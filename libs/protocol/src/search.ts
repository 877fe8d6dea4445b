import { filterSchema, passageSchema, warningSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { searchExplanationSchema } from './search-explanation.js';

/** Body of `POST /api/v1/knowledge-bases/{name}/search`. */
export const searchRequestSchema = z
  .strictObject({
    query: z.string().min(1).max(8192),
    topK: z.int().min(1).max(100).optional(),
    /** Over the metadata of documents, and `source`, `documentId`, `mediaType`, `title`. */
    filter: filterSchema.optional(),
    /** Leaves out documents for other readers. A key with readers of its own is never shown more than those may see. */
    principals: z.array(z.string()).max(1000).optional(),
    /** Tells how each passage came to its place; not for a key with readers of its own. */
    explain: z.boolean().optional(),
  })
  .meta({ id: 'SearchRequest' });
export type SearchRequest = z.infer<typeof searchRequestSchema>;

/** What a search found, best first. */
export const searchResultSchema = z
  .object({
    passages: z.array(passageSchema),
    /** Whether the best passages are likely to answer the query at all. */
    hasEvidence: z.boolean(),
    warnings: z.array(warningSchema),
    explanation: searchExplanationSchema.optional(),
  })
  .meta({ id: 'SearchResult' });
export type SearchResult = z.infer<typeof searchResultSchema>;
