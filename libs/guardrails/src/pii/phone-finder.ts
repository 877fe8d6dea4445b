import type { Finder } from '../internal/finder.js';
import { isAlphanumericAt, isDigitAt } from '../internal/scan.js';
import { isInternationalNumber } from './calling-codes.js';

const CONTEXT = 28;
const MAX_LENGTH = 28;
const MIN_DIGITS = 7;
const SEPARATOR = /[ ().\u00A0/-]/;
const WORD =
  /(?:phone|tel|mobile|cell|call|dial|fax|whatsapp|sms|telefon|mobil|handy|portable|tél)[a-z]{0,6}[^\n0-9]{0,14}$/i;
const NORTH_AMERICAN = /^(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}$/;
const DATE = /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})/;

/**
 * Finds telephone numbers: `+` with a calling code and that country's lengths, the North American form with its
 * separators, and national numbers where a word before them (`phone`, `call`, …) says what they are.
 *
 * @see ITU-T E.164 (numbering plan, calling codes), E.123 (notation)
 */
export function createPhoneFinder(): Finder {
  const trigger = /(?<![A-Za-z0-9_+.,/=-])(?:\+|\(\+?\d|\d)/g;
  const northAmericanHere = new RegExp(NORTH_AMERICAN.source.slice(1, -1), 'y');
  return {
    lookBehind: CONTEXT,
    maxLength: MAX_LENGTH + 2,
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
          northAmericanHere.lastIndex = anchor;
          if (!northAmericanHere.test(text)) continue;
        }
        const { ends, isOpen } = readNumber(text, isFinal, anchor);
        if (isOpen) return { isOpen: true, anchor };
        const end = ends.findLast(
          (position) =>
            position - anchor >= MIN_DIGITS && isPhone(text.slice(anchor, position), isNamed),
        );
        if (end !== undefined && !isAlphanumericAt(text, end)) {
          return { isOpen: false, anchor, start: anchor, end, category: 'phone', score: 0.85 };
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

/** Reads digits and separators (never two separators of one kind in a row); returns where groups of digits end. */
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
    } else if (SEPARATOR.test(text.charAt(position)) && separators < 2) {
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
  if ((digits.length === 10 || digits.length === 11) && NORTH_AMERICAN.test(number)) return true;
  return isNamed && !DATE.test(number);
}
