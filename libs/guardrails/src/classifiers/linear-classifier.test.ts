import { describe, expect, it } from 'vitest';
import { createFeatureHasher } from './feature-hasher.js';
import { createLinearClassifier } from './linear-classifier.js';

const EXPECTED = [
  4526, 7931, 9948, 12995, 13686, 14360, 18994, 20309, 22805, 23427, 25816, 27425, 28519, 33459,
  33581, 37891, 42024, 43242, 47363, 48265, 48869, 51524, 59601, 61552, 62216, 64632, 64663, 65080,
  70730, 73585, 73609, 73978, 76657, 82234, 92003, 96912, 101470, 108851, 119479, 123645, 124208,
  125820, 127235, 129934,
];

describe('the features of a text', () => {
  it('are those of the training: the same buckets as features.py gives', () => {
    // Made with libs/guardrails/training/features.py: features("kill it 😀").
    expect([...createFeatureHasher(1 << 17).hash('kill it 😀')].toSorted((a, b) => a - b)).toEqual(
      EXPECTED,
    );
  });

  it('are each counted once, and few for few characters', () => {
    const hasher = createFeatureHasher(1 << 10);
    const found = hasher.hash('aaaa aaaa aaaa');
    expect(new Set(found).size).toBe(found.length);
    expect(hasher.hash('').length).toBe(1);
  });

  it('grow with the text without losing any', () => {
    const text = Array.from({ length: 4000 }, (_, n) => `w${n}`).join(' ');
    expect(createFeatureHasher(1 << 17).hash(text).length).toBeGreaterThan(10_000);
  });
});

describe('the linear classifier', () => {
  it('sums the rows of the buckets, over the root of their number', () => {
    const buckets = 1 << 10;
    const weights = new Int8Array(buckets * 2).fill(1);
    const { logits } = createLinearClassifier({
      heads: ['a', 'b'],
      buckets,
      weights,
      scales: [0.5, 0],
      bias: [0.25, -1],
    });
    const count = createFeatureHasher(buckets).hash('some text').length;
    const [a, b] = logits('Some   TEXT ');
    expect(a).toBeCloseTo(Math.sqrt(count) * 0.5 + 0.25, 6);
    expect(b).toBe(-1);
  });
});
