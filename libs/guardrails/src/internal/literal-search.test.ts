import { describe, expect, it } from 'vitest';
import { createLiteralSearch } from './literal-search.js';

const escape = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** What an expression of alternatives finds. */
function byExpression(literals: readonly string[], flags: string, text: string): unknown[] {
  const longestFirst = [...literals].sort((a, b) => b.length - a.length);
  const expression = new RegExp(longestFirst.map(escape).join('|'), flags);
  const found: unknown[] = [];
  for (let from = 0; ;) {
    expression.lastIndex = from;
    const match = expression.exec(text);
    if (match === null) return found;
    found.push([match.index, match[0].length]);
    from = match.index + 1;
  }
}

function bySearch(literals: readonly string[], ignoreCase: boolean, text: string): unknown[] {
  const search = createLiteralSearch(literals, { ignoreCase });
  const found: unknown[] = [];
  for (let from = 0; ;) {
    const match = search.next(text, from);
    if (match === undefined) return found;
    found.push([match.index, match.literal.length]);
    from = match.index + 1;
  }
}

describe('a literal search', () => {
  it('takes the longest of the literals at one place', () => {
    const search = createLiteralSearch(['sk-', 'sk-ant-']);
    expect(search.next('a sk-ant-1', 0)).toEqual({ index: 2, literal: 'sk-ant-' });
    expect(search.next('a sk-an', 0)).toEqual({ index: 2, literal: 'sk-' });
  });

  it('finds literals that are shorter than its table looks, also at the end', () => {
    const search = createLiteralSearch(['x', 'ab']);
    expect(search.next('..ab', 0)).toEqual({ index: 2, literal: 'ab' });
    expect(search.next('..a x', 0)).toEqual({ index: 4, literal: 'x' });
    expect(search.next('', 0)).toBeUndefined();
  });

  it('reads case only where it counts, and folds no letters outside ASCII', () => {
    expect(createLiteralSearch(['key']).next('KEY', 0)).toBeUndefined();
    expect(createLiteralSearch(['key'], { ignoreCase: true }).next('my Key', 0)).toEqual({
      index: 3,
      literal: 'key',
    });
    // U+212A, the Kelvin sign.
    expect(createLiteralSearch(['key'], { ignoreCase: true }).next('\u212Aey', 0)).toBeUndefined();
  });

  it('finds what an expression of alternatives finds, in any text', () => {
    const literals = ['ab', 'abc', 'b-a', 'c_c', 'aa', 'cab_', 'a'];
    const alphabet = ['a', 'b', 'c', 'A', 'B', 'C', '-', '_', '\u00E9', '\u{1F600}'];
    let state = 7;
    const next = (): number => (state = (state * 48_271) % 2_147_483_647);
    for (let round = 0; round < 300; round += 1) {
      const text = Array.from(
        { length: next() % 40 },
        () => alphabet[next() % alphabet.length],
      ).join('');
      const some = literals.slice(next() % literals.length);
      expect(bySearch(some, false, text)).toEqual(byExpression(some, 'g', text));
      expect(bySearch(some, true, text)).toEqual(byExpression(some, 'gi', text));
    }
  });
});
