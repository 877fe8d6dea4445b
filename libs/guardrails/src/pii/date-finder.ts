import type { Finder } from '../internal/finder.js';
import { createShapeFinder } from '../internal/shape-finder.js';

const MONTH =
  'jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|f[ée]v(?:rier)?|mar(?:ch|s|zo)?|märz|apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|ma[yi]|maio|mayo|june?|juni|juin|junio|giugno|july?|juli|juillet|julio|luglio|aug(?:ust)?|août|agosto|sep(?:t(?:ember|iembre|embre|embro)?)?|oct(?:ober|ubre|obre)?|okt(?:ober)?|outubro|ottobre|nov(?:ember|embre|iembre|embro)?|dec(?:ember)?|dez(?:ember|embro)?|d[ée]c(?:embre)?|dic(?:iembre|embre)?|enero|gennaio|janeiro|febrero|febbraio|fevereiro|março|maart|aprile|maggio|mei|augustus|setembro|settembre|dicembre';
const CLOCK = '[0-2]?\\d:[0-5]\\d(?::[0-5]\\d(?:[.,]\\d{1,6})?)?';
const HALF = '(?: ?[ap](?:m|\\.m\\.?))';
const ZONE = '(?: ?(?:Z|UTC|GMT|[+-]\\d{2}:?\\d{2}))?';
const YEAR = '(?:1[6-9]|20)\\d{2}';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])(?!\\d)';
/** Spelled out for each sign, as what may follow the first is the same sign again. */
const withOneSign = (form: (sign: string) => string): string =>
  `(?:${['-', '/', String.raw`\.`].map(form).join('|')})`;
const FORMS = [
  // 2024-02-29, 2024-02-29T13:14:15Z
  `${YEAR}${withOneSign((sign) => `${sign}(?:0?[1-9]|1[0-2])${sign}`)}${DAY}(?:[T ]${CLOCK}${HALF}?${ZONE})?`,
  // 29.02.2024, 2/29/24
  `(?:0?[1-9]|[12]\\d|3[01])${withOneSign((sign) => `${sign}(?:0?[1-9]|[12]\\d|3[01])${sign}`)}(?:${YEAR}|\\d{2})(?![\\d]|[./-]\\d)(?: ${CLOCK}${HALF}?)?`,
  // 29 February 2024, 29th of Feb, 29-Feb-2024
  `${DAY}(?:st|nd|rd|th|er|\\.)?(?:[ -]|\\. )(?:of |de |of the )?(?:${MONTH})(?![a-zà-ü])(?:\\.(?=[ ,-]))?(?:,?[ -](?:de )?${YEAR}|[- ]\\d{2}(?!\\d))?`,
  // February 29, 2024, Feb 29th, February 2024
  `(?:${MONTH})(?![a-zà-ü])\\.? (?:${DAY}(?:st|nd|rd|th)?(?:,? ${YEAR})?(?![\\d:%])|${YEAR})`,
  `${CLOCK}${HALF}?${ZONE}`,
  `(?:1[0-2]|[1-9])${HALF}`,
];
const MAX_LENGTH = 48;
const BIRTH =
  /(?:born|birth|b\.o\.d|dob|d\.o\.b|geb(?:oren|\.)|né(?:e)?|nacid[oa]|nat[oa]|geburt)[^\d]{0,24}$/i;
const LOOK_BEHIND = 40;

/** The first three letters of a month's name, or a digit. */
const FIRST =
  /\d|(?:jan|feb|fév|fev|mar|mär|apr|avr|abr|mai|may|maa|mag|mei|jun|jui|giu|jul|lug|aug|aoû|ago|sep|set|oct|okt|out|ott|nov|dec|dez|déc|dic|ene|gen)(?=[a-zà-ü. ])/i;

const shape = {
  first: FIRST,
  pattern: new RegExp(`(?:${FORMS.join('|')})`, 'i'),
  maxLength: MAX_LENGTH,
  lookBehind: LOOK_BEHIND,
} as const;

/**
 * Finds days and times in the notations of some languages: ISO 8601, numeric with dots, dashes or slashes, with the name of
 * the month, and times of day. Which of two numbers is the month cannot be told, so both orders count.
 *
 * A date behind a word for birth is a `date-of-birth`, all others are `date-time`; each finder finds one of the two.
 */
export function createDateFinder(category: 'date-of-birth' | 'date-time'): Finder {
  const wantsBirth = category === 'date-of-birth';
  return createShapeFinder({
    ...shape,
    category,
    score: wantsBirth ? 0.9 : 0.7,
    check: ({ match, before }) => {
      if (/\d[.,/:-]?$/.test(before)) return undefined;
      // Versions such as 1.2.34 are no days.
      if (/^\d\.\d{1,2}\.\d{2}$|^\d{1,2}\.\d\.\d{2}$/.test(match[0])) return undefined;
      const isDay = !/^(?:[0-2]?\d:|\d{1,2} ?[ap])/i.test(match[0]);
      return wantsBirth === (isDay && BIRTH.test(before))
        ? { start: 0, end: match[0].length }
        : undefined;
    },
  });
}
