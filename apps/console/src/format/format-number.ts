const INTEGERS = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const UNITS = ['B', 'KB', 'MB', 'GB'] as const;

/** Returns a whole number with its thousands apart: `12,345`. */
export function formatInteger(value: number): string {
  return INTEGERS.format(value);
}

/** Returns a count with its noun: `1 passage`, `3 passages`. */
export function formatCount(value: number, singular: string, plural = `${singular}s`): string {
  return `${INTEGERS.format(value)} ${value === 1 ? singular : plural}`;
}

/** Returns a score with three significant digits. */
export function formatScore(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

/** Returns bytes in the unit that fits: `3.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** Returns a cost in US dollars, with as many digits as small sums need. */
export function formatCost(usd: number): string {
  return `$${usd < 0.01 ? usd.toPrecision(2) : usd.toFixed(2)}`;
}
