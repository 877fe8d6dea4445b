import { describe, expect, it } from 'vitest';
import { markMatches } from './mark-matches.js';

describe('markMatches', () => {
  it('cuts a text at its matches and loses nothing of it', () => {
    const parts = markMatches('A rail blocks text.', [
      { start: 14, end: 18 },
      { start: 2, end: 6 },
    ]);
    expect(parts.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toEqual([
      'rail',
      'text',
    ]);
    expect(parts.map(({ text }) => text).join('')).toBe('A rail blocks text.');
  });

  it('leaves out matches that overlap, are empty or lie outside', () => {
    const matches = [
      { start: 0, end: 4 },
      { start: 2, end: 6 },
      { start: 5, end: 5 },
      { start: 5, end: 99 },
    ];
    expect(markMatches('rails on', matches)).toEqual([
      { text: 'rail', isMatch: true },
      { text: 's on', isMatch: false },
    ]);
  });

  it('leaves a text without matches whole, and makes nothing of an empty one', () => {
    expect(markMatches('text', [])).toEqual([{ text: 'text', isMatch: false }]);
    expect(markMatches('', [])).toEqual([]);
  });
});
