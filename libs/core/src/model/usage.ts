import * as z from 'zod';

/** Tokens that a model call took. Units: tokens of the model's own tokeniser; absent where it did not say. */
export const usageSchema = z.object({
  inputTokens: z.int().min(0).optional(),
  outputTokens: z.int().min(0).optional(),
  /** The part of `inputTokens` that came from the provider's cache. */
  cachedInputTokens: z.int().min(0).optional(),
  /** The part of `outputTokens` that was reasoning. */
  reasoningTokens: z.int().min(0).optional(),
});
export type Usage = z.infer<typeof usageSchema>;

/** The sum of two usages; a count that is absent in both stays absent. */
export function addUsage(first: Usage, second: Usage): Usage {
  const sum: Usage = {};
  for (const key of [
    'inputTokens',
    'outputTokens',
    'cachedInputTokens',
    'reasoningTokens',
  ] as const) {
    const a = first[key];
    const b = second[key];
    if (a !== undefined || b !== undefined) sum[key] = (a ?? 0) + (b ?? 0);
  }
  return sum;
}
