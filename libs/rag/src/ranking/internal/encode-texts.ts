import type { TokenEncoder } from '@espalier/core';
import { VectorInvalidError } from '../../errors.js';
import type { TokenStateStore } from '../create-token-state-file.js';
import { packTokenStates, type PackedTokenStates } from '../pack-token-states.js';

/** Resolves to the packed states of the texts, in order; what the store holds is not encoded again. */
export async function encodeTexts(options: {
  encoder: TokenEncoder;
  texts: readonly string[];
  store?: TokenStateStore | undefined;
  onProgress?: (done: number) => void;
  abortSignal?: AbortSignal;
}): Promise<PackedTokenStates[]> {
  const { encoder, texts, store, abortSignal } = options;
  const result = new Map<string, PackedTokenStates>();
  await encodeMissing({ ...options, onStates: (text, states) => result.set(text, states) });
  abortSignal?.throwIfAborted();
  return texts.map((text) => {
    const states = result.get(text) ?? store?.get(text);
    if (states !== undefined) return states;
    throw new VectorInvalidError({
      index: encoder.modelId,
      problem: 'the encoder gave fewer states than texts',
    });
  });
}

/** Encodes each text that the store does not hold yet, a batch at a time. */
export async function encodeMissing(options: {
  encoder: TokenEncoder;
  texts: readonly string[];
  store?: TokenStateStore | undefined;
  onStates?: (text: string, states: PackedTokenStates) => void;
  onProgress?: (done: number) => void;
  abortSignal?: AbortSignal;
}): Promise<void> {
  const { encoder, store, abortSignal } = options;
  const missing = [...new Set(options.texts)].filter((text) => store?.has(text) !== true);
  let done = options.texts.length - missing.length;
  options.onProgress?.(done);
  const size = Math.max(1, encoder.limits.maxTextsPerCall);
  for (let start = 0; start < missing.length; start += size) {
    abortSignal?.throwIfAborted();
    const texts = missing.slice(start, start + size);
    const signal = abortSignal === undefined ? {} : { abortSignal };
    const { states } = await encoder.doEncodeTokens({ texts, purpose: 'document', ...signal });
    for (const [index, text] of texts.entries()) {
      const found = states[index];
      if (found === undefined) continue;
      const packed = packTokenStates(found);
      store?.set(text, packed);
      options.onStates?.(text, packed);
    }
    done += texts.length;
    options.onProgress?.(done);
  }
}
