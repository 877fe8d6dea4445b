/**
 * A text as PostgreSQL can hold it: without U+0000.
 *
 * U+0000 and U+0001 become two characters each, so that no two texts fall together and their order stays.
 */
export function toPgText(text: string): string {
  return text.replaceAll('\u0001', '\u0001\u0002').replaceAll('\0', '\u0001\u0001');
}

/** The text that {@link toPgText} was given. */
export function fromPgText(stored: string): string {
  return stored.replaceAll('\u0001\u0001', '\0').replaceAll('\u0001\u0002', '\u0001');
}
