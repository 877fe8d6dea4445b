import type { Finder } from '../internal/finder.js';
import { isAlphanumericAt } from '../internal/scan.js';
import { IBAN_LENGTHS } from './iban-lengths.js';

const MAX_LENGTH = 34;
const BEGINNING = /^[A-Za-z]{1,2}\d?$/;

/**
 * Finds International Bank Account Numbers: a country, that country's length and a right checksum, in one piece or
 * with single spaces or dashes between groups.
 */
export function createIbanFinder(): Finder {
  const trigger = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}/g;
  return {
    lookBehind: 1,
    maxLength: 2 * MAX_LENGTH + 2,
    next({ text, isFinal }, from) {
      trigger.lastIndex = from;
      for (let found = trigger.exec(text); found !== null; found = trigger.exec(text)) {
        const anchor = found.index;
        const end = ibanEnd(text, isFinal, anchor);
        if (end === undefined) return { isOpen: true, anchor };
        if (end !== -1)
          return { isOpen: false, anchor, start: anchor, end, category: 'iban', score: 0.99 };
        trigger.lastIndex = anchor + 1;
      }
      if (isFinal) return undefined;
      for (let start = Math.max(from, text.length - 3); start < text.length; start += 1) {
        if (!isAlphanumericAt(text, start - 1) && BEGINNING.test(text.slice(start))) {
          return { isOpen: true, anchor: start };
        }
      }
      return undefined;
    },
  };
}

/** The end of the IBAN at `start`; -1 when none stands there, `undefined` when it is not over. */
function ibanEnd(text: string, isFinal: boolean, start: number): number | undefined {
  const length = IBAN_LENGTHS[text.slice(start, start + 2).toUpperCase()];
  if (length === undefined) return -1;
  let compact = '';
  let position = start;
  while (compact.length < length) {
    if (position >= text.length) return isFinal ? -1 : undefined;
    if (isAlphanumericAt(text, position)) {
      compact += text.charAt(position);
    } else if (!/[ \u00A0-]/.test(text.charAt(position)) || !isAlphanumericAt(text, position - 1)) {
      return -1;
    }
    position += 1;
  }
  if (position === text.length && !isFinal) return undefined;
  return !isAlphanumericAt(text, position) && isIbanChecksumRight(compact) ? position : -1;
}

/**
 * Whether the check digits of an IBAN without spaces are right: 97 divides it with remainder 1.
 *
 * @see ISO 13616-1, ISO/IEC 7064 MOD 97-10
 */
export function isIbanChecksumRight(iban: string): boolean {
  let remainder = 0;
  for (const character of `${iban.slice(4)}${iban.slice(0, 4)}`.toUpperCase()) {
    const value = Number.parseInt(character, 36);
    if (Number.isNaN(value)) return false;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
