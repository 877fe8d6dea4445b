import type { Finder } from '../internal/finder.js';
import { runEnd } from '../internal/scan.js';

const CONTEXT = 16;
const VERSION = /(?:\bv|version|release|build|ver\.?)[\s:=]{0,3}$/i;
const ADDRESS = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/;

/**
 * Finds IPv4 addresses in dotted decimal form; not version numbers with four parts, and not the addresses that name no
 * machine of anybody (`0.0.0.0`, `127.…`, `255.255.255.255`).
 *
 * @see RFC 6943 §3.1.1, RFC 1122 §3.2.1.3
 */
export function createIpv4Finder(): Finder {
  const trigger = /(?<![A-Za-z0-9_.-])\d/g;
  const run = /[0-9.]{0,17}/y;
  return {
    lookBehind: CONTEXT,
    maxLength: 20,
    next({ text, isFinal }, from) {
      trigger.lastIndex = from;
      for (let found = trigger.exec(text); found !== null; found = trigger.exec(text)) {
        const anchor = found.index;
        const runsTo = runEnd(text, anchor, run);
        if (runsTo - anchor > 16) continue;
        if (!isFinal && runsTo === text.length) return { isOpen: true, anchor };
        const end = text.charAt(runsTo - 1) === '.' ? runsTo - 1 : runsTo;
        if (!ADDRESS.test(text.slice(anchor, end)) || /[A-Za-z0-9_]/.test(text.charAt(runsTo)))
          continue;
        const next = text.charAt(runsTo);
        // `1.2.3.4-beta` is a version: one more character decides.
        if (next === '-' && !isFinal && runsTo + 1 === text.length) return { isOpen: true, anchor };
        if (next === '-' && /[A-Za-z]/.test(text.charAt(runsTo + 1))) continue;
        if (
          isNobodys(text.slice(anchor, end)) ||
          VERSION.test(text.slice(Math.max(0, anchor - CONTEXT), anchor))
        )
          continue;
        return { isOpen: false, anchor, start: anchor, end, category: 'ip', score: 0.9 };
      }
      return undefined;
    },
  };
}

function isNobodys(address: string): boolean {
  return address === '0.0.0.0' || address.startsWith('127.') || address === '255.255.255.255';
}
