import type { Finder } from '../internal/finder.js';
import { createShapeFinder } from '../internal/shape-finder.js';

/** Post codes with a form of their own, of the United Kingdom, Canada and the Netherlands. */
const OWN =
  '(?:GIR ?0AA|[A-PR-UWYZ](?:\\d[\\dA-HJKPSTUW]?|[A-HK-Y]\\d[\\dABEHMNPRVWXY]?) \\d[ABD-HJLNP-UW-Z]{2}|[ABCEGHJ-NPRSTVXY]\\d[A-CEGHJ-NPRSTV-Z] \\d[A-CEGHJ-NPRSTV-Z]\\d|\\d{5}-\\d{4})';
const NAMED =
  '(?:\\d{4} ?[A-Z]{2}|\\d{3} \\d{2}|\\d{2}-\\d{3}|\\d{5}-\\d{3}|\\d{3}-\\d{4}|\\d{4,6})';
const STATES =
  'AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY';
const WORD =
  /(?:zip|post(?:al)? ?code|postcode|plz|postleitzahl|code postal|c[óo]digo postal|\bcap\b|\bcep\b|pin ?code|eircode)["']?(?: ?code| number)?(?: is| for [\p{L}]{1,16} is| of [\p{L}]{1,16} is)?[ :="'#]{0,4}$/iu;
const STATE = new RegExp(`(?:^|[^A-Za-z])(?:${STATES}),? $`);

/**
 * Finds post codes: those of a form of their own, and plain numbers behind a word for one or, as in the United States, behind
 * the abbreviation of a state.
 */
export function createPostcodeFinder(): Finder {
  return createShapeFinder({
    category: 'postcode',
    score: 0.7,
    first: /[A-Z0-9]/,
    pattern: new RegExp(`(?:${OWN}|${NAMED})`),
    maxLength: 12,
    lookBehind: 48,
    check: ({ match, before }) => {
      const written = match[0];
      const isOwn = new RegExp(`^${OWN}$`).test(written);
      if (/[\d.,/#$€£@-]$/.test(before)) return undefined;
      if (isOwn || WORD.test(before)) return { start: 0, end: written.length };
      return /^\d{5}$/.test(written) && STATE.test(before)
        ? { start: 0, end: written.length }
        : undefined;
    },
  });
}
