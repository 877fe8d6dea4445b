import { passageSchema, spanSchema, usageSchema, warningSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';

/** How far the graph of a knowledge base is. */
export const graphObjectSchema = z
  .object({
    knowledgeBase: z.string(),
    /** Documents that the graph was built from. */
    documents: z.int(),
    /** Documents of the knowledge base that the graph lacks, because they are new or have changed. */
    missing: z.int(),
    entities: z.int(),
    relations: z.int(),
    communities: z.int(),
    /** Those that are named most often, at most 20. */
    topEntities: z.array(z.object({ name: z.string(), type: z.string(), places: z.int() })),
  })
  .meta({ id: 'Graph' });
export type GraphObject = z.infer<typeof graphObjectSchema>;

/** Body of `POST /api/v1/knowledge-bases/{name}/graph/ask`. */
export const askGraphRequestSchema = z
  .strictObject({
    query: z.string().min(1).max(8192),
    /** `local`: about the things that the question names; `global`: about the documents as a whole. */
    scope: z.enum(['local', 'global']),
    /** The most passages (default 8) or points (default 10). */
    topK: z.int().min(1).max(100).optional(),
    /** Of communities, 0 the coarsest; of global questions only. */
    level: z.int().min(0).max(10).optional(),
    /** Leaves out documents for other readers. A key with readers of its own is never shown more than those may see. */
    principals: z.array(z.string()).max(1000).optional(),
  })
  .meta({ id: 'AskGraphRequest' });
export type AskGraphRequest = z.infer<typeof askGraphRequestSchema>;

const placeSchema = z.object({ documentId: z.string(), passageId: z.string(), span: spanSchema });

const reportSchema = z.object({
  communityId: z.string(),
  level: z.int(),
  title: z.string(),
  summary: z.string(),
  findings: z.array(z.object({ text: z.string(), sources: z.array(placeSchema) })),
});

/** What a graph holds on a question. */
export const graphAnswerSchema = z
  .object({
    scope: z.enum(['local', 'global']),
    hasEvidence: z.boolean(),
    /** Written by a model, where the graph has one. */
    answer: z.string().nullable(),
    /** Of a global question: points of the reports on communities, the best first. */
    points: z.array(
      z.object({
        text: z.string(),
        score: z.number(),
        communityId: z.string(),
        title: z.string(),
        sources: z.array(placeSchema),
      }),
    ),
    /** Of a local question: passages around what it names, the best first. */
    passages: z.array(passageSchema),
    entities: z.array(
      z.object({ id: z.string(), name: z.string(), type: z.string(), score: z.number() }),
    ),
    /** Between these entities, the strongest first. */
    relations: z.array(
      z.object({
        source: z.string(),
        target: z.string(),
        weight: z.number(),
        labels: z.array(z.string()),
      }),
    ),
    reports: z.array(reportSchema),
    usage: usageSchema,
    warnings: z.array(warningSchema),
  })
  .meta({ id: 'GraphAnswer' });
export type GraphAnswer = z.infer<typeof graphAnswerSchema>;
