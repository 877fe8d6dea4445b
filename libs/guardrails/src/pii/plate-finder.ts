import type { Finder } from '../internal/finder.js';
import { createShapeFinder } from '../internal/shape-finder.js';

interface Plate {
  readonly country: string;
  readonly form: RegExp;
  readonly words: RegExp;
}

const PLATES: readonly Plate[] = [
  {
    country: 'DE',
    form: /[A-Z\u00C4\u00D6\u00DC]{1,3}[ -][A-Z]{1,2}[ -]?[1-9]\d{0,3}[EH]?/,
    words: /(?:kennzeichen|kfz|nummernschild|plate|fahrzeug)/i,
  },
  {
    country: 'GB',
    form: /(?:[A-HJ-PR-Y]{2}\d{2}[ -]?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3}[ -]?[A-HJ-PR-Y][A-HJ-PR-Z]{2}|[A-HJ-PR-Z]{3}[ -]?\d{1,3}[ -]?[A-HJ-NPR-TV-Y])/,
    words: /(?:plate|registration|vehicle|\breg\b|\bcar\b|\bvan\b|dvla|licen[cs]e)/i,
  },
  {
    country: 'TR',
    form: /(?:0[1-9]|[1-7]\d|8[01])[ -]?[A-PR-VYZ]{1,3}[ -]?\d{2,4}/,
    words: /(?:plaka|plate|ara\u00E7|licen[cs]e)/i,
  },
];

/** Finds the number plates of vehicles of Germany, Great Britain and Turkey behind a word for one. */
export function createPlateFinders(countries?: ReadonlySet<string>): readonly Finder[] {
  return PLATES.filter(({ country }) => countries?.has(country) ?? true).map(
    ({ country, form, words }) =>
      createShapeFinder({
        category: `${country.toLowerCase()}-licence-plate`,
        score: 0.65,
        first: /[A-Z\u00C4\u00D6\u00DC\d]/,
        firstLength: 1,
        pattern: form,
        maxLength: 12,
        lookBehind: 40,
        check: ({ match, before }) =>
          words.test(before) ? { start: 0, end: match[0].length } : undefined,
      }),
  );
}
