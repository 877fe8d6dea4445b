import type { Candidate, Finder } from '../internal/finder.js';
import { isDigitAt } from '../internal/scan.js';
import { lazyValue } from '../internal/lazy-value.js';
import { createPrefixPattern, type PrefixPattern } from '../internal/prefix-pattern.js';
import type { NationalNumber } from './national/recogniser.js';

const CONTEXT = 64;
const MAX_LENGTH = 80;
const MIN_DIGITS = 4;
/** Letters before the first digit, as in a bank identifier. */
const MAX_LEADING_LETTERS = 11;
const MAX_INNER_LETTERS = 5;
const BONUS = 0.35;
const MOST = 0.99;
const THRESHOLD = 0.5;
const LETTER = /[A-Za-z\u00C0-\u024F\u0400-\u04FF&]/;
const SEPARATOR = /[ \u00A0./:+*@#\u2010-\u2015-]/;
const BANK_IDENTIFIER = /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])/;

interface Prepared {
  readonly number: NationalNumber;
  readonly pattern: RegExp;
  readonly context: () => RegExp;
}

/**
 * Finds the numbers that states, registers and banks give out. Where several kinds fit at one place the likeliest is
 * taken: a word near it counts for more than the form.
 *
 * Holds back what may be the beginning of a number.
 */
export function createNumberFinder(numbers: readonly NationalNumber[]): Finder {
  const prepared = numbers.map((number): Prepared => ({
    number,
    pattern: new RegExp(`(?:${number.pattern})(?![A-Za-z0-9_])`, 'y'),
    // Compiled when first needed: a hundred of them would cost every start more than all the rest.
    context: lazyValue(() => wordsOf(number.context)),
  }));
  const fromDigit = prepared.filter(({ number }) => beginsWith(number.pattern, '0123456789(+'));
  const fromLetter = prepared.filter(({ number }) => beginsWith(number.pattern, 'letters'));
  // Compiled with the first text that streams.
  const begunByDigit = lazyValue(() => beginningsOf(fromDigit));
  const begunByLetter = lazyValue(() => beginningsOf(fromLetter));
  const trigger =
    /(?<![A-Za-z0-9\u00C0-\u024F\u0400-\u04FF_.+$\u20AC\u00A3/-])[A-Za-z0-9&\u0400-\u04FF]/g;

  const bestAt = (text: string, anchor: number): Candidate | undefined => {
    const isDigit = isDigitAt(text, anchor);
    const before = text.slice(Math.max(0, anchor - CONTEXT), anchor);
    let best: Extract<Candidate, { isOpen: false }> | undefined;
    for (const { number, pattern, context } of isDigit ? fromDigit : fromLetter) {
      pattern.lastIndex = anchor;
      if (!pattern.test(text)) continue;
      const end = pattern.lastIndex;
      const written = text.slice(anchor, end);
      if (
        end - anchor > MAX_LENGTH ||
        !hasEnoughDigits(written) ||
        !number.isValid(compact(written), written)
      )
        continue;
      const score = Math.min(MOST, number.score + (context().test(before) ? BONUS : 0));
      if (
        score < THRESHOLD ||
        (best !== undefined && (best.score > score || (best.score === score && best.end >= end)))
      )
        continue;
      best = {
        isOpen: false,
        anchor,
        start: anchor,
        end,
        category: number.id,
        rule: number.id,
        score,
      };
    }
    return best;
  };

  return {
    lookBehind: CONTEXT,
    maxLength: MAX_LENGTH + 2,
    next({ text, isFinal }, from) {
      trigger.lastIndex = from;
      for (let found = trigger.exec(text); found !== null; found = trigger.exec(text)) {
        const anchor = found.index;
        const { digits, reachesEnd } = readExtent(text, anchor);
        if (reachesEnd && !isFinal) {
          const begun = isDigitAt(text, anchor) ? begunByDigit() : begunByLetter();
          if (begun.isOpenAt(text, anchor)) return { isOpen: true, anchor };
        }
        if (digits < MIN_DIGITS && !BANK_IDENTIFIER.test(text.slice(anchor, anchor + 12))) continue;
        const best = bestAt(text, anchor);
        if (best !== undefined) return best;
      }
      return undefined;
    },
  };
}

