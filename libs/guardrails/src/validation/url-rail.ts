import type { Rail, RailPoint } from '@espalier/core';
import { createPatternRail, type RailAction } from '../internal/create-pattern-rail.js';
import { createFinderReader } from '../internal/find-matches.js';
import { createPrefixPattern } from '../internal/prefix-pattern.js';
import { createReachFinder } from '../internal/reach-finder.js';

/** What `createUrlRail` takes. */
export interface UrlRailOptions {
  /** Default `urls`. */
  readonly name?: string;
  /** Default: `output`. */
  readonly points?: readonly RailPoint[];
  /** Hosts that may stand in a text, with all below them: `example.org` allows `docs.example.org`. */
  readonly allow: readonly string[];
  /** Default `redact`. */
  readonly action?: RailAction;
  /** Default `[link removed]`. */
  readonly replacement?: string;
}

const MAX_URL = 2_048;
// A scheme, or what browsers complete to one; user information and back slashes are part of it, as browsers read them.
const URL_TEXT =
  /(?<![\p{L}\p{N}])(?:[a-z][a-z0-9+.-]{1,15}:[\\/]{2}|[\\/]{2}(?=[\p{L}\p{N}])|www\.)[^\s<>"'`()[\]{}]{1,2048}/giu;

/** Makes a rail that lets only links to known hosts stand. */
export function createUrlRail(options: UrlRailOptions): Rail {
  const allowed = options.allow.map((host) => host.toLowerCase().replace(/^\*?\./u, ''));
  const { action = 'redact' } = options;
  return createPatternRail({
    name: options.name ?? 'urls',
    points: options.points ?? ['output'],
    noun: 'links to hosts that are not allowed',
    reader: createFinderReader([
      createReachFinder({
        reach: MAX_URL,
        openFrom: createPrefixPattern(URL_TEXT).openFrom,
        find(text, from) {
          URL_TEXT.lastIndex = from;
          for (;;) {
            const match = URL_TEXT.exec(text);
            if (match === null) return undefined;
            if (isAllowedUrl(match[0], allowed)) continue;
            const end = match.index + match[0].length;
            return { start: match.index, end, category: 'url', rule: 'host' };
          }
        },
      }),
    ]),
    actionOf: () => action,
    replacementOf: () => options.replacement ?? '[link removed]',
  });
}

/** Whether a link leads to one of `hosts` or below it. */
export function isAllowedUrl(text: string, hosts: readonly string[]): boolean {
  const plain = text.replaceAll('\\', '/');
  const whole = plain.startsWith('//')
    ? `https:${plain}`
    : plain.includes('://')
      ? plain
      : `https://${plain}`;
  let host: string;
  try {
    host = new URL(whole).hostname.toLowerCase();
  } catch {
    return false;
  }
  return hosts.some((allowed) => host === allowed || host.endsWith(`.${allowed}`));
}
