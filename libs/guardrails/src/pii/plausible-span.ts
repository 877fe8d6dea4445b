import type { TaggedSpan } from '../tagger/create-pii-tagger.js';
import type { TaggerType } from '../tagger/tagger-labels.js';

/** How many characters before a span bear on it. */
const BEFORE = 2;
/** The oldest that people become. */
const MAX_AGE = 122;
/** The fewest digits of a telephone number that is written without a word for one. */
const MIN_PHONE_DIGITS = 6;
const CALENDAR =
  /(?<!\p{L})(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|mon|tue|wed|thu|fri|sat|sun)/iu;

const digitsIn = (written: string): number => written.replace(/\D/g, '').length;
const hasLetter = (written: string): boolean => /\p{L}/u.test(written);

/** Signs of programs and of markup stand in no name, nor do names stand in quotes of code. */
const isName = (written: string, before: string): boolean =>
  hasLetter(written) && !/[`={}<>|_]/.test(written) && !before.endsWith('`');

/** What a kind cannot lack, however much its neighbours speak for it; `before` are the two characters before it. */
const CHECKS: Readonly<Record<TaggerType, (written: string, before: string) => boolean>> = {
  person: isName,
  location: isName,
  organization: isName,
  address: hasLetter,
  title: hasLetter,
  nationality: (written, before) =>
    isName(written, before) &&
    /^(?:\p{Lu}[^\n]+|\p{Ll}{2,20}(?:an|ish|ese|ino|ist|im|ic|ch))$/u.test(written),
  age: (written) => /^[1-9]\d{0,2}$/.test(written) && Number(written) <= MAX_AGE,
  'date-time': (written) =>
    CALENDAR.test(written) ||
    (/\d/.test(written) && !/^(?:\d{1,3}|\d{1,2}\.\d)$|[@^*=<>]/.test(written)),
  postcode: (written) =>
    digitsIn(written) > 1 && /^[\dA-Z -]{3,11}$/i.test(written) && !/[A-Z]{4}/i.test(written),
  phone: (written) => digitsIn(written) >= MIN_PHONE_DIGITS,
  // Words without a sign of one are found behind `@` or a word for it by their form.
  username: (written, before) =>
    /[\d_]/.test(written) && hasLetter(written) && !before.endsWith('`'),
};
const NUMBERS = new Set<TaggerType>(['postcode', 'phone', 'age']);

/**
 * Whether what the tagger takes for some kind can be one: an age is a number, a telephone number has digits enough. A number
 * that goes on a code, `27158` of `RX-27158`, is none of its own.
 */
export function isPlausibleSpan(text: string, { type, start, end }: TaggedSpan): boolean {
  const before = text.slice(Math.max(0, start - BEFORE), start);
  if (NUMBERS.has(type) && /[\p{L}\p{N}][-_/#]$/u.test(before)) return false;
  return CHECKS[type](text.slice(start, end), before);
}