function beginningsOf(numbers: readonly Prepared[]): PrefixPattern {
  const any = numbers.map(({ pattern }) => `(?:${pattern.source})`).join('|');
  return createPrefixPattern(new RegExp(any));
}

/** Counted in the match, as what stands behind it must not decide. */
function hasEnoughDigits(written: string): boolean {
  return BANK_IDENTIFIER.test(written) || written.replace(/[^0-9]+/g, '').length >= MIN_DIGITS;
}

function compact(written: string): string {
  return written.toUpperCase().replace(/[\s\u00A0.,:()/\u2010-\u2015-]+/g, '');
}

/** How far something that begins at `start` may go on being one number. */
function readExtent(text: string, start: number): { digits: number; reachesEnd: boolean } {
  const limit = start + MAX_LENGTH + 1;
  let digits = 0;
  let letters = 0;
  let wordsOfLetters = 0;
  let hasWordDigit = false;
  for (let position = start; position < limit; position += 1) {
    if (position >= text.length) return { digits, reachesEnd: true };
    const code = text.charCodeAt(position);
    if (code >= 48 && code <= 57) {
      digits += 1;
      hasWordDigit = true;
      letters = 0;
    } else if (LETTER.test(text.charAt(position))) {
      letters += 1;
      const most = digits === 0 && wordsOfLetters === 0 ? MAX_LEADING_LETTERS : MAX_INNER_LETTERS;
      if (!hasWordDigit && letters > most) return { digits, reachesEnd: false };
    } else if (SEPARATOR.test(text.charAt(position))) {
      if (!hasWordDigit && letters > 0) {
        wordsOfLetters += 1;
        if (wordsOfLetters > 1 && digits === 0) return { digits, reachesEnd: false };
      }
      letters = 0;
      hasWordDigit = false;
    } else {
      return { digits, reachesEnd: false };
    }
  }
  return { digits, reachesEnd: false };
}

function wordsOf(context: readonly string[]): RegExp {
  const words = context
    .filter((word) => word !== '')
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})`, 'iu');
}

/** Whether a pattern can begin with a digit, or with a letter. */
function beginsWith(pattern: string, kind: string): boolean {
  const samples =
    kind === 'letters'
      ? [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz&\u041C\u0410\u0422']
      : [...'0123456789'];
  return firstSets(pattern).some((set) => samples.some((sample) => set.test(sample)));
}

/** What may stand first in each alternative; of an optional beginning also what follows it. */
function firstSets(pattern: string): readonly RegExp[] {
  const sets: RegExp[] = [];
  for (const alternative of splitAlternatives(pattern)) {
    let rest = alternative;
    for (;;) {
      const group = /^\(\?:((?:[^()]|\([^()]*\))*)\)(\?)?/.exec(rest);
      if (group !== null) {
        sets.push(...firstSets(group[1] ?? ''));
        rest = rest.slice(group[0].length);
        if (group[2] === undefined) break;
        continue;
      }
      const atom = /^(?:\[(?:\\.|[^\]\\])*\]|\\.|[\s\S])/.exec(rest)?.[0];
      if (atom === undefined) break;
      sets.push(new RegExp(`^${atom}`));
      rest = rest.slice(atom.length);
      if (!rest.startsWith('?') && !rest.startsWith('{0')) break;
      rest = rest.replace(/^(?:\?|\{[^}]*\})/, '');
    }
  }
  return sets;
}

function splitAlternatives(pattern: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const token of pattern.match(/\\.|\[(?:\\.|[^\]\\]){0,200}\]|[\s\S]/g) ?? []) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === '|' && depth === 0) {
      parts.push(part);
      part = '';
    } else {
      part += token;
    }
  }
  return [...parts, part];
}
