import * as z from '@espalier/core/zod';

/**
 * What is read of an answer of the embeddings API: vectors as numbers, or as base64 of little-endian 32-bit floats.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings/create
 */
export const embeddingAnswerSchema = z.object({
  data: z.array(
    z.object({
      index: z.int().min(0).nullish(),
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  usage: z
    .object({ prompt_tokens: z.int().min(0).nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});
export type EmbeddingAnswer = z.infer<typeof embeddingAnswerSchema>;
