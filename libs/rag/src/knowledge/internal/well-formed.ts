/**
 * Returns plain data with half characters (lone surrogates) in its texts and keys replaced by U+FFFD.
 *
 * Lengths stay, so that spans into the texts still hold.
 */
export function wellFormed<T>(value: T): T {
  return repair(value) as T;
}

function repair(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(repair);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toWellFormed(), repair(inner)]),
  );
}
