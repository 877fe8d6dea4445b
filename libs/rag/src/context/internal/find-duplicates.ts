const SHINGLE_WORDS = 3;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/**
 * Returns which texts repeat an earlier one: `share` or more of their word triples stand in it.
 *
 * Containment, not Jaccard similarity: a short passage inside a long one is a repetition whatever the long one adds.
 * Texts of fewer than three words are compared as a whole.
 */
export function findDuplicates(texts: readonly string[], share: number): ReadonlySet<number> {
  const duplicates = new Set<number>();
  /** For each triple, the kept texts that hold it. */
  const holders = new Map<string, number[]>();
  for (const [index, text] of texts.entries()) {
    const triples = triplesOf(text);
    const shared = new Map<number, number>();
    for (const triple of triples) {
      for (const holder of holders.get(triple) ?? [])
        shared.set(holder, (shared.get(holder) ?? 0) + 1);
    }
    const most = Math.max(0, ...shared.values());
    if (triples.size > 0 && most / triples.size >= share) {
      duplicates.add(index);
      continue;
    }
    for (const triple of triples) {
      const known = holders.get(triple);
      if (known === undefined) holders.set(triple, [index]);
      else known.push(index);
    }
  }
  return duplicates;
}

function triplesOf(text: string): Set<string> {
  const words = text.toLowerCase().match(WORD) ?? [];
  const triples = new Set<string>();
  for (let n = 0; n + SHINGLE_WORDS <= words.length; n += 1)
    triples.add(words.slice(n, n + SHINGLE_WORDS).join(' '));
  if (triples.size === 0) triples.add(words.length === 0 ? text.trim() : words.join(' '));
  return triples;
}
