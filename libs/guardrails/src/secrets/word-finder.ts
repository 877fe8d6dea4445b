import type { Finder } from '../internal/finder.js';
import { fitsAt, runEnd } from '../internal/scan.js';
import { entropyOf } from './entropy.js';

/** A key that is known by something inside it. */
export interface WordRule {
  readonly id: string;
  readonly category: string;
  /** The whole word. */
  readonly shape: RegExp;
  /** Units: bits per character. */
  readonly minEntropy: number;
}

/** The formats whose mark stands in the middle or at the end. */
export function createWordRules(): readonly WordRule[] {
  return [
    {
      id: 'azure-ad-client-secret',
      category: 'secret.azure',
      shape: /^[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}$/,
      minEntropy: 3,
    },
    {
      id: 'facebook-access-token',
      category: 'secret.facebook',
      shape: /^\d{15,16}[|%][A-Za-z0-9_-]{27,40}$/,
      minEntropy: 3,
    },
    {
      id: 'hashicorp-tf-api-token',
      category: 'secret.hashicorp',
      shape: /^[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}$/,
      minEntropy: 3.5,
    },
    {
      id: 'maxmind-license-key',
      category: 'secret.maxmind',
      shape: /^[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk$/,
      minEntropy: 3.5,
    },
  ];
}

const MAX_WORD = 96;
const MIN_WORD = 36;
const CHARACTER = /[A-Za-z0-9_~.|%=-]/;

/** Finds keys that are one word of a known shape. Holds back the word that a stream is at. */
export function createWordFinder(rules: readonly WordRule[]): Finder {
  const run = new RegExp(`[A-Za-z0-9_~.|%=-]{0,${MAX_WORD + 1}}`, 'y');
  return {
    lookBehind: 1,
    maxLength: MAX_WORD + 2,
    next({ text, isFinal }, from) {
      let position = from;
      for (
        let anchor = longWordStart(text, position);
        anchor !== -1;
        anchor = longWordStart(text, position)
      ) {
        const whole = runEnd(text, anchor, run);
        position = whole;
        if (whole - anchor > MAX_WORD) {
          for (let next = runEnd(text, whole, run); next > position; next = runEnd(text, next, run))
            position = next;
          continue;
        }
        if (whole === text.length && !isFinal) return { isOpen: true, anchor };
        const found = text.slice(anchor, whole);
        // A name and its sign may stand before the key: `SECRET=…`.
        const start = anchor + found.slice(0, MAX_WORD - MIN_WORD).search(/[^=]*$/);
        const candidates = [anchor, anchor + Math.max(0, found.indexOf('=') + 1), start];
        for (const begin of candidates) {
          let end = whole;
          while (end > begin && /[.~|%-]/.test(text.charAt(end - 1))) end -= 1;
          const word = text.slice(begin, end);
          const fits = rules.find(
            ({ shape, minEntropy }) => shape.test(word) && entropyOf(word) >= minEntropy,
          );
          if (fits !== undefined) {
            return {
              isOpen: false,
              anchor,
              start: begin,
              end,
              category: fits.category,
              rule: fits.id,
              score: 0.97,
            };
          }
        }
      }
      if (isFinal || !fitsAt(text, text.length - 1, CHARACTER)) return undefined;
      let start = text.length;
      while (start > from && text.length - start <= MAX_WORD && fitsAt(text, start - 1, CHARACTER))
        start -= 1;
      if (text.length - start > MAX_WORD || fitsAt(text, start - 1, CHARACTER)) return undefined;
      return { isOpen: true, anchor: start };
    },
  };
}

/** By code unit: 1 for the characters of a word. */
const IS_CHARACTER = Uint8Array.from({ length: 128 }, (_, code) =>
  CHARACTER.test(String.fromCharCode(code)) ? 1 : 0,
);

function isCharacterAt(text: string, index: number): boolean {
  return IS_CHARACTER[text.charCodeAt(index)] === 1;
}

/** Where the first word of at least `MIN_WORD` characters begins; -1 for none. */
function longWordStart(text: string, from: number): number {
  let start = from;
  while (isCharacterAt(text, start - 1) && isCharacterAt(text, start)) start += 1;
  while (start + MIN_WORD <= text.length) {
    // From its last possible character backwards: what does not fit rules out everything up to it.
    let last = start + MIN_WORD - 1;
    while (last >= start && isCharacterAt(text, last)) last -= 1;
    if (last < start) return start;
    start = last + 1;
  }
  return -1;
}
