/** Characters that a pattern must escape to mean themselves, outside of a class. */
const SYNTAX = new Set('^$\\.*+?()[]{}|/');

/** What Oniguruma's shorthands stand for in Unicode text; the members of a class, without its brackets. */
const SHORTHANDS: Readonly<Record<string, { positive: string; negative: string }>> = {
  s: { positive: '\\p{White_Space}', negative: '\\P{White_Space}' },
  d: { positive: '\\p{Nd}', negative: '\\P{Nd}' },
};
const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}';

/** Characters that equal an ASCII letter when case is ignored, and are not ASCII themselves. */
const FOLDS: Readonly<Record<string, string>> = { s: '\u017f', k: '\u212a' };

/**
 * Writes a pattern of Oniguruma, which `tokenizer.json` files hold, as a JavaScript pattern for the flag `u`.
 *
 * Differs where the two languages do: shorthands mean Unicode classes, `(?i:…)` becomes classes of both cases, scripts
 * get their full names, atomic marks are dropped where nothing backtracks into them.
 *
 * @throws {SyntaxError} The pattern holds something that has no counterpart.
 * @see https://github.com/kkos/oniguruma/blob/master/doc/RE — the parts that published tokenisers use
 */
export function translateOniguruma(pattern: string): string {
  let out = '';
  let isInClass = false;
  const caseStack: boolean[] = [];
  let ignoresCase = false;
  let quantifierEnd = -1;

  const literal = (character: string): string => {
    const lower = character.toLowerCase();
    const upper = character.toUpperCase();
    if (!ignoresCase || lower === upper) return character;
    const both = `${lower}${upper}${FOLDS[lower] ?? ''}`;
    return isInClass ? both : `[${both}]`;
  };

  for (let index = 0; index < pattern.length;) {
    const character = String.fromCodePoint(pattern.codePointAt(index) ?? 0);
    const isQuantifier = quantifierEnd === index;
    index += character.length;
    if (!isInClass && !isQuantifier) {
      if ('+*?'.includes(character)) quantifierEnd = index;
      const counted = character === '{' ? /^\d*,?\d*\}/.exec(pattern.slice(index)) : null;
      if (counted !== null) {
        out += `{${counted[0]}`;
        index += counted[0].length;
        quantifierEnd = index;
        continue;
      }
    }
    if (character === '\\') {
      const next = String.fromCodePoint(pattern.codePointAt(index) ?? 0x5c);
      index += next.length;
      const property = /^\{(\^?)([^}]*)\}/.exec(pattern.slice(index));
      if ((next === 'p' || next === 'P') && property !== null) {
        index += property[0].length;
        const isNegative = (next === 'P') !== (property[1] === '^');
        out += `\\${isNegative ? 'P' : 'p'}{${propertyName(property[2] ?? '')}}`;
      } else {
        const hex = next === 'x' ? /^\{([0-9a-fA-F]+)\}/.exec(pattern.slice(index)) : null;
        if (hex === null) out += escaped(next, isInClass);
        else {
          index += hex[0].length;
          out += `\\u{${hex[1] ?? ''}}`;
        }
      }
    } else if (isInClass) {
      if (character === ']') isInClass = false;
      out += character === '[' ? '\\[' : literal(character);
    } else if (character === '[') {
      isInClass = true;
      out += '[';
      if (pattern[index] === '^') {
        out += '^';
        index += 1;
      }
      if (pattern[index] === ']') {
        out += '\\]';
        index += 1;
      }
    } else if (character === '(') {
      caseStack.push(ignoresCase);
      const caseless = /^\?i:/.exec(pattern.slice(index));
      const atomic = /^\?>/.exec(pattern.slice(index));
      if (caseless !== null) ignoresCase = true;
      const group = caseless ?? atomic;
      if (group === null) out += '(';
      else {
        out += '(?:';
        index += group[0].length;
      }
    } else if (character === ')') {
      ignoresCase = caseStack.pop() ?? false;
      out += ')';
    } else if (isQuantifier && '+?'.includes(character)) {
      // Of a possessive quantifier only the quantifier stays: what published patterns match is the same without.
      if (character === '?') out += '?';
    } else if ('{}]'.includes(character)) {
      out += `\\${character}`;
    } else {
      out += literal(character);
    }
  }
  return out;
}

function escaped(next: string, isInClass: boolean): string {
  const shorthand = SHORTHANDS[next.toLowerCase()];
  if (shorthand !== undefined)
    return next === next.toLowerCase() ? shorthand.positive : shorthand.negative;
  if (next === 'w') return isInClass ? WORD : `[${WORD}]`;
  if (next === 'W') {
    if (isInClass) throw new SyntaxError('\\W inside a class has no counterpart.');
    return `[^${WORD}]`;
  }
  if (next === 'A') return '^';
  if (next === 'z') return '$';
  if (/[nrtfvbBu0-9]/.test(next)) return `\\${next}`;
  return SYNTAX.has(next) || (isInClass && next === '-') ? `\\${next}` : next;
}

function propertyName(name: string): string {
  if (/^(?:[CLMNPSZ][a-z&]?|L&|Alphabetic|White_Space|Emoji.*|Uppercase|Lowercase)$/.test(name))
    return name === 'L&' ? 'LC' : name;
  const alias: Readonly<Record<string, string>> = { Alpha: 'Alphabetic', Space: 'White_Space' };
  return alias[name] ?? (name.includes('=') ? name : `Script=${name}`);
}
