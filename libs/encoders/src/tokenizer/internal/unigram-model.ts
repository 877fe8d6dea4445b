/** What a unigram language model of tokens needs. */
export interface UnigramModelOptions {
  /** Tokens with their log-probabilities; a token's id is its place. */
  readonly pieces: readonly (readonly [string, number])[];
  readonly unknownId: number | undefined;
  /** Whether what is unknown becomes the tokens of its bytes, `<0x0A>`. */
  readonly hasByteFallback: boolean;
}

interface Node {
  id: number;
  readonly children: Map<string, Node>;
}

interface Path {
  readonly score: number;
  readonly start: number;
  readonly id: number | undefined;
}

/** An unknown character costs this much more than the rarest token. */
const UNKNOWN_PENALTY = 10;
const encoder = new TextEncoder();

/**
 * Returns a function that gives the ids of the likeliest cut of a text; unknown characters in a row are one unknown token.
 *
 * Cost: linear in the text, times the length of the longest token.
 *
 * @throws {RangeError} Something is unknown and the model has no unknown token.
 * @see Kudo 2018, arXiv 1804.10959; the forward search of SentencePiece's `EncodeOptimized`
 */
export function createUnigramModel(
  options: UnigramModelOptions,
): (text: string) => readonly number[] {
  const root: Node = { id: -1, children: new Map() };
  const ids = new Map<string, number>();
  let lowest = Number.POSITIVE_INFINITY;
  options.pieces.forEach(([token, score], id) => {
    lowest = Math.min(lowest, score);
    ids.set(token, id);
    let node = root;
    for (const character of token) {
      let child = node.children.get(character);
      if (child === undefined) {
        child = { id: -1, children: new Map() };
        node.children.set(character, child);
      }
      node = child;
    }
    node.id = id;
  });
  const unknownScore = lowest - UNKNOWN_PENALTY;

  const unknownIds = (text: string): readonly number[] => {
    if (options.hasByteFallback) {
      const bytes = [...encoder.encode(text)].map((byte) =>
        ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
      );
      if (bytes.every((id) => id !== undefined)) return bytes;
    }
    if (options.unknownId === undefined)
      throw new RangeError(
        'the text holds an unknown character and the model has no unknown token',
      );
    return [options.unknownId];
  };

  return (text) => {
    const characters = Array.from(text);
    const best: (Path | undefined)[] = new Array<Path | undefined>(characters.length + 1);
    const offer = (end: number, path: Path): void => {
      const known = best[end];
      if (known === undefined || path.score > known.score) best[end] = path;
    };
    for (let start = 0; start < characters.length; start += 1) {
      const reached = best[start]?.score ?? 0;
      let hasSingle = false;
      let node: Node | undefined = root;
      for (let end = start; end < characters.length; end += 1) {
        node = node.children.get(characters[end] ?? '');
        if (node === undefined) break;
        if (node.id < 0) continue;
        hasSingle ||= end === start;
        const score = options.pieces[node.id]?.[1] ?? 0;
        offer(end + 1, { score: score + reached, start, id: node.id });
      }
      if (!hasSingle) offer(start + 1, { score: unknownScore + reached, start, id: undefined });
    }
    const out: number[][] = [];
    let unknownEnd: number | undefined;
    for (let end = characters.length; end > 0;) {
      const { start, id } = best[end] as Path;
      if (id === undefined || id === options.unknownId) {
        unknownEnd ??= end;
        if (start === 0) out.push([...unknownIds(characters.slice(0, unknownEnd).join(''))]);
      } else {
        if (unknownEnd !== undefined)
          out.push([...unknownIds(characters.slice(end, unknownEnd).join(''))]);
        unknownEnd = undefined;
        out.push([id]);
      }
      end = start;
    }
    return out.reverse().flat();
  };
}
