import * as z from '@espalier/core/zod';

const count = z.int().min(1);
const weight = z.number().gt(0);

/** What the task `embedding` is set by. */
export const embeddingSchema = z.strictObject({
  loss: z
    .enum(['contrastive', 'triplet'])
    .describe(
      'contrastive (the default): InfoNCE, the other passages of the batch being negatives beside the row’s own; triplet: only the row’s own negatives.',
    )
    .default('contrastive'),
  temperature: z
    .number()
    .gt(0)
    .describe('contrastive: cosines are divided by this. Default 0.05.')
    .default(0.05),
  symmetric: z
    .boolean()
    .describe('contrastive: also tell the query of each positive apart. Default false.')
    .default(false),
  distance: z
    .enum(['cosine', 'euclidean'])
    .describe('triplet: 1 − cosine (the default), or the length of the difference.')
    .default('cosine'),
  margin: z
    .number()
    .min(0)
    .describe(
      'triplet: by how much a negative shall be farther. Default 0.3; for euclidean 5 is usual.',
    )
    .default(0.3),
  pooling: z
    .enum(['mean', 'cls'])
    .describe('How tokens become one vector. Default: as the model folder says, else mean.')
    .optional(),
  dimensions: z
    .array(count)
    .describe(
      'Matryoshka: the first so many numbers of a vector shall do alone, for each of these; name the whole width too. Default none.',
    )
    .default([]),
  query_prefix: z
    .string()
    .describe('Put before each query, also when it is searched with. Default none.')
    .default(''),
  passage_prefix: z.string().describe('Put before each passage. Default none.').default(''),
});

/** What the task `cross-encoder` is set by. */
export const crossEncoderSchema = z.strictObject({
  loss: z
    .enum(['binary', 'listwise', 'margin-mse'])
    .describe(
      'binary (the default): rows text_a, text_b, label from 0 to 1; listwise: the positive against its negatives; margin-mse: the differences of a teacher’s scores.',
    )
    .default('binary'),
  pos_weight: weight
    .describe('binary: how much more a positive pair counts. Default 1.')
    .default(1),
});

/** What the task `classification` is set by. */
export const classificationSchema = z.strictObject({
  labels: z
    .array(z.string().min(1))
    .min(2)
    .describe(
      'Names of the labels, in the order of the scores. Default: those of the model, else those of the training data in alphabetical order.',
    )
    .optional(),
  multi_label: z
    .boolean()
    .describe('Whether a text may have several labels or none (rows have `labels`). Default false.')
    .default(false),
  class_weights: z
    .union([z.literal('balanced'), z.record(z.string(), weight)])
    .describe(
      'One label a text: how much each counts, by name (others 1), or balanced: as much as it is rare. Default: all the same.',
    )
    .optional(),
  pos_weight: z
    .union([weight, z.literal('balanced'), z.record(z.string(), weight)])
    .describe(
      'multi_label: how much more it counts that a text has a label; one number, by name, or balanced: texts without it / texts with it. Default 1.',
    )
    .optional(),
});
