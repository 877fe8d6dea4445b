import { filterSchema, passageSchema, warningSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';

/** Body of `POST /api/v1/knowledge-bases/{name}/search`. */
export const searchRequestSchema = z
  .strictObject({
    query: z.string().min(1).max(8192),
    topK: z.int().min(1).max(100).optional(),
    filter: filterSchema.optional(),
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
  })
  .meta({ id: 'SearchResult' });
export type SearchResult = z.infer<typeof searchResultSchema>;
