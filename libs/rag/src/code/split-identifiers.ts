const IDENTIFIER = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const PARTS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\p{N}+/gu;
const MAX_IDENTIFIER = 100;

/**
 * Returns the words that compound identifiers of a text are made of (`getUserName`, `user_name`, `HTTPServer2`), in lower
 * case, each once, in order; identifiers of one word give none.
 */
export function splitIdentifiers(text: string): string[] {
  const words = new Set<string>();
  for (const [identifier] of text.matchAll(IDENTIFIER)) {
    if (identifier.length > MAX_IDENTIFIER) continue;
    const parts = identifier.match(PARTS) ?? [];
    if (parts.length > 1) for (const part of parts) words.add(part.toLowerCase());
  }
  return [...words];
}
