import { lineRangeSchema, spanSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';

/** Why one passage stands where it does. */
const explainedPassageSchema = z.object({
  id: z.string(),
  rank: z.int().min(1),
  source: z.string(),
  lines: lineRangeSchema,
  score: z.number(),
  legs: z.array(
    z.object({
      leg: z.string(),
      /** Its place in this leg among the candidates, from 1. */
      rank: z.int().min(0),
      /** BM25, or a cosine. */
      score: z.number(),
      /** (score − mean) / deviation. */
      standardized: z.number(),
      /** weight × standardized; their sum is the passage's score. */
      contribution: z.number(),
    }),
  ),
  /** What each word of the query adds to the passage's BM25, largest first. */
  words: z.array(z.object({ word: z.string(), frequency: z.int(), contribution: z.number() })),
  /** Words of the passage that are looked up as a word of the query is, by their offsets in the passage's text. */
  matches: z.array(spanSchema),
});

/** How a search came to its result. */
export const searchExplanationSchema = z
  .object({
    query: z.string(),
    legs: z.array(
      z.object({ name: z.string(), weight: z.number(), mean: z.number(), deviation: z.number() }),
    ),
    words: z.array(
      z.object({
        word: z.string(),
        /** What it is looked up as; nothing for a stop word. */
        terms: z.array(z.string()),
        documentFrequency: z.int(),
        idf: z.number(),
      }),
    ),
    passages: z.array(explainedPassageSchema),
    /** Chunks that were compared. */
    candidates: z.int(),
    /** Chunks with words of the query that were left out, because of their readers or the filter. */
    leftOut: z.int(),
    corpus: z.object({ documents: z.int(), chunks: z.int() }),
    /** Units: ms. */
    durationMs: z.number(),
  })
  .meta({ id: 'SearchExplanation' });
export type SearchExplanationObject = z.infer<typeof searchExplanationSchema>;
