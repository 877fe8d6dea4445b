const QUOTED_OR_COMPOUND =
  /`([^`]+)`|\b([A-Za-z]\w*(?:[_.][A-Za-z0-9]+)+|[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)\b/gu;
const MIN_LENGTH = 3;

/** The names of a query that are written as in code: `camelCase`, `snake_case`, `dotted.name`, or between back quotes. */
export function identifiersOf(query: string): string[] {
  return Array.from(query.matchAll(QUOTED_OR_COMPOUND), ([, quoted, compound]) =>
    (quoted ?? compound ?? '').trim(),
  ).filter(({ length }) => length >= MIN_LENGTH);
}

/** The share of the names that stand in the text letter by letter. */
export function identifierShare(identifiers: readonly string[], text: string): number {
  if (identifiers.length === 0) return 0;
  return identifiers.filter((name) => text.includes(name)).length / identifiers.length;
}
