import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { samplePattern } from '../__fixtures__/sample-pattern.js';
import { createNationalNumbers } from '../pii/national/national-numbers.js';
import { createPrefixPattern } from './prefix-pattern.js';

const NUMBERS = createNationalNumbers().map(({ pattern }) => `(?:${pattern})(?![A-Za-z0-9_])`);
const PATTERNS = [
  String.raw`(?<![A-Za-z])ab(?:c|de)?\d{2,4}(?![A-Za-z])`,
  String.raw`x[^\n]{0,5}y\b`,
  String.raw`a{2,3}(?!bc)\d`,
  String.raw`(?:un|union)\s(?=all)[a-z]{3,5}$`,
  ...NUMBERS,
];
/** Look-around is nothing that can be sampled. */
const plain = (pattern: string): string =>
  pattern.replace(/\(\?(?:<[=!]|[=!])(?:\[[^\]]*\]|[^()[\]])*\)/g, '').replaceAll(/\\b|\$/g, '');

function* samples(): Generator<readonly [RegExp, string]> {
  const random = createSeededRandom(7);
  for (const pattern of PATTERNS)
    for (let round = 0; round < 3; round += 1)
      yield [new RegExp(pattern, 'y'), samplePattern(plain(pattern), random)];
}

describe('the beginnings of a pattern', () => {
  it('fit each beginning of what the pattern matches', () => {
    let [matched, tried] = [0, 0];
    for (const [pattern, sample] of samples()) {
      pattern.lastIndex = 0;
      const match = pattern.exec(sample);
      tried += 1;
      if (match === null) continue;
      matched += 1;
      const beginnings = createPrefixPattern(pattern);
      for (let end = 1; end <= match[0].length; end += 1)
        expect(beginnings.isOpenAt(sample.slice(0, end), 0), `${pattern.source}: ${sample}`).toBe(
          true,
        );
    }
    expect(matched).toBeGreaterThan(tried * 0.8);
  });

  it('do not fit where the outcome is settled, whatever follows', () => {
    const random = createSeededRandom(8);
    const signs = [...'abcdeuxyzABCDEZ0123456789 .-/\n_'];
    const noise = (): string => signs[Math.floor(random.next() * signs.length)] ?? '';
    let settled = 0;
    for (const [pattern, sample] of samples()) {
      const beginnings = createPrefixPattern(pattern);
      const matchOf = (text: string): string | undefined => {
        pattern.lastIndex = 0;
        return pattern.exec(text)?.[0];
      };
      const whole = `${sample}${noise()}${noise()}`;
      for (let cut = 1; cut <= whole.length; cut += 1) {
        // As it is, and with one wrong sign.
        for (const text of [whole.slice(0, cut), `${whole.slice(0, cut - 1)}${noise()}`]) {
          if (beginnings.isOpenAt(text, 0)) continue;
          settled += 1;
          for (const more of [whole.slice(cut), noise() + noise(), `1${noise()}`])
            expect(matchOf(text + more), `${pattern.source}: ${text} + ${more}`).toBe(
              matchOf(text),
            );
        }
      }
    }
    expect(settled).toBeGreaterThan(1_000);
  });

  it('tell the first place that is open', () => {
    const { openFrom } = createPrefixPattern(/!\[[^\]\n]{0,9}\]\([^)\n]{1,9}\)/);
    expect(openFrom('Hello! Wait', 0)).toBe(11);
    expect(openFrom('Hello!', 0)).toBe(5);
    expect(openFrom('A ![x](u', 0)).toBe(2);
    expect(openFrom('A ![x](u) and', 0)).toBe(13);
    expect(openFrom('A ![x\n](u ![', 0)).toBe(10);
  });

  it('are not made of a pattern that refers back', () => {
    expect(() => createPrefixPattern(/(a|b)\1/).isOpenAt('a', 0)).toThrow(SyntaxError);
  });
});
