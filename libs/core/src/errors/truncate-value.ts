/**
 * Returns `value` as one short line for an error message.
 *
 * Strings are quoted; anything else goes through JSON. Lone surrogates are replaced, line breaks are escaped, and
 * what is longer than `maxCharacters` is cut with its full length stated.
 */
export function truncateValue(value: unknown, maxCharacters = 80): string {
  const text = describe(value);
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, maxCharacters).toWellFormed()}… (${text.length} characters)`;
}

function describe(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'bigint' || typeof value === 'symbol') return value.toString();
  if (typeof value === 'function') return `[function ${value.name}]`;
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return Object.prototype.toString.call(value);
  }
}
