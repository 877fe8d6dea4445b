import { describe, expect, it } from 'vitest';
import { locateQuote } from './locate-quote.js';

const DOCUMENT = 'Title\n\nIt said: “Opened items\ncan be returned” – within 14 days. 😀 Done.';
const start = DOCUMENT.indexOf('It said');
const passage = {
  text: DOCUMENT.slice(start),
  span: { start, end: DOCUMENT.length },
  lines: { start: 3, end: 4 },
};

describe('locateQuote', () => {
  it('finds the exact place of words that were quoted with other white space, case and marks', () => {
    const found = locateQuote({
      passage,
      quote: ' "opened items  can be returned" - Within 14 days',
    });
    expect(found?.quote).toBe('“Opened items\ncan be returned” – within 14 days');
    expect(DOCUMENT.slice(found?.span.start, found?.span.end)).toBe(found?.quote);
    expect(found?.lines).toEqual({ start: 3, end: 4 });
  });

  it('counts places after characters of two units', () => {
    const found = locateQuote({ passage, quote: 'done.' });
    expect(DOCUMENT.slice(found?.span.start, found?.span.end)).toBe('Done.');
    expect(found?.lines).toEqual({ start: 4, end: 4 });
  });

  it.each(['', '  ', 'not there'])('finds nothing for %j', (quote) => {
    expect(locateQuote({ passage, quote })).toBeUndefined();
  });
});
