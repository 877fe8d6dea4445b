import { MergeQueue } from './merge-queue.js';

/** Ids are below 2²⁶, so that a pair of them is one exact number. */
const PAIR_BASE = 2 ** 26;
/** Merges between two looks at the abort signal. */
const ABORT_INTERVAL = 256;

/**
 * Learns the merges of byte-pair encoding: the pair that stands most often becomes a token, again and again.
 *
 * Of pairs as frequent, the one with the smaller ids comes first. Counts are kept up with what each merge changes, and the
 * queue is put right as its entries come up, as in the `tokenizers` library, whose order this is also where a token can be
 * made in two ways.
 *
 * Adds the tokens to `vocabulary`. Cost: about the length of all distinct words times the depth of their merges.
 *
 * @see Sennrich et al. 2016, arXiv 1508.07909, algorithm 1
 */
export function learnMerges(options: {
  /** How often each word stands in the text. */
  readonly words: ReadonlyMap<string, number>;
  /** Tokens by id; holds each character that is to be one. */
  readonly vocabulary: string[];
  readonly vocabularySize: number;
  readonly minFrequency: number;
  readonly abortSignal?: AbortSignal;
}): (readonly [string, string])[] {
  const { vocabulary, vocabularySize, minFrequency, abortSignal } = options;
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  const counts = [...options.words.values()];
  const words = Array.from(options.words.keys(), (word) =>
    Array.from(word).flatMap((character) => ids.get(character) ?? []),
  );
  const pairCounts = new Map<number, number>();
  const queue = new MergeQueue();
  const enqueue = (places: ReadonlyMap<number, ReadonlySet<number>>): void => {
    for (const [pair, where] of places) {
      const count = pairCounts.get(pair) ?? 0;
      if (count > 0)
        queue.push({
          left: Math.floor(pair / PAIR_BASE),
          right: pair % PAIR_BASE,
          count,
          words: where,
        });
    }
  };
  const places = new Map<number, Set<number>>();
  const change = (where: Map<number, Set<number>>, pair: number, sign: 1 | -1, word: number) => {
    pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + sign * (counts[word] ?? 0));
    if (sign < 0) return;
    const known = where.get(pair);
    if (known === undefined) where.set(pair, new Set([word]));
    else known.add(word);
  };
  words.forEach((symbols, word) => {
    for (let at = 1; at < symbols.length; at += 1)
      change(places, pairOf(symbols[at - 1], symbols[at]), 1, word);
  });
  enqueue(places);

  const ranks = new Map<number, number>();
  for (let step = 0; vocabulary.length < vocabularySize;) {
    const candidate = queue.pop();
    if (candidate === undefined) break;
    const { left, right } = candidate;
    const pair = pairOf(left, right);
    const current = pairCounts.get(pair) ?? 0;
    if (candidate.count !== current) {
      candidate.count = current;
      queue.push(candidate);
      continue;
    }
    if (current < 1 || current < minFrequency) break;
    if (step % ABORT_INTERVAL === 0) abortSignal?.throwIfAborted();
    const token = (vocabulary[left] ?? '') + (vocabulary[right] ?? '');
    let id = ids.get(token);
    if (id === undefined) {
      id = vocabulary.length;
      vocabulary.push(token);
      ids.set(token, id);
    }
    ranks.set(pair, step);
    step += 1;
    const fresh = new Map<number, Set<number>>();
    for (const word of candidate.words)
      mergeIn(words[word] ?? [], { left, right, id }, (other, sign) => {
        change(fresh, other, sign, word);
      });
    enqueue(fresh);
  }
  return [...ranks]
    .sort(([, a], [, b]) => a - b)
    .map(([pair]) => [
      vocabulary[Math.floor(pair / PAIR_BASE)] ?? '',
      vocabulary[pair % PAIR_BASE] ?? '',
    ]);
}

function pairOf(left: number | undefined, right: number | undefined): number {
  return (left ?? 0) * PAIR_BASE + (right ?? 0);
}

/** Merges a pair wherever it stands in a word, from the left, and tells which pairs that parts and makes. */
function mergeIn(
  symbols: number[],
  { left, right, id }: { readonly left: number; readonly right: number; readonly id: number },
  onChange: (pair: number, sign: 1 | -1) => void,
): void {
  for (let at = 0; at + 1 < symbols.length; at += 1) {
    if (symbols[at] !== left || symbols[at + 1] !== right) continue;
    const [before, after] = [symbols[at - 1], symbols[at + 2]];
    if (before !== undefined) {
      onChange(pairOf(before, left), -1);
      onChange(pairOf(before, id), 1);
    }
    symbols.splice(at, 2, id);
    if (after !== undefined) {
      onChange(pairOf(right, after), -1);
      onChange(pairOf(id, after), 1);
    }
  }
}
