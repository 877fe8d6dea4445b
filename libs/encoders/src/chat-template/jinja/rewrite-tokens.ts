/** A token as `@huggingface/jinja` cuts a template. */
export interface JinjaToken {
  readonly type: string;
  readonly value: string;
}

/** Names of what tokens are rewritten to; no template can write them. */
export const TUPLE_CALL = '(tuple)';
export const TEST_FILTER = 'is:';
export const NEGATED_TEST_FILTER = 'is not:';

const OPEN = new Set(['OpenParen', 'OpenSquareBracket', 'OpenCurlyBracket']);
const CLOSE = new Set(['CloseParen', 'CloseSquareBracket', 'CloseCurlyBracket']);
const ARGUMENT = new Set([...OPEN, 'Identifier', 'NumericLiteral', 'StringLiteral']);
/** Words that no argument of a test and no called function is. */
const WORDS = new Set(['else', 'elif', 'or', 'and', 'is', 'if', 'in', 'not', 'for', 'set']);

const pipe: JinjaToken = { type: 'Pipe', value: '|' };
const openParen: JinjaToken = { type: 'OpenParen', value: '(' };
const closeParen: JinjaToken = { type: 'CloseParen', value: ')' };
const name = (value: string): JinjaToken => ({ type: 'Identifier', value });

/**
 * Writes what the parser does not know in terms of what it does: numbers with exponents, tests with arguments (as filters),
 * and tuples of one or no element or with a comma at their end (as calls).
 */
export function rewriteTokens(tokens: readonly JinjaToken[]): JinjaToken[] {
  return withTuples(withTests(withNumbers(tokens)));
}

/** `1e3` comes as `1`, `e3`; `1e-3` as `1`, `e`, `-3`; `1_000` as `1`, `_000`. */
function withNumbers(tokens: readonly JinjaToken[]): JinjaToken[] {
  const out: JinjaToken[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const [token, next, sign, digits] = tokens.slice(at, at + 4);
    if (token === undefined) break;
    if (token.type !== 'NumericLiteral' || next?.type !== 'Identifier') {
      out.push(token);
      continue;
    }
    let number = token.value;
    const spaced = /^(?:_\d+)+/u.exec(next.value)?.[0] ?? '';
    number += spaced.replaceAll('_', '');
    const rest = next.value.slice(spaced.length);
    if (/^[eE]\d+$/u.test(rest)) {
      out.push(float(number + rest));
      at += 1;
    } else if (/^[eE]$/u.test(rest) && /^[-+]\d+$/u.test(sign?.value ?? '')) {
      out.push(float(number + rest + (sign?.value ?? '')));
      at += 2;
    } else if (/^[eE]$/u.test(rest) && /^[-+]$/u.test(sign?.value ?? '') && digits !== undefined) {
      out.push(float(number + rest + (sign?.value ?? '') + digits.value));
      at += 3;
    } else if (spaced !== '' && rest === '') {
      out.push({ ...token, value: number });
      at += 1;
    } else out.push(token);
  }
  return out;
}

/** The parser takes a number with a point for a float. */
function float(value: string): JinjaToken {
  const [digits = '', exponent = ''] = value.toLowerCase().split('e');
  return {
    type: 'NumericLiteral',
    value: `${digits.includes('.') ? digits : `${digits}.0`}e${exponent}`,
  };
}

function withTests(tokens: readonly JinjaToken[]): JinjaToken[] {
  const out: JinjaToken[] = [];
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    if (token === undefined) break;
    const isTest =
      token.type === 'Identifier' && token.value === 'is' && tokens[at - 1]?.type !== 'Dot';
    const isNegated = tokens[at + 1]?.value === 'not';
    const nameAt = at + (isNegated ? 2 : 1);
    const test = tokens[nameAt];
    const next = tokens[nameAt + 1];
    if (
      !isTest ||
      test?.type !== 'Identifier' ||
      next === undefined ||
      !ARGUMENT.has(next.type) ||
      (next.type === 'Identifier' && WORDS.has(next.value))
    ) {
      out.push(token);
      at += 1;
      continue;
    }
    out.push(pipe, name((isNegated ? NEGATED_TEST_FILTER : TEST_FILTER) + test.value));
    at = nameAt + 1;
    if (next.type === 'OpenParen') continue;
    const end = argumentEnd(tokens, at);
    out.push(openParen, ...withTests(tokens.slice(at, end)), closeParen);
    at = end;
  }
  return out;
}

/** Where an argument without parentheses ends: one value and what is looked up in it. */
function argumentEnd(tokens: readonly JinjaToken[], start: number): number {
  let end = OPEN.has(tokens[start]?.type ?? '') ? groupEnd(tokens, start) : start + 1;
  for (;;) {
    const type = tokens[end]?.type ?? '';
    if (type === 'Dot') end += 2;
    else if (type === 'OpenParen' || type === 'OpenSquareBracket') end = groupEnd(tokens, end);
    else return end;
  }
}

function groupEnd(tokens: readonly JinjaToken[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const type = tokens[at]?.type ?? '';
    if (OPEN.has(type)) depth += 1;
    if (CLOSE.has(type) && --depth === 0) return at + 1;
  }
  return tokens.length;
}

function withTuples(tokens: readonly JinjaToken[]): JinjaToken[] {
  const out: JinjaToken[] = [];
  const groups: { readonly start: number; readonly isPlain: boolean }[] = [];
  for (const token of tokens) {
    if (OPEN.has(token.type)) {
      const isPlain = token.type === 'OpenParen' && !isCalled(out.at(-1));
      groups.push({ start: out.length, isPlain });
    } else if (CLOSE.has(token.type)) {
      const group = groups.pop();
      if (group?.isPlain === true) {
        const isEmpty = out.length === group.start + 1;
        const endsWithComma = out.at(-1)?.type === 'Comma';
        if (endsWithComma) out.pop();
        if (isEmpty || endsWithComma) out.splice(group.start, 0, name(TUPLE_CALL));
      }
    }
    out.push(token);
  }
  return out;
}

/** Whether a parenthesis after a token begins arguments. */
function isCalled(before: JinjaToken | undefined): boolean {
  if (before === undefined) return false;
  if (before.type === 'Identifier') return !WORDS.has(before.value);
  return before.type === 'CloseParen' || before.type === 'CloseSquareBracket';
}
