import type { Finder } from '../internal/finder.js';
import { fitsAt, isAlphanumericAt, runEnd } from '../internal/scan.js';

const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;
const LOCAL = /[A-Za-z0-9._%+\u00C0-\u024F-]/;
const LABEL =
  /^[A-Za-z0-9\u00C0-\u024F](?:[A-Za-z0-9\u00C0-\u024F-]{0,61}[A-Za-z0-9\u00C0-\u024F])?$/;
const TOP_LABEL = /^(?:[A-Za-z]{2,24}|xn--[A-Za-z0-9-]{1,59})$/;
/** Names of files such as `icon@2x.png` look like addresses. */
const FILE_ENDINGS = new Set([
  'png',
  'jpg',
  'jpeg',
  'gif',
  'svg',
  'webp',
  'avif',
  'css',
  'js',
  'ts',
  'json',
  'html',
]);

/**
 * Finds e-mail addresses in the form that people use: a dot-atom, `@` and a domain with a top-level label.
 *
 * `git@host`, as in addresses of repositories, is nobody's.
 *
 * @see RFC 5321 §4.5.3.1 (lengths), RFC 1035 §2.3.1 (labels)
 */
export function createEmailFinder(): Finder {
  const domainRun = new RegExp(`[A-Za-z0-9.\\u00C0-\\u024F-]{0,${MAX_DOMAIN + 1}}`, 'y');
  return {
    lookBehind: 1,
    maxLength: MAX_LOCAL + 1 + MAX_DOMAIN + 2,
    next({ text, isFinal }, from) {
      for (let at = text.indexOf('@', from); at !== -1; at = text.indexOf('@', at + 1)) {
        const start = localStart(text, from, at);
        if (start === undefined) continue;
        const runsTo = runEnd(text, at + 1, domainRun);
        if (runsTo - at - 1 > MAX_DOMAIN) continue;
        if (runsTo === text.length && !isFinal) return { isOpen: true, anchor: start };
        const end = domainEnd(text, at + 1, runsTo);
        if (end === undefined || text.slice(start, at).toLowerCase() === 'git') continue;
        return { isOpen: false, anchor: start, start, end, category: 'email', score: 0.95 };
      }
      if (isFinal) return undefined;
      const start = localStart(text, from, text.length);
      return start === undefined ? undefined : { isOpen: true, anchor: start };
    },
  };
}

/** Where the local part that ends at `end` begins; `undefined` when none does. */
function localStart(text: string, from: number, end: number): number | undefined {
  let start = end;
  while (start > from && end - start <= MAX_LOCAL && fitsAt(text, start - 1, LOCAL)) start -= 1;
  if (end - start > MAX_LOCAL || fitsAt(text, start - 1, LOCAL)) return undefined;
  // Dots and dashes before an address belong to the sentence.
  while (start < end && !isAlphanumericAt(text, start) && /[.%+-]/.test(text.charAt(start)))
    start += 1;
  return start === end ? undefined : start;
}

function domainEnd(text: string, start: number, runsTo: number): number | undefined {
  let end = runsTo;
  while (end > start && /[.-]/.test(text.charAt(end - 1))) end -= 1;
  const labels = text.slice(start, end).split('.');
  const top = labels.at(-1) ?? '';
  const isDomain =
    labels.length > 1 && labels.every((label) => LABEL.test(label)) && TOP_LABEL.test(top);
  return isDomain && !FILE_ENDINGS.has(top.toLowerCase()) ? end : undefined;
}
