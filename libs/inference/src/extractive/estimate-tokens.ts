/**
 * Returns about how many tokens a text has for a common tokeniser: a word counts one for each six letters or part of
 * them, every other sign one.
 */
export function estimateTokens(text: string): number {
  let count = 0;
  for (const [token] of text.matchAll(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu))
    count += Math.ceil(token.length / 6);
  return count;
}
