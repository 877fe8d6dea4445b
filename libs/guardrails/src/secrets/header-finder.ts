import type { Finder } from '../internal/finder.js';
import { isAlphanumericAt, runEnd } from '../internal/scan.js';
import { entropyOf } from './entropy.js';

const WORD = 'authorization';
const MAX_VALUE = 2048;
const MIN_VALUE = 8;
const PLACEHOLDER =
  /^(?:x+|\*+|\.+|\$.*|.*(?:example|placeholder|redacted|your[_-]|my[_-]|token|api_?key).*)$/i;

/**
 * Finds what follows `Authorization:`, with `Basic`, `Bearer` or `Token` or without: in requests, logs and commands.
 *
 * @see RFC 9110 §11.6.2
 */
export function createHeaderFinder(): Finder {
  const trigger = new RegExp(WORD, 'gi');
  const lead =
    /["'`]{0,1}[ \t]{0,4}[:=]{0,1}[ \t]{0,4}["'`]{0,1}(?:(?:basic|bearer|token|api-?token|apikey)[ \t]{1,4}){0,1}/iy;
  const value = new RegExp(`[A-Za-z0-9+/=_~@.%$*{}-]{0,${MAX_VALUE + 1}}`, 'y');
  const MAX_LEAD = 32;
  return {
    lookBehind: 0,
    literals: [WORD],
    maxLength: WORD.length + MAX_LEAD + MAX_VALUE + 2,
    next({ text, isFinal }, from) {
      trigger.lastIndex = from;
      for (let found = trigger.exec(text); found !== null; found = trigger.exec(text)) {
        const anchor = found.index;
        const nameEnd = anchor + WORD.length;
        if (nameEnd + MAX_LEAD > text.length && !isFinal) return { isOpen: true, anchor };
        const start = runEnd(text, nameEnd, lead);
        if (!/[:=]/.test(text.slice(nameEnd, start))) continue;
        const end = runEnd(text, start, value);
        if (end - start > MAX_VALUE) continue;
        if (end === text.length && !isFinal) return { isOpen: true, anchor };
        const body = text.slice(start, end);
        if (body.length < MIN_VALUE || PLACEHOLDER.test(body)) continue;
        if (entropyOf(body) < 2.5 || /^[a-z]+(?:[._-][a-z]+)*$/i.test(body)) continue;
        return {
          isOpen: false,
          anchor,
          start,
          end,
          category: 'secret.authorization',
          rule: 'curl-auth-header',
          score: 0.85,
        };
      }
      return isFinal ? undefined : beginningOf(text, from, WORD);
    },
  };
}

const MAX_PAIR = 128;
const COMMAND = 256;

/** Finds the password of `curl -u name:password`. */
export function createCurlUserFinder(): Finder {
  const trigger = /(?<=\s)(?:--user|-u)(?:=|[ \t])/g;
  const pair = new RegExp(`["']{0,1}[^\\s:"']{0,${MAX_PAIR}}["']{0,1}:["']{0,1}`, 'y');
  const password = new RegExp(`[^\\s"']{0,${MAX_PAIR + 1}}`, 'y');
  const flags = ['--user', '-u'];
  return {
    lookBehind: COMMAND,
    literals: ['-u'],
    maxLength: 2 * MAX_PAIR + 32,
    next({ text, isFinal }, from) {
      trigger.lastIndex = from;
      for (let found = trigger.exec(text); found !== null; found = trigger.exec(text)) {
        const anchor = found.index;
        if (!/\bcurl\b/.test(text.slice(Math.max(0, anchor - COMMAND), anchor))) continue;
        const pairStart = anchor + found[0].length;
        if (
          !isFinal &&
          text.length - pairStart <= 2 * MAX_PAIR + 10 &&
          !/\s/.test(text.slice(pairStart))
        )
          return { isOpen: true, anchor };
        const start = runEnd(text, pairStart, pair);
        const end = runEnd(text, start, password);
        if (end === text.length && end - start <= MAX_PAIR && !isFinal)
          return { isOpen: true, anchor };
        const body = text.slice(start, end).replace(/[`.,;]{1,3}$/, '');
        if (start === pairStart || body.length < 3 || body.length > MAX_PAIR) continue;
        if (/^(?:[<$[{*].*|x+|change(?:it|me)|pass(?:word)?|pwd|test|token)$/i.test(body)) continue;
        return {
          isOpen: false,
          anchor,
          start,
          end,
          category: 'secret.curl-user',
          rule: 'curl-auth-user',
          score: 0.85,
        };
      }
      if (isFinal) return undefined;
      for (const flag of flags) {
        const open = beginningOf(text, from, `${flag}=`) ?? beginningOf(text, from, `${flag} `);
        if (open !== undefined) return open;
      }
      return undefined;
    },
  };
}

const AROUND = 512;

/** Finds the values of a Kubernetes `Secret` in YAML, whose fields are base64 under `data:`. */
export function createKubernetesFinder(): Finder {
  const trigger = /(?<=\n[ \t]{0,8})[A-Za-z0-9_.-]{1,64}:[ \t]{1,4}["']?(?=[A-Za-z0-9+/]{10})/g;
  const value = /[A-Za-z0-9+/]{10,4096}={0,3}/y;
  const kind = /\bkind:[ \t]{0,4}["']?Secret\b/;
  return {
    lookBehind: AROUND,
    maxLength: 4096 + 80 + AROUND,
    next({ text, isFinal }, from) {
      if (!text.includes('data:')) return undefined;
      trigger.lastIndex = from;
      for (let found = trigger.exec(text); found !== null; found = trigger.exec(text)) {
        const anchor = found.index;
        const before = text.slice(Math.max(0, anchor - AROUND), anchor);
        if (!/(?:^|\n)data:/.test(before)) continue;
        const start = anchor + found[0].length;
        const end = runEnd(text, start, value);
        if (end === start) continue;
        if (end === text.length && !isFinal) return { isOpen: true, anchor };
        const isSecret = kind.test(before);
        // The kind may come after the data.
        if (!isSecret && !kind.test(text.slice(end, end + AROUND))) {
          if (!isFinal && text.length < end + AROUND) return { isOpen: true, anchor };
          continue;
        }
        return {
          isOpen: false,
          anchor,
          start,
          end,
          category: 'secret.kubernetes',
          rule: 'kubernetes-secret-yaml',
          score: 0.85,
        };
      }
      if (isFinal) return undefined;
      const line = text.lastIndexOf('\n') + 1;
      const start = line + (/^[ \t]{0,8}/.exec(text.slice(line, line + 8))?.[0].length ?? 0);
      const isBeginning =
        line > 0 &&
        start >= from &&
        text.length - start <= MAX_FIELD &&
        FIELD_BEGINNING.test(text.slice(start)) &&
        /(?:^|\n)data:/.test(text.slice(Math.max(0, start - AROUND), start));
      return isBeginning ? { isOpen: true, anchor: start } : undefined;
    },
  };
}

const MAX_FIELD = 80;
const FIELD_BEGINNING = /^[A-Za-z0-9_.-]{0,64}(?::[ \t]{0,4}["']?[A-Za-z0-9+/]{0,9})?$/;

function beginningOf(
  text: string,
  from: number,
  word: string,
): { isOpen: true; anchor: number } | undefined {
  for (let start = Math.max(from, text.length - word.length + 1); start < text.length; start += 1) {
    if (isAlphanumericAt(text, start - 1)) continue;
    if (word.startsWith(text.slice(start).toLowerCase())) return { isOpen: true, anchor: start };
  }
  return undefined;
}
