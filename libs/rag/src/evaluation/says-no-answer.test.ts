import { describe, expect, it } from 'vitest';
import { saysNoAnswer } from './says-no-answer.js';

describe('saysNoAnswer', () => {
  it.each([
    '',
    'The documents do not say when it opened.',
    'There is not enough information to answer this.',
    "I don't know.",
    'The documents that were found do not seem to hold an answer to this question.',
    'I cannot answer this from the passages.',
  ])('holds for “%s”', (answer) => {
    expect(saysNoAnswer(answer)).toBe(true);
  });

  it.each([
    'It opened in 1884.',
    'The rule does not mention refunds for opened items [1].',
    'Returns are not accepted.',
  ])('does not hold for “%s”', (answer) => {
    expect(saysNoAnswer(answer)).toBe(false);
  });
});
