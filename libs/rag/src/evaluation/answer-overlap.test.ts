import { describe, expect, it } from 'vitest';
import { answerOverlap } from './answer-overlap.js';

describe('answerOverlap', () => {
  it('takes answers for the same that differ in case, punctuation and articles', () => {
    expect(answerOverlap('The Denver Broncos.', ['denver broncos'])).toMatchObject({
      f1: 1,
      exactMatch: 1,
    });
  });

  it('counts the words that both hold, as SQuAD does', () => {
    // Common: in, 1884 (2 of 4 and of 3 words) → 2 · 2 / (4 + 3).
    const { f1, exactMatch } = answerOverlap('It opened in 1884', ['in 1884 already']);
    expect(f1).toBeCloseTo(4 / 7, 10);
    expect(exactMatch).toBe(0);
  });

  it('measures the longest common subsequence of words', () => {
    // Lin (2004): "police kill the gunman" against "police killed the gunman" has LCS 3 of 4.
    expect(answerOverlap('police kill the gunman', ['police killed the gunman']).rougeL).toBe(0.75);
    expect(answerOverlap('the gunman kill police', ['police killed the gunman']).rougeL).toBe(0.5);
  });

  it('takes the best reference for each figure, and tells where an answer holds one whole', () => {
    const overlap = answerOverlap('It was opened in Paris in 1884.', ['London', 'Paris in 1884']);
    expect(overlap.holdsReference).toBe(1);
    expect(overlap.f1).toBeGreaterThan(0.5);
    expect(answerOverlap('parish in 1884', ['Paris']).holdsReference).toBe(0);
  });

  it('is nothing for an empty answer or no reference', () => {
    expect(answerOverlap('', ['yes'])).toEqual({
      f1: 0,
      exactMatch: 0,
      rougeL: 0,
      holdsReference: 0,
    });
    expect(answerOverlap('yes', [])).toMatchObject({ f1: 0, exactMatch: 0 });
  });
});
