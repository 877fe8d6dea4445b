import type { TokenEncoder } from '@espalier/core';
import type { TokenStateStore } from '../create-token-state-file.js';
import { encodedText, type TitledText } from '../internal/passage-text.js';
import type { PackedTokenStates } from '../pack-token-states.js';
import { ownQuery } from './own-query.js';
import type { OwnPair } from './query-adapter.js';

const MAX_PAIRS = 800;
/** What one vector of the encoder stands for. */
const WINDOW_TOKENS = 254;

/**
 * Encodes what passages could be asked for in their own words, and pairs it with the mean of the states of their other
 * tokens. Passages of which the query's tokens cannot be taken out are left out.
 *
 * Cost: one run of the encoder for each query.
 */
export async function ownPairs(options: {
  readonly encoder: TokenEncoder;
  readonly store: TokenStateStore;
  readonly passages: readonly TitledText[];
  readonly abortSignal?: AbortSignal | undefined;
}): Promise<OwnPair[]> {
  const { encoder, store, passages, abortSignal } = options;
  const found = [...passages.entries()].flatMap(([place, passage]) => {
    const query = ownQuery(passage);
    return query === undefined ? [] : [{ place, passage, query: query.toWellFormed() }];
  });
  const step = Math.max(1, found.length / MAX_PAIRS);
  const chosen = Array.from(
    { length: Math.min(found.length, MAX_PAIRS) },
    (_, n) => found[Math.floor(n * step)],
  ).filter((one) => one !== undefined);
  const pairs: OwnPair[] = [];
  for (const { place, passage, query } of chosen) {
    abortSignal?.throwIfAborted();
    const signal = abortSignal === undefined ? {} : { abortSignal };
    const { states } = await encoder.doEncodeTokens({
      texts: [query],
      purpose: 'query',
      ...signal,
    });
    const [asked] = states;
    const known = store.get(encodedText(passage).toWellFormed());
    const vector = asked?.windows[0];
    if (vector === undefined || known === undefined) continue;
    const rest = meanWithout(known, asked?.ids ?? [], encoder.dimension);
    if (rest !== undefined) pairs.push({ place, query: unit(vector), rest });
  }
  return pairs;
}

/** The mean of the first window's states without those of this run of tokens, of length 1. */
function meanWithout(
  { ids, scales, bytes }: PackedTokenStates,
  run: ArrayLike<number>,
  dimension: number,
): Float32Array | undefined {
  const tokens = Math.min(ids.length, WINDOW_TOKENS);
  const start = placeOf(ids.subarray(0, tokens), run);
  if (start === undefined || run.length * 2 > tokens) return undefined;
  const mean = new Float32Array(dimension);
  for (let token = 0; token < tokens; token += 1) {
    if (token >= start && token < start + run.length) continue;
    const scale = scales[token] ?? 0;
    for (let i = 0; i < dimension; i += 1)
      mean[i] = (mean[i] ?? 0) + scale * (bytes[token * dimension + i] ?? 0);
  }
  return unit(mean);
}

function placeOf(ids: Int32Array, run: ArrayLike<number>): number | undefined {
  for (let start = 0; start + run.length <= ids.length; start += 1) {
    let length = 0;
    while (length < run.length && ids[start + length] === run[length]) length += 1;
    if (length === run.length && length > 0) return start;
  }
  return undefined;
}

function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const norm = Math.sqrt(squares);
  return norm === 0 ? vector : vector.map((value) => value / norm);
}
