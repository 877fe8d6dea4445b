import type { Finder } from '../internal/finder.js';
import { runEnd } from '../internal/scan.js';

const MAX_LENGTH = 45;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/;

/**
 * Finds IPv6 addresses in all their text forms; not `::`, not `::1`, and not names such as `a::b` of programs.
 *
 * @see RFC 4291 §2.2, RFC 5952
 */
export function createIpv6Finder(): Finder {
  const trigger = /(?<![A-Za-z0-9_:.])[0-9A-Fa-f:]/g;
  const run = new RegExp(`[0-9A-Fa-f:.]{0,${MAX_LENGTH + 2}}`, 'y');
  return {
    lookBehind: 1,
    maxLength: MAX_LENGTH + 4,
    next({ text, isFinal }, from) {
      trigger.lastIndex = from;
      for (let found = trigger.exec(text); found !== null; found = trigger.exec(text)) {
        const anchor = found.index;
        const runsTo = runEnd(text, anchor, run);
        if (runsTo - anchor > MAX_LENGTH + 1) continue;
        if (!isFinal && runsTo === text.length) return { isOpen: true, anchor };
        if (/[A-Za-z0-9_]/.test(text.charAt(runsTo))) continue;
        const end = sentenceEnd(text, anchor, runsTo);
        const address = text.slice(anchor, end);
        if (!isIpv6(address) || !isSomebodys(address)) continue;
        return { isOpen: false, anchor, start: anchor, end, category: 'ip', score: 0.95 };
      }
      return undefined;
    },
  };
}

function sentenceEnd(text: string, start: number, runsTo: number): number {
  let end = runsTo;
  if (end > start && text.charAt(end - 1) === '.') end -= 1;
  if (text.charAt(end - 1) === ':' && text.charAt(end - 2) !== ':') end -= 1;
  return end;
}

/** Whether a text is one IPv6 address, without zone and prefix length. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groupsOf = (half: string | undefined): string[] =>
    half === undefined || half === '' ? [] : half.split(':');
  const groups = [...groupsOf(halves[0]), ...groupsOf(halves[1])];
  let count = groups.length;
  const last = groups.at(-1);
  // The last two groups may be written as an IPv4 address.
  if (last?.includes('.') === true) {
    if (!text.endsWith(last) || !IPV4.test(last)) return false;
    groups.pop();
    count += 1;
  }
  if (!groups.every((group) => GROUP.test(group))) return false;
  return halves.length === 2 ? count <= 7 : count === 8;
}

function isSomebodys(address: string): boolean {
  const digits = address.replace(/[:.]/g, '');
  return digits.length >= 4 && /\d/.test(digits) && address.includes(':');
}
