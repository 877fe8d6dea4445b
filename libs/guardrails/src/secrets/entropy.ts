/**
 * The Shannon entropy of the characters of a text: how unlike words it is.
 *
 * Units: bits per character. 0 for an empty text; random base64 of 40 characters has about 4.8.
 */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let total = 0;
  for (const count of counts.values()) total += count;
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / total) * Math.log2(count / total);
  return entropy;
}
