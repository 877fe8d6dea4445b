/** A shorter sentence is judged together with its neighbour: alone it says too little. */
const SHORTEST = 24;
const BREAK = /(?<=[.!?])\s+|\n+/;

/**
 * The sentences and lines of a text, short ones joined to a neighbour; none where the text is a single one.
 *
 * `features.py` of the training cuts in the same way. Linear in the text.
 */
export function textSentences(text: string): readonly string[] {
  const found: string[] = [];
  for (const part of text.split(BREAK)) {
    const sentence = part.trim();
    if (sentence === '') continue;
    const last = found.at(-1);
    if (last !== undefined && last.length < SHORTEST)
      found[found.length - 1] = `${last} ${sentence}`;
    else found.push(sentence);
  }
  const last = found.at(-1) ?? '';
  if (found.length > 1 && last.length < SHORTEST) {
    found.pop();
    found[found.length - 1] = `${found.at(-1) ?? ''} ${last}`;
  }
  return found.length > 1 ? found : [];
}
