import type { Rail, RailPoint } from '@espalier/core';
import { createPatternRail, type RailAction } from '../internal/create-pattern-rail.js';
import { createFinderReader } from '../internal/find-matches.js';
import { createPrefixPattern } from '../internal/prefix-pattern.js';
import { createReachFinder } from '../internal/reach-finder.js';
import type { Finder } from '../internal/finder.js';
import { isAllowedUrl } from './url-rail.js';

/** What `createExfiltrationRail` looks for. */
export type ExfiltrationKind = 'markdown-image' | 'html-load' | 'shell' | 'sql' | 'script';

/** What `createExfiltrationRail` takes. */
export interface ExfiltrationRailOptions {
  /** Default `exfiltration`. */
  readonly name?: string;
  /** Default: `output` and `tool-call`. */
  readonly points?: readonly RailPoint[];
  /** Default: all. */
  readonly kinds?: readonly ExfiltrationKind[];
  /** Hosts that images and frames may be loaded from. Default: none. */
  readonly allowHosts?: readonly string[];
  /** Default: images and frames are redacted, commands block. */
  readonly action?: RailAction;
}

const REACH = 2_048;
/** Patterns without nested repetition: linear, which `expressions-are-linear.test.ts` holds. */
const PATTERNS: Readonly<Record<ExfiltrationKind, RegExp>> = {
  'markdown-image':
    /!\[[^\]\n]{0,256}\](?:\([^)\n]{1,1500}\)?|\[[^\]\n]{0,256}\])|^\[[^\]\n]{1,64}\]: {0,3}[a-z]{2,8}:\/\/\S{1,1500}/gimu,
  'html-load': /<(?:img|iframe|video|audio|source|embed|object|link|script)\b[^>]{0,1500}>?/giu,
  shell:
    /\b(?:curl|wget|nc|ncat|scp|rsync)\b[^\n]{0,256}(?:\$\([^)\n]{0,256}|`[^`\n]{1,256}`|@\/?[\w./~-]{1,128}|--(?:data|upload-file|post-file)[^\n]{0,256})|\b(?:rm -[rf]{2}|mkfs|dd if=)[^\n]{0,256}|\|\s?(?:ba|z)?sh\b/giu,
  sql: /\b(?:drop\s(?:table|database|schema)|truncate\stable|delete\sfrom\s[\w."]{1,64}\s?(?:;|$)|union\s(?:all\s)?select|into\s(?:out|dump)file|xp_cmdshell|load_file\s?\()[^\n;]{0,256}/giu,
  script:
    /\b(?:navigator\.sendBeacon|new XMLHttpRequest|document\.cookie|javascript:)[^\n]{0,256}|\bfetch\(\s?["'`][a-z]{2,8}:[^\n]{0,256}|\bon(?:error|load|click)\s?=\s?["'][^\n]{0,256}/giu,
};
const BLOCKS: ReadonlySet<string> = new Set(['shell', 'sql', 'script']);

/**
 * Makes a rail against texts that carry data out or do harm when they are shown or run: images that load from unknown
 * hosts, HTML that loads, commands that upload files or pipe into a shell, SQL that drops or reaches out, scripts.
 */
export function createExfiltrationRail(options: ExfiltrationRailOptions = {}): Rail {
  const kinds = options.kinds ?? ['markdown-image', 'html-load', 'shell', 'sql', 'script'];
  const hosts = (options.allowHosts ?? []).map((host) => host.toLowerCase());
  return createPatternRail({
    name: options.name ?? 'exfiltration',
    points: options.points ?? ['output', 'tool-call'],
    noun: 'what could carry data out',
    reader: createFinderReader(kinds.map((kind) => finderOf(kind, hosts))),
    actionOf: (category) =>
      options.action ?? (BLOCKS.has(category.slice('exfiltration.'.length)) ? 'block' : 'redact'),
    replacementOf: () => '[removed]',
  });
}

function finderOf(kind: ExfiltrationKind, hosts: readonly string[]): Finder {
  const pattern = new RegExp(PATTERNS[kind].source, PATTERNS[kind].flags);
  return createReachFinder({
    reach: REACH,
    openFrom: createPrefixPattern(pattern).openFrom,
    find(text, from) {
      pattern.lastIndex = from;
      for (;;) {
        const match = pattern.exec(text);
        if (match === null) return undefined;
        if (isLoad(kind) && loadsOnlyFrom(match[0], hosts)) continue;
        const start = match.index;
        return {
          start,
          end: start + match[0].length,
          category: `exfiltration.${kind}`,
          rule: kind,
        };
      }
    },
  });
}

const isLoad = (kind: ExfiltrationKind): kind is 'markdown-image' | 'html-load' =>
  kind === 'markdown-image' || kind === 'html-load';

function loadsOnlyFrom(markup: string, hosts: readonly string[]): boolean {
  const urls = markup.match(/(?:[a-z][a-z0-9+.-]{1,15}:)?[\\/]{2}[^\s<>"'`)]{1,1500}/giu) ?? [];
  return urls.length > 0 && urls.every((url) => isAllowedUrl(url, hosts));
}
