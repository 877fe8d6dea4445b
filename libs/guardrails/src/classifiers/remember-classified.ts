import { createRecentResults } from './recent-results.js';

/** Gives the log-odds of a text. */
export type Classify = (
  text: string,
  options?: { readonly abortSignal?: AbortSignal },
) => Promise<Float32Array>;

/**
 * Asks `classify` once for a text that several rails ask about, and remembers the last `capacity` answers.
 *
 * A call that fails is not remembered. Who waits for the call of somebody who aborts it calls anew.
 */
export function rememberClassified(classify: Classify, capacity: number): Classify {
  const recent = createRecentResults<Promise<Float32Array>>(capacity);
  return async (text, options = {}) => {
    const { abortSignal } = options;
    abortSignal?.throwIfAborted();
    const asked = recent.get(text, () => classify(text, options));
    try {
      return await asked;
    } catch (error) {
      recent.delete(text);
      const isOthersAbort =
        error instanceof Error && error.name === 'AbortError' && abortSignal?.aborted !== true;
      if (!isOthersAbort) throw error;
      return classify(text, options);
    }
  };
}
