const SENTENCE_END = /(?<=[.!?…。！？]["'”’)\]]*)\s+|(?<=[。！？])|\n+/gu;
const WORD_END = /\s+/gu;

/**
 * Returns the longest beginning of a text that has at most `maxTokens` tokens and ends with a sentence, or with a word
 * where the first sentence is too long already; empty where not even a word fits.
 */
export function cutToFit(options: {
  text: string;
  maxTokens: number;
  countTokens: (text: string) => number;
}): string {
  const { text } = options;
  for (const boundary of [SENTENCE_END, WORD_END]) {
    const ends = Array.from(text.matchAll(boundary), ({ index }) => index).filter((end) => end > 0);
    const cut = longestFitting(ends, options);
    if (cut !== '') return cut;
  }
  return '';
}

function longestFitting(
  ends: readonly number[],
  options: { text: string; maxTokens: number; countTokens: (text: string) => number },
): string {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const tokens = options.countTokens(options.text.slice(0, ends[middle]));
    if (tokens <= options.maxTokens) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? '' : options.text.slice(0, ends[low - 1]);
}
