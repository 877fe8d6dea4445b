import type { EmbeddingModel } from '@espalier/core';

/** Beyond this a call gains nothing, and a failed one loses more. */
const MAX_TEXTS_PER_CALL = 256;

/** Splits texts, in order, into calls that keep the limits of a model on texts and on tokens. */
export function planCalls(
  model: Pick<EmbeddingModel, 'limits' | 'countTokens'>,
  texts: readonly string[],
): string[][] {
  const { maxTextsPerCall, maxTokensPerCall, maxTokensPerText } = model.limits;
  const maxTexts = Math.max(1, Math.min(maxTextsPerCall, MAX_TEXTS_PER_CALL));
  const calls: string[][] = [];
  let call: string[] = [];
  let tokens = 0;
  for (const text of texts) {
    const own =
      maxTokensPerCall === undefined ? 0 : Math.min(model.countTokens(text), maxTokensPerText);
    const isFull =
      call.length >= maxTexts ||
      (maxTokensPerCall !== undefined && tokens + own > maxTokensPerCall);
    if (isFull && call.length > 0) {
      calls.push(call);
      call = [];
      tokens = 0;
    }
    call.push(text);
    tokens += own;
  }
  if (call.length > 0) calls.push(call);
  return calls;
}
