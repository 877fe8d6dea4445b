import type { Finder } from '../internal/finder.js';
import { fitsAt, runEnd } from '../internal/scan.js';

const TRIGGER = 'eyJ';
const MAX_SEGMENT = 4096;
const SEGMENT_CHARACTER = /[A-Za-z0-9_-]/;

/**
 * Finds JSON Web Tokens: three base64url segments (five of an encrypted one) of which the first decodes to a header
 * with an algorithm.
 *
 * @see RFC 7515 §3.1, RFC 7516 §3.1
 */
export function createJwtFinder(): Finder {
  const segment = new RegExp(`[A-Za-z0-9_-]{0,${MAX_SEGMENT + 1}}`, 'y');

  /** The end of the token at `start`; -1 when none stands there, `undefined` when it is not over. */
  const tokenEnd = (text: string, isFinal: boolean, start: number): number | undefined => {
    let position = start;
    let end = -1;
    for (let count = 1; count <= 5; count += 1) {
      const next = runEnd(text, position, segment);
      if (next - position > MAX_SEGMENT) return -1;
      if (next === text.length && !isFinal) return undefined;
      // The key of an encrypted token may be empty; the other segments may not.
      if (next === position && count !== 2) return end;
      if (count === 1 && !isHeader(text.slice(position, next))) return -1;
      if (count === 3 || count === 5) end = next;
      if (text.charAt(next) !== '.') return end;
      position = next + 1;
    }
    return end;
  };

  return {
    lookBehind: 1,
    literals: [TRIGGER.toLowerCase()],
    maxLength: 5 * (MAX_SEGMENT + 1) + 2,
    next({ text, isFinal }, from) {
      for (
        let start = text.indexOf(TRIGGER, from);
        start !== -1;
        start = text.indexOf(TRIGGER, start + 1)
      ) {
        if (fitsAt(text, start - 1, SEGMENT_CHARACTER)) continue;
        const end = tokenEnd(text, isFinal, start);
        if (end === undefined) return { isOpen: true, anchor: start };
        if (end !== -1) {
          return {
            isOpen: false,
            anchor: start,
            start,
            end,
            category: 'secret.jwt',
            rule: 'jwt',
            score: 0.99,
          };
        }
      }
      if (isFinal) return undefined;
      for (const length of [2, 1]) {
        const start = text.length - length;
        if (start < from || fitsAt(text, start - 1, SEGMENT_CHARACTER)) continue;
        if (TRIGGER.startsWith(text.slice(start))) return { isOpen: true, anchor: start };
      }
      return undefined;
    },
  };
}

/** `{"alg":""}` in base64url; nothing shorter can be a header. */
const MIN_HEADER = 14;

function isHeader(segment: string): boolean {
  if (segment.length < MIN_HEADER) return false;
  try {
    const header: unknown = JSON.parse(atob(segment.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof header === 'object' && header !== null && ('alg' in header || 'enc' in header);
  } catch {
    return false;
  }
}
