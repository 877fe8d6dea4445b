/**
 * Returns how long an answer's headers ask to wait, or `undefined` where they do not say.
 *
 * Reads `retry-after-ms` first, then `retry-after` as seconds or as an HTTP date. A date in the past gives 0.
 *
 * Units: ms.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function parseRetryAfter(
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): number | undefined {
  const milliseconds = toAmount(headers['retry-after-ms']);
  if (milliseconds !== undefined) return milliseconds;
  const value = headers['retry-after'];
  const seconds = toAmount(value);
  if (seconds !== undefined) return seconds * 1000;
  // `Date.parse` takes almost anything; every HTTP date names its month.
  const date = value !== undefined && /[a-z]{3}/iu.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function toAmount(value: string | undefined): number | undefined {
  if (value === undefined || !/^\s*\d+(\.\d+)?\s*$/u.test(value)) return undefined;
  const amount = Number(value);
  return Number.isFinite(amount) ? amount : undefined;
}
