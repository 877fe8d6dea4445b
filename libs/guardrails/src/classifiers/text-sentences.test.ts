import { describe, expect, it } from 'vitest';
import { textSentences } from './text-sentences.js';

describe('the sentences of a text', () => {
  it('end with a full stop, a question or exclamation mark or the line', () => {
    expect(
      textSentences(
        'The first one is long enough. Is the second one long enough?\n\nSo is what is left of it',
      ),
    ).toEqual([
      'The first one is long enough.',
      'Is the second one long enough?',
      'So is what is left of it',
    ]);
  });

  it('take short neighbours with them', () => {
    expect(
      textSentences('Hi. This is what I wanted to tell you. Bye! This was all that there is. Yes.'),
    ).toEqual(['Hi. This is what I wanted to tell you.', 'Bye! This was all that there is. Yes.']);
  });

  it('are none where there is but one', () => {
    expect(textSentences('One sentence alone, which nobody has to judge twice.')).toEqual([]);
    expect(textSentences(' \n ')).toEqual([]);
  });

  it('take linear time', () => {
    expect(textSentences(' '.repeat(200_000))).toEqual([]);
    expect(textSentences('.'.repeat(200_000))).toEqual([]);
  });
});
