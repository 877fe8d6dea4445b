const MAX_LETTERS = 300;
const MIN_WORDS = 4;

/** The longest sentence; of one that is too long, its beginning. Undefined for a text of a few words. */
export function longestSentence(text: string): string | undefined {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });
  // A long text is not read as a whole to choose one sentence.
  const head = text.slice(0, MAX_LETTERS * 10);
  let longest = '';
  for (const { segment } of segmenter.segment(head)) {
    const sentence = segment.replaceAll(/\s+/gu, ' ').trim().slice(0, MAX_LETTERS);
    if (sentence.length > longest.length) longest = sentence;
  }
  const words = new Intl.Segmenter(undefined, { granularity: 'word' });
  let count = 0;
  for (const { isWordLike } of words.segment(longest)) if (isWordLike === true) count += 1;
  return count < MIN_WORDS ? undefined : longest;
}
