import { describe, expect, it } from 'vitest';
import { computeCost } from './compute-cost.js';

describe('computeCost', () => {
  const price = { inputUsdPerMillion: 2, outputUsdPerMillion: 8, cachedInputUsdPerMillion: 0.5 };

  it('counts cached input at its own price, and not twice', () => {
    expect(
      computeCost(
        { inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 500_000 },
        price,
      ),
    ).toBeCloseTo(1.2 + 0.2 + 4, 10);
  });

  it('takes absent counts for none, and cached input without a price as input', () => {
    expect(computeCost({}, price)).toBe(0);
    expect(
      computeCost(
        { inputTokens: 1_000_000, cachedInputTokens: 1_000_000 },
        { inputUsdPerMillion: 2, outputUsdPerMillion: 8 },
      ),
    ).toBe(2);
  });
});
