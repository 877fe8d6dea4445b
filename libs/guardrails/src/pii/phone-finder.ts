import type { Finder } from '../internal/finder.js';
import { createPrefixPattern } from '../internal/prefix-pattern.js';
import { isAlphanumericAt, isDigitAt } from '../internal/scan.js';
import { isInternationalNumber } from './calling-codes.js';

const CONTEXT = 28;
const MAX_LENGTH = 28;
const MIN_DIGITS = 7;
const SEPARATOR = /[ ().\u00A0/-]/;
const WORD =
  /(?:phone|tel|mobile|cell|call|dial|fax|whatsapp|sms|telefon|mobil|handy|portable|tél|\bvoice|\bring|hotline)[a-z]{0,6}[^\n0-9]{0,14}$/i;
/** Notations that nothing but a telephone number has. */
const NOTATIONS = [
  // North America: (415) 555-2671, 1-415-555-2671, 001-415-555-2671
  '(?:(?:00)?1[ .-])?(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[ .-])[2-9]\\d{2}[ .-]\\d{4}',
  // France: 01 23 45 67 89
  '0[1-9](?:[ .]\\d{2}){4}',
  // Britain: (020) 7946 0958
  '\\(0\\d{1,4}\\) ?\\d{3,4} ?\\d{4}',
  // Germany and Austria: 030 / 901820
  '0\\d{2,4} ?/ ?\\d{5,8}',
].join('|');
const NOTATION = new RegExp(`^(?:${NOTATIONS})$`);
const EXTENSION = / ?(?:x|ext\.?|extension|Durchwahl) ?\d{1,6}/iy;
const MAX_EXTENSION = 18;
const DATE = /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})/;

/**
 * Finds telephone numbers: `+` with a calling code and that country's lengths, the North American form with its
 * separators, some other notations of their own, and national numbers where a word before them (`phone`, `call`, …) says
 * what they are. An extension belongs to the number.
 *
 * @see ITU-T E.164 (numbering plan, calling codes), E.123 (notation)
 */
export function createPhoneFinder(): Finder {
  const trigger = /(?<![A-Za-z0-9_+.,/=-])(?:\+|\(\+?\d|\d)/g;
  const notationHere = new RegExp(NOTATIONS, 'y');
  const beginnings = createPrefixPattern(EXTENSION);
  return {
    lookBehind: CONTEXT,
    maxLength: MAX_LENGTH + MAX_EXTENSION + 2,
    next({ text, isFinal }, from) {
      trigger.lastIndex = from;
      for (let found = trigger.exec(text); found !== null; found = trigger.exec(text)) {
        const anchor = found.index;
        const before = text.slice(Math.max(0, anchor - CONTEXT), anchor);
        const isNamed = WORD.test(before);
        // Most digits are no telephone number: one look settles those that nothing speaks for.
        if (
          !isNamed &&
          found[0].length === 1 &&
          found[0] !== '+' &&
          text.length - anchor > MAX_LENGTH
        ) {
          notationHere.lastIndex = anchor;
          if (!notationHere.test(text)) continue;
        }
        const { ends, isOpen } = readNumber(text, isFinal, anchor);
        if (isOpen) return { isOpen: true, anchor };
        const end = ends.findLast(
          (position) =>
            position - anchor >= MIN_DIGITS && isPhone(text.slice(anchor, position), isNamed),
        );
        if (end !== undefined) {
          if (!isFinal && beginnings.isOpenAt(text, end)) return { isOpen: true, anchor };
          const whole = extensionEnd(text, end);
          if (!isAlphanumericAt(text, whole))
            return {
              ...{ isOpen: false, anchor, start: anchor, end: whole },
              ...{ category: 'phone', score: 0.85 },
            };
        }
        trigger.lastIndex = anchor + 1;
      }
      const last = text.length - 1;
      const isBeginning =
        !isFinal &&
        last >= from &&
        text.charAt(last) === '(' &&
        !/[A-Za-z0-9_+.,/=-]/.test(text.charAt(last - 1));
      if (isBeginning) return { isOpen: true, anchor: last };
      const isPlus =
        !isFinal &&
        last - 1 >= from &&
        text.endsWith('(+') &&
        !/[A-Za-z0-9_+.,/=-]/.test(text.charAt(last - 2));
      return isPlus ? { isOpen: true, anchor: last - 1 } : undefined;
    },
  };
}

function extensionEnd(text: string, end: number): number {
  EXTENSION.lastIndex = end;
  return EXTENSION.test(text) ? EXTENSION.lastIndex : end;
}

/** Reads digits and separators (at most three separators in a row); returns where groups of digits end. */
function readNumber(
  text: string,
  isFinal: boolean,
  start: number,
): { ends: number[]; isOpen: boolean } {
  const ends: number[] = [];
  let position = start;
  let separators = 0;
  if (text.charAt(position) === '(' && text.charAt(position + 1) === '+') position += 1;
  if (text.charAt(position) === '+') position += 1;
  while (position - start < MAX_LENGTH) {
    if (position >= text.length) return { ends, isOpen: !isFinal };
    if (isDigitAt(text, position)) {
      separators = 0;
      if (!isDigitAt(text, position + 1)) {
        if (position + 1 >= text.length && !isFinal) return { ends, isOpen: true };
        ends.push(position + 1);
      }
    } else if (SEPARATOR.test(text.charAt(position)) && separators < 3) {
      separators += 1;
    } else {
      break;
    }
    position += 1;
  }
  return { ends, isOpen: false };
}

function isPhone(number: string, isNamed: boolean): boolean {
  const digits = number.replace(/\D/g, '');
  if (/^\(?\+/.test(number)) {
    // The national prefix that some write in brackets, `+44 (0)20 …`, is not dialled.
    return isInternationalNumber(number.replace('(0)', '').replace(/\D/g, ''));
  }
  if (digits.length < MIN_DIGITS || digits.length > 13) return false;
  if (NOTATION.test(number)) return true;
  return isNamed && !DATE.test(number);
}
