import * as z from '@espalier/core/zod';
import { timestampSchema } from './timestamp.js';

/** What a knowledge base may be called: it is part of paths and of file names. */
export const knowledgeBaseNameSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/u, {
    message:
      'Must be 1 to 64 lower-case letters, digits, ".", "_" or "-", with a letter or digit at both ends.',
  });

/** A knowledge base. */
export const knowledgeBaseObjectSchema = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    documents: z.int().min(0),
    chunks: z.int().min(0),
    /** The model whose vectors it holds. */
    embeddingModelId: z.string(),
    createdAt: timestampSchema.nullable(),
    /** Whether another model is configured by now: it can be searched again after a reindex. */
    needsReindex: z.boolean().optional(),
    /** How searches rank, as the configuration of the server says; absent in answers of older servers. */
    ranking: z
      .object({
        /** Bits in which values of token states are kept; `false`: searches do without late interaction. */
        tokenStates: z.union([z.literal(false), z.literal(2), z.literal(4)]),
        /** How much each leg counts. */
        weights: z.record(z.string(), z.number().min(0)),
        /** The learned ranker that orders the best candidates, by its name in the configuration. */
        ranker: z.string().nullable(),
      })
      .optional(),
  })
  .meta({ id: 'KnowledgeBase' });
export type KnowledgeBaseObject = z.infer<typeof knowledgeBaseObjectSchema>;

/** Body of `POST /api/v1/knowledge-bases`. */
export const createKnowledgeBaseRequestSchema = z
  .strictObject({ name: knowledgeBaseNameSchema, description: z.string().max(2000).optional() })
  .meta({ id: 'CreateKnowledgeBaseRequest' });
export type CreateKnowledgeBaseRequest = z.infer<typeof createKnowledgeBaseRequestSchema>;
