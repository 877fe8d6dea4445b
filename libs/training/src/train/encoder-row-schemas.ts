import * as z from '@espalier/core/zod';

const text = z.string().min(1);
const label = z.union([z.string().min(1), z.int().min(0)]);

/** Rows of the task `embedding`. */
export const retrievalRowSchema = z.strictObject({
  query: text,
  positive: text,
  negatives: z.array(text).optional(),
});

/** Rows of a cross-encoder that learns judged pairs. */
export const judgedRowSchema = z.strictObject({
  text_a: text,
  text_b: text,
  label: z.number().min(0).max(1),
});

/** Rows of a cross-encoder that learns an order. */
export const listRowSchema = z.strictObject({
  query: text,
  positive: text,
  negatives: z.array(text).min(1),
});

/** Rows of a cross-encoder that learns from a teacher: its scores of the positive, then of each negative. */
export const taughtRowSchema = z.strictObject({
  ...listRowSchema.shape,
  scores: z.array(z.number()).min(2),
});

/** Rows of the task `classification` with one label a text. */
export const labelRowSchema = z.strictObject({ text, text_pair: text.optional(), label });

/** Rows of the task `classification` with any number of labels a text. */
export const labelsRowSchema = z.strictObject({
  text,
  text_pair: text.optional(),
  labels: z.array(label),
});
