import { z } from 'zod';

/** The body of `POST /v1/embeddings`. */
export const embeddingsRequestSchema = z.looseObject({
  model: z.string().min(1),
  input: z.union([
    z.string(),
    z.array(z.string()),
    z.array(z.number()),
    z.array(z.array(z.number())),
  ]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).nullish(),
});

/** A checked request. */
export type EmbeddingsRequest = z.infer<typeof embeddingsRequestSchema>;
