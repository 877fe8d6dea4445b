/**
 * Returns a request's body as JSON that any parser takes.
 *
 * `JSON.stringify` writes a lone surrogate as an escape that many parsers refuse; it becomes U+FFFD here.
 */
export function serializeBody(body: unknown): string {
  return wellFormedJson(JSON.stringify(body));
}

/** Returns JSON written by `JSON.stringify` with each lone surrogate in it replaced by U+FFFD. */
export function wellFormedJson(json: string): string {
  if (!/\\ud[89a-f][0-9a-f]{2}/u.test(json)) return json;
  return JSON.stringify(JSON.parse(json), (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
}
