import type { Finder } from '../internal/finder.js';
import { isAlphanumericAt, isDigitAt } from '../internal/scan.js';
import { cardBrandOf } from './card-brand.js';
import { hasLuhnCheckDigit } from './luhn.js';

const MAX_DIGITS = 19;
const MAX_GROUPS = 6;
/** How cards are printed: in one piece, by fours, or as American Express and Diners do. */
const GROUPINGS = /^(?:\d{13,19}|4,4,4,4|4,4,4,4,[1-3]|4,6,[45])$/;

/** Groups of digits with one kind of separator between them. */
interface DigitGroups {
  /** The end of each group. */
  readonly ends: readonly number[];
  readonly lengths: readonly number[];
  readonly digits: string;
  readonly isOpen: boolean;
}

/**
 * Finds payment card numbers: 13 to 19 digits, in one piece or grouped as on cards, with a known issuer range, that
 * issuer's length and a right check digit.
 */
export function createCardFinder(): Finder {
  const trigger = /(?<![A-Za-z0-9_.])[2-6]\d/g;
  const lastDigit = /[2-6]/;
  return {
    lookBehind: 1,
    maxLength: MAX_DIGITS + MAX_GROUPS + 6,
    next({ text, isFinal }, from) {
      trigger.lastIndex = from;
      for (let found = trigger.exec(text); found !== null; found = trigger.exec(text)) {
        const anchor = found.index;
        const groups = readGroups(text, isFinal, anchor);
        if (groups.isOpen) return { isOpen: true, anchor };
        const end = cardEnd(groups);
        if (end !== undefined && !isAlphanumericAt(text, end) && text.charAt(end) !== '_') {
          return { isOpen: false, anchor, start: anchor, end, category: 'card', score: 0.98 };
        }
        trigger.lastIndex = anchor + 1;
      }
      const last = text.length - 1;
      const isBeginning =
        !isFinal &&
        last >= from &&
        lastDigit.test(text.charAt(last)) &&
        !/[A-Za-z0-9_.]/.test(text.charAt(last - 1));
      return isBeginning ? { isOpen: true, anchor: last } : undefined;
    },
  };
}

function readGroups(text: string, isFinal: boolean, start: number): DigitGroups {
  const ends: number[] = [];
  const lengths: number[] = [];
  let digits = '';
  let separator = '';
  let position = start;
  for (;;) {
    const groupStart = position;
    while (isDigitAt(text, position) && digits.length <= MAX_DIGITS)
      digits += text.charAt(position++);
    if (digits.length > MAX_DIGITS) return { ends, lengths, digits, isOpen: false };
    if (position === text.length && !isFinal) return { ends, lengths, digits, isOpen: true };
    ends.push(position);
    lengths.push(position - groupStart);
    const next = text.charAt(position);
    if (
      lengths.length === MAX_GROUPS ||
      (next !== ' ' && next !== '-') ||
      (separator !== '' && next !== separator)
    ) {
      return { ends, lengths, digits, isOpen: false };
    }
    if (position + 1 === text.length && !isFinal) return { ends, lengths, digits, isOpen: true };
    if (!isDigitAt(text, position + 1)) return { ends, lengths, digits, isOpen: false };
    separator = next;
    position += 1;
  }
}

/** The end of the longest row of groups, from the first, that is a card. */
function cardEnd({ ends, lengths, digits }: DigitGroups): number | undefined {
  for (let count = lengths.length; count > 0; count -= 1) {
    const used = lengths.slice(0, count);
    const number = digits.slice(
      0,
      used.reduce((sum, length) => sum + length, 0),
    );
    const shape = count === 1 ? number : used.join(',');
    if (GROUPINGS.test(shape) && cardBrandOf(number) !== undefined && hasLuhnCheckDigit(number))
      return ends[count - 1];
  }
  return undefined;
}
