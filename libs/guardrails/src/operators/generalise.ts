/** How coarse `generalise` makes what it is given. */
export interface Generalisation {
  /** Years of an age band. Default 10. */
  readonly ageBand?: number;
  /** What stays of a date. Default `year`. */
  readonly date?: 'month' | 'year' | 'decade';
  /** Characters of a post code that stay. Default 3. */
  readonly postcodeLength?: number;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * Makes personal data coarser where that leaves something of use: ages become bands (`30-39`), dates years, post codes their
 * beginning, IPv4 addresses their network, e-mail addresses their domain; of all else only the category stays.
 */
export function generalise(category: string, found: string, options: Generalisation = {}): string {
  const { ageBand = 10, date = 'year', postcodeLength = 3 } = options;
  const coarse = coarsen(category, found, { ageBand, date, postcodeLength });
  return coarse ?? `[${category}]`;
}

function coarsen(
  category: string,
  found: string,
  { ageBand, date, postcodeLength }: Required<Generalisation>,
): string | undefined {
  switch (category) {
    case 'age':
      return generaliseAge(found, ageBand);
    case 'date-time':
    case 'date-of-birth':
      return generaliseDate(found, date);
    case 'postcode': {
      const kept = found.slice(0, postcodeLength);
      return kept + '*'.repeat(found.length - kept.length);
    }
    case 'ip':
      return /^\d+\.\d+\.\d+\.\d+$/.test(found) ? found.replace(/\.\d+$/, '.0/24') : undefined;
    case 'email':
      return `[email]@${found.slice(found.lastIndexOf('@') + 1)}`;
    case 'url':
      return /^(?:[a-z]+:\/\/)?[^/?#]+/i.exec(found)?.[0];
    default:
      return undefined;
  }
}

function generaliseAge(found: string, band: number): string | undefined {
  const age = Number(/\d+/.exec(found)?.[0] ?? Number.NaN);
  if (Number.isNaN(age)) return undefined;
  // Few reach such an age, so that a band alone would point to them.
  if (age >= 90) return '90+';
  const low = Math.floor(age / band) * band;
  return band === 1 ? String(low) : `${low}-${low + band - 1}`;
}

function generaliseDate(found: string, to: 'month' | 'year' | 'decade'): string | undefined {
  const year = /(?<!\d)(?:1[6-9]|20)\d{2}(?!\d)/.exec(found)?.[0];
  if (year === undefined) return undefined;
  if (to === 'decade') return `${year.slice(0, 3)}0s`;
  if (to === 'year') return year;
  const iso = /^\d{4}[-/.](\d{1,2})/.exec(found)?.[1];
  const named = MONTHS.findIndex((month) => new RegExp(`\\b${month}`, 'i').test(found));
  const month = iso === undefined ? named + 1 : Number(iso);
  // In 03/04/2020 either may be the month.
  return month === 0 ? year : `${year}-${String(month).padStart(2, '0')}`;
}
