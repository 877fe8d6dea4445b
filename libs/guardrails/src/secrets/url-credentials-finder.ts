import type { Finder } from '../internal/finder.js';
import { runEnd } from '../internal/scan.js';

const TRIGGER = '://';
const MAX_USER = 128;
const MAX_PASSWORD = 256;

/**
 * Finds the password in `scheme://user:password@host`.
 *
 * @see RFC 3986 §3.2.1
 */
export function createUrlCredentialsFinder(): Finder {
  const user = new RegExp(`[^\\s/:@?#"'\`<>]{0,${MAX_USER + 1}}`, 'y');
  const password = new RegExp(`[^\\s/@"'\`<>]{0,${MAX_PASSWORD + 1}}`, 'y');
  return {
    lookBehind: 0,
    literals: [TRIGGER],
    maxLength: TRIGGER.length + MAX_USER + 1 + MAX_PASSWORD + 3,
    next({ text, isFinal }, from) {
      for (
        let anchor = text.indexOf(TRIGGER, from);
        anchor !== -1;
        anchor = text.indexOf(TRIGGER, anchor + 1)
      ) {
        const userStart = anchor + TRIGGER.length;
        const userEnd = runEnd(text, userStart, user);
        if (userEnd - userStart > MAX_USER) continue;
        if (userEnd === text.length && !isFinal) return { isOpen: true, anchor };
        if (text.charAt(userEnd) !== ':') continue;
        const start = userEnd + 1;
        const end = runEnd(text, start, password);
        if (end - start > MAX_PASSWORD) continue;
        if (end === text.length && !isFinal) return { isOpen: true, anchor };
        if (
          text.charAt(end) !== '@' ||
          end - start < 3 ||
          /^(?:pass(?:word)?|pwd|secret|[*x.]+)$|^\$\{?\w+\}?$/i.test(text.slice(start, end))
        )
          continue;
        return {
          isOpen: false,
          anchor,
          start,
          end,
          category: 'secret.url-credentials',
          rule: 'url-credentials',
          score: 0.9,
        };
      }
      if (isFinal) return undefined;
      for (const length of [2, 1]) {
        const start = text.length - length;
        if (start >= from && TRIGGER.startsWith(text.slice(start)))
          return { isOpen: true, anchor: start };
      }
      return undefined;
    },
  };
}
