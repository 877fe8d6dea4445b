/** The query, and up to `count` others that are not the same but for case and spaces. */
export function distinctQueries(
  query: string,
  others: readonly string[],
  count: number,
): readonly string[] {
  const keyOf = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll(/[\s\p{P}]+/gu, ' ')
      .trim();
  const seen = new Set([keyOf(query), '']);
  const kept: string[] = [];
  for (const other of others) {
    const key = keyOf(other);
    if (seen.has(key) || kept.length >= count) continue;
    seen.add(key);
    kept.push(other.trim());
  }
  return [query, ...kept];
}
