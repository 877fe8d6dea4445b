import { describe, expect, it } from 'vitest';
import { fromOrderedAscii, toOrderedAscii } from './ordered-ascii.js';

const TEXTS = [
  '',
  '\0',
  ' ',
  '!',
  '"',
  '!21',
  'a',
  'a b',
  'a!',
  'a~',
  '}',
  '~',
  '~007e',
  '\u007f',
  'ä',
  '漢',
  '😀',
  '\uffee',
];

describe('toOrderedAscii', () => {
  it.each(TEXTS)('gives %j back', (text) => {
    expect(fromOrderedAscii(toOrderedAscii(text))).toBe(text);
    expect(toOrderedAscii(text)).toMatch(/^[\u0021-\u007e]*$/u);
  });

  it('keeps the order of texts', () => {
    expect(TEXTS.map(toOrderedAscii).sort().map(fromOrderedAscii)).toEqual(TEXTS.toSorted());
  });
});
