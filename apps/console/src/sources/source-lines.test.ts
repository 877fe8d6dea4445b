import { describe, expect, it } from 'vitest';
import { locateQuote, splitSourceLines } from './source-lines.js';

const text = 'one\ntwo three\n\nfour';

describe('the lines of a source', () => {
  it('mark a passage over several lines and nothing else', () => {
    const marked = { start: text.indexOf('three'), end: text.length - 2 };
    const lines = splitSourceLines(text, marked);
    expect(lines.map((line) => line.number)).toEqual([1, 2, 3, 4]);
    expect(lines.flatMap((line) => line.parts.filter((part) => part.isMarked))).toEqual([
      { text: 'three', isMarked: true },
      { text: 'fo', isMarked: true },
    ]);
    expect(lines.map((line) => line.parts.map((part) => part.text).join('')).join('\n')).toBe(text);
  });

  it('mark nothing without a passage', () => {
    expect(splitSourceLines(text, undefined).flatMap((line) => line.parts)).not.toContainEqual(
      expect.objectContaining({ isMarked: true }),
    );
  });
});

describe('a quote', () => {
  it('is found at its span, elsewhere after a change, and not once it is gone', () => {
    const span = { start: 4, end: 7 };
    expect(locateQuote({ text, span, quote: 'two' })).toEqual(span);
    expect(locateQuote({ text, span, quote: 'four' })).toEqual({ start: 15, end: 19 });
    expect(locateQuote({ text, span, quote: 'five' })).toBeUndefined();
  });
});
