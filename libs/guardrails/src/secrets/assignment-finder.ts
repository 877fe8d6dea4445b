import type { Finder } from '../internal/finder.js';
import { createLiteralSearch } from '../internal/literal-search.js';
import { fitsAt, runEnd } from '../internal/scan.js';
import { entropyOf } from './entropy.js';

const KEYWORDS = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'token',
  'apikey',
  'api_key',
  'api-key',
  'accesskey',
  'access_key',
  'access-key',
  'accountkey',
  'privatekey',
  'private_key',
  'private-key',
  'authkey',
  'auth_key',
  'credential',
  'creds',
];
/** Words that name other things as often: what they name must look more random. */
const WEAK_KEYWORDS = ['access', 'auth', 'api', 'key'];
/** What people choose: shorter, and less random. */
const PASSWORD = /^(?:passw|passphrase|pwd)/;
const ALL_KEYWORDS = [...KEYWORDS, ...WEAK_KEYWORDS];
const MAX_NAME = 40;
const MAX_VALUE = 512;
const MIN_VALUE = 12;
/** Units: bits per character. */
const MIN_ENTROPY = 3.2;
const QUOTE = /["'`]/;
const WHITE_SPACE = /[ \t]/;
const SEPARATOR = /[:=]/;
const PLACEHOLDER =
  /^(?:x+|\*+|\.+|.*(?:example|placeholder|changeme|redacted|your[_-]|my[_-]|dummy|sample|process\.env|environ|getenv|\$\{).*)$/i;

/**
 * Finds values that look random where a name says that they are secret: `DB_PASSWORD=…`, `"apiKey": "…"`.
 *
 * Only the value is a finding. Words, placeholders and references to variables are not.
 */
export function createAssignmentFinder(): Finder {
  const trigger = createLiteralSearch(ALL_KEYWORDS, { ignoreCase: true });
  const longest = Math.max(...ALL_KEYWORDS.map((keyword) => keyword.length));
  const beginnings = new Set(
    ALL_KEYWORDS.flatMap((keyword) => [...keyword].map((_, length) => keyword.slice(0, length))),
  );
  const name = new RegExp(`[A-Za-z0-9_.-]{0,${MAX_NAME + 1}}`, 'y');
  const value = new RegExp(`[^\\s"'\`<>(){}\\[\\],;]{0,${MAX_VALUE}}`, 'y');

  /** Where the value begins that is assigned to the name at `anchor`; -1 for none, `undefined` when it is not clear yet. */
  const valueStart = (text: string, isFinal: boolean, nameStart: number): number | undefined => {
    const nameEnd = runEnd(text, nameStart, name);
    if (nameEnd - nameStart > MAX_NAME) return -1;
    let position = nameEnd;
    const skip = (expression: RegExp, most: number): number => {
      let count = 0;
      while (count < most && fitsAt(text, position, expression)) {
        position += 1;
        count += 1;
      }
      return count;
    };
    skip(QUOTE, 1);
    skip(WHITE_SPACE, 8);
    const separators = skip(SEPARATOR, 2);
    const isArrow = separators > 0 && text.charAt(position) === '>';
    if (isArrow) position += 1;
    skip(WHITE_SPACE, 8);
    skip(QUOTE, 1);
    if (position >= text.length && !isFinal) return undefined;
    return separators > 0 ? position : -1;
  };

  return {
    lookBehind: 0,
    literals: ALL_KEYWORDS,
    maxLength: longest + MAX_NAME + 24 + MAX_VALUE + 2,
    next({ text, isFinal }, from) {
      for (
        let found = trigger.next(text, from);
        found !== undefined;
        found = trigger.next(text, found.index + found.literal.length)
      ) {
        const anchor = found.index;
        const start = valueStart(text, isFinal, anchor + found.literal.length);
        if (start === undefined) return { isOpen: true, anchor };
        if (start === -1) continue;
        const end = runEnd(text, start, value);
        if (end === text.length && end - start < MAX_VALUE && !isFinal)
          return { isOpen: true, anchor };
        if (looksSecret(found.literal, text.slice(start, end))) {
          return {
            isOpen: false,
            anchor,
            start,
            end,
            category: 'secret.assignment',
            rule: 'generic-api-key',
            score: 0.7,
          };
        }
      }
      if (isFinal) return undefined;
      for (let start = Math.max(from, text.length - longest + 1); start < text.length; start += 1) {
        if (beginnings.has(text.slice(start).toLowerCase())) return { isOpen: true, anchor: start };
      }
      return undefined;
    },
  };
}

const MIN_PASSWORD = 8;
const MIN_WEAK_VALUE = 16;

function looksSecret(keyword: string, value: string): boolean {
  if (!/[0-9]/.test(value) || !/[A-Za-z]/.test(value) || PLACEHOLDER.test(value)) return false;
  const entropy = entropyOf(value);
  if (PASSWORD.test(keyword))
    return value.length >= MIN_PASSWORD && entropy >= 2.5 && !isCode(value);
  if (!WEAK_KEYWORDS.includes(keyword)) {
    return (
      value.length >= MIN_VALUE && entropy >= MIN_ENTROPY && !isCode(value) && !isIdentifier(value)
    );
  }
  if (value.length < MIN_WEAK_VALUE || entropy < 3.5 || isCode(value)) return false;
  return /^[A-Za-z0-9+/=_.-]+$/.test(value) && looksLikeNoWords(value);
}

/** A name with dots, a path, or an expression. */
function isCode(value: string): boolean {
  return /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$|^\.{0,2}\/|:\/\/|(?:^|[^A-Za-z])(?:this|self)\.[a-z]/.test(
    value,
  );
}

/** The name of a type or variable: a few words, each with a capital. */
function isIdentifier(value: string): boolean {
  const words = value.match(/[A-Z]?[a-z]{3,}|[A-Z]{2,4}(?![a-z])|\d{1,4}/g) ?? [];
  const inWords = words.reduce((sum, word) => sum + word.length, 0);
  return (
    /^[A-Za-z]\w*$/.test(value) &&
    inWords >= value.length - 1 &&
    words.length <= 6 &&
    words.some((word) => /[a-z]{4}$/.test(word))
  );
}

/** Whether digits and letters change places more than names with a number do. */
function looksLikeNoWords(value: string): boolean {
  const changes = value.match(/[0-9](?=[A-Za-z])|[A-Za-z](?=[0-9])|[a-z](?=[A-Z])/g)?.length ?? 0;
  return changes >= value.length / 8 && changes >= 4;
}
