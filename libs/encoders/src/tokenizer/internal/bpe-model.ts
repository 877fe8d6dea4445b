/** What a byte-pair-encoding model needs. */
export interface BpeModelOptions {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Pairs of tokens in the order in which they are merged. */
  readonly merges: readonly (readonly [string, string])[];
  readonly unknownToken: string | undefined;
  readonly continuingPrefix: string;
  readonly endOfWordSuffix: string;
  /** Whether unknown characters that follow each other become one unknown token. */
  readonly fusesUnknown: boolean;
  /** Whether characters that are not in the vocabulary become the tokens of their bytes, `<0x0A>`. */
  readonly hasByteFallback: boolean;
  /** Whether a word that is a token is that token, whatever the merges say. */
  readonly ignoresMerges: boolean;
}

interface Merge {
  readonly rank: number;
  readonly id: number;
}

const CACHED_WORDS = 20_000;
const LONGEST_CACHED = 256;
/** Ids are below 2²⁶, so that a pair of them is one exact number. */
const PAIR_BASE = 2 ** 26;
const encoder = new TextEncoder();

/**
 * Returns a function that gives the ids of one word, by the merges of lowest rank first and from the left.
 *
 * Cost: n log n in the characters of the word; words are remembered.
 *
 * @throws {RangeError} A merge names a token that the vocabulary lacks.
 * @see Sennrich et al. 2016, arXiv 1508.07909, algorithm 1
 */
export function createBpeModel(options: BpeModelOptions): (word: string) => readonly number[] {
  const { vocabulary } = options;
  const merges = mergeTable(options);
  const unknownId =
    options.unknownToken === undefined ? undefined : vocabulary.get(options.unknownToken);

  const byteIds = (character: string): readonly number[] | undefined => {
    const ids: number[] = [];
    for (const byte of encoder.encode(character)) {
      const id = vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
      if (id === undefined) return undefined;
      ids.push(id);
    }
    return ids;
  };

  const symbolsOf = (word: string): number[] => {
    const ids: number[] = [];
    let unknown: number | undefined;
    const characters = Array.from(word);
    characters.forEach((character, index) => {
      const symbol =
        (index > 0 ? options.continuingPrefix : '') +
        character +
        (index === characters.length - 1 ? options.endOfWordSuffix : '');
      const id = vocabulary.get(symbol);
      if (id !== undefined) {
        if (unknown !== undefined) ids.push(unknown);
        unknown = undefined;
        ids.push(id);
        return;
      }
      const bytes = options.hasByteFallback ? byteIds(symbol) : undefined;
      if (bytes !== undefined) {
        ids.push(...bytes);
      } else if (unknownId !== undefined) {
        if (unknown !== undefined && !options.fusesUnknown) ids.push(unknown);
        unknown = unknownId;
      }
    });
    if (unknown !== undefined) ids.push(unknown);
    return ids;
  };

  const cut = (word: string): readonly number[] => {
    const whole = options.ignoresMerges ? vocabulary.get(word) : undefined;
    return whole === undefined ? mergeSymbols(symbolsOf(word), merges) : [whole];
  };

  const cache = new Map<string, readonly number[]>();
  return (word) => {
    const known = cache.get(word);
    if (known !== undefined) return known;
    const ids = cut(word);
    if (word.length <= LONGEST_CACHED) {
      if (cache.size >= CACHED_WORDS) cache.clear();
      cache.set(` ${word}`.slice(1), ids);
    }
    return ids;
  };
}

function mergeTable({
  vocabulary,
  merges,
  continuingPrefix,
}: BpeModelOptions): ReadonlyMap<number, Merge> {
  const table = new Map<number, Merge>();
  const idOf = (token: string): number => {
    const id = vocabulary.get(token);
    if (id === undefined)
      throw new RangeError(`a merge names "${token}", which is not in the vocabulary`);
    return id;
  };
  merges.forEach(([left, right], rank) => {
    const id = idOf(left + right.slice(continuingPrefix.length));
    table.set(idOf(left) * PAIR_BASE + idOf(right), { rank, id });
  });
  return table;
}

/** A pair that may be merged; stale once one of its sides has changed. */
interface Candidate {
  readonly rank: number;
  readonly position: number;
  readonly id: number;
  readonly left: number;
  readonly right: number;
}

function mergeSymbols(ids: number[], merges: ReadonlyMap<number, Merge>): readonly number[] {
  const count = ids.length;
  if (count < 2) return ids;
  const next = Int32Array.from({ length: count }, (_, index) =>
    index + 1 < count ? index + 1 : -1,
  );
  const previous = Int32Array.from({ length: count }, (_, index) => index - 1);
  const heap: Candidate[] = [];
  const offer = (position: number): void => {
    const follower = position < 0 ? -1 : (next[position] ?? -1);
    if (follower < 0) return;
    const left = ids[position] ?? 0;
    const right = ids[follower] ?? 0;
    const merge = merges.get(left * PAIR_BASE + right);
    if (merge !== undefined) push(heap, { ...merge, position, left, right });
  };
  for (let position = 0; position < count - 1; position += 1) offer(position);
  for (let best = pop(heap); best !== undefined; best = pop(heap)) {
    const { position, id, left, right } = best;
    const follower = next[position] ?? -1;
    if (ids[position] !== left || follower < 0 || ids[follower] !== right) continue;
    ids[position] = id;
    // No pair that begins or ends here fits any more.
    ids[follower] = -1;
    const after = next[follower] ?? -1;
    next[position] = after;
    if (after >= 0) previous[after] = position;
    offer(previous[position] ?? -1);
    offer(position);
  }
  return ids.filter((id) => id >= 0);
}

const isBefore = (a: Candidate, b: Candidate): boolean =>
  a.rank < b.rank || (a.rank === b.rank && a.position < b.position);

function push(heap: Candidate[], item: Candidate): void {
  let index = heap.push(item) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Candidate;
    if (!isBefore(item, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = item;
}

function pop(heap: Candidate[]): Candidate | undefined {
  const top = heap[0];
  const item = heap.pop();
  if (item === undefined || heap.length === 0) return top;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Candidate, heap[child] as Candidate))
      child += 1;
    if (!isBefore(heap[child] as Candidate, item)) break;
    heap[index] = heap[child] as Candidate;
    index = child;
  }
  heap[index] = item;
  return top;
}
