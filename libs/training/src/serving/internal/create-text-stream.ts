/** Characters of which a token may hold a part only. */
const INCOMPLETE = '\uFFFD';

/** Turns tokens into text as they come. */
export interface TextStream {
  /** The text that is certain with this token. */
  add(id: number): string;
  /** What was held back. */
  end(): string;
  /** Whether a stop text came; it and what follows is left out. */
  readonly isStopped: boolean;
}

/** Creates a stream; halves of characters, and what may become a stop text, are held back until it is known. */
export function createTextStream(options: {
  readonly decode: (ids: readonly number[]) => string;
  readonly stopTexts: readonly string[];
}): TextStream {
  const stopTexts = options.stopTexts.filter((text) => text !== '');
  const ids: number[] = [];
  let given = 0;
  let text = '';
  let isStopped = false;
  const upTo = (end: number): string => {
    const piece = text.slice(given, Math.max(given, end));
    given = Math.max(given, end);
    return piece;
  };
  return {
    add(id) {
      ids.push(id);
      text = options.decode(ids);
      const stop = earliest(text, stopTexts);
      if (stop !== undefined) {
        isStopped = true;
        text = text.slice(0, stop);
        return upTo(stop);
      }
      let end = text.length;
      while (end > 0 && text[end - 1] === INCOMPLETE) end--;
      return upTo(Math.min(end, text.length - longestBeginning(text, stopTexts)));
    },
    end: () => upTo(text.length),
    get isStopped() {
      return isStopped;
    },
  };
}

function earliest(text: string, stops: readonly string[]): number | undefined {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
  return places.length === 0 ? undefined : Math.min(...places);
}

/** How much of the end of a text is the beginning of a stop text. */
function longestBeginning(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops)
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--)
      if (text.endsWith(stop.slice(0, length))) longest = length;
  return longest;
}
