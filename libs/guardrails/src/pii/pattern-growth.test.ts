import { describe, expect, it } from 'vitest';
import { createPiiRail, createPiiScanner } from '../index.js';
import { patternGrowth } from './pattern-growth.js';

const recogniser = (pattern: RegExp) => ({ recognisers: [{ type: 'own', pattern }] });

describe('the pattern of a recogniser', () => {
  it.each([
    /\bE-\d{5}\b/,
    /EMP-\d+\b/,
    /\b[A-Z]{2,30}\d{1,9}x/,
    /\b\w+@/,
    /(?<!\d)\d+(?!\d)x/,
    /\d+/,
    /#\w+-/,
    /(?:\d{1,3}\.){3}\d{1,3}/,
    /\bID (?:\d+-)+x/,
    /(?<year>\d{4})-[A-Z]{3}/u,
    /^Patient .*$/m,
    /[a-z]{1,20}(?:-[a-z]{1,20}){1,2}/i,
    /\p{Lu}\p{Ll}{1,20}/u,
    /no\.? ?\d{4,8}[a-z]?/,
    /MRN[: ]\d{6}|case \d{4}/,
  ])('is taken where its time grows as the text does: %s', (pattern) => {
    expect(patternGrowth(pattern)).toBeUndefined();
    expect(() => createPiiScanner(recogniser(pattern))).not.toThrow();
  });

  it.each([
    /(a+)+b/,
    /a+b/,
    /\d+x/,
    /(?:a|a)*b/,
    /(?:a|ab)*c/,
    /(a{1,30}){1,30}b/,
    /.*foo/s,
    /\w+@\w+\.com/,
    /\s+$/,
    /\d+\b/,
    /x\d+\w+y/,
    /(?:a?b?)*c/,
    /(?=.*\d)x/,
    /(a+)\1x/,
    /\b[\w ]+x/,
    /(?:(?:a*)*)*/,
    /x(?:\d+y?)+z/,
    /(?:\w+ )?\w+!/,
    /^.*,.*,x$/ms,
  ])('is refused where it may grow faster: %s', (pattern) => {
    expect(patternGrowth(pattern)).toBeDefined();
    expect(() => createPiiRail(recogniser(pattern))).toThrow(
      expect.objectContaining({ code: 'ERR_GUARDRAILS_PATTERN_GROWTH' }) as Error,
    );
  });

  it('is named in the error, with what to do', () => {
    expect(() => createPiiScanner(recogniser(/\d+x/))).toThrow(/"own".*own characters.*Bound/);
  });
});
