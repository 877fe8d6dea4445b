import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createMaxSimScorers } from './create-max-sim-scorers.js';
import { maxSim } from './max-sim.js';
import { packTokenStates } from './pack-token-states.js';

const random = createSeededRandom(11);
function statesOf(tokens: number, dimension: number) {
  const vectors = Float32Array.from({ length: tokens * dimension }, () => random.next() - 0.5);
  return packTokenStates({
    ids: Int32Array.from({ length: tokens }, (_, n) => n),
    vectors,
    windows: [],
  });
}

describe('createMaxSimScorers', () => {
  it.each([32, 384, 20])('gives what the plain loop gives, at %i dimensions', (dimension) => {
    const scorers = createMaxSimScorers({ dimension });
    const passages = [3, 700, 1, 0].map((tokens) => statesOf(tokens, dimension));
    for (const tokens of [5, 40, 0]) {
      const query = statesOf(tokens, dimension);
      const weights = Float32Array.from({ length: tokens }, () => random.next());
      const scorer = scorers.ask(query, weights);
      for (const passage of passages) {
        expect(scorer.score(passage)).toBeCloseTo(maxSim({ query, passage, weights }), 4);
      }
      const [first] = passages;
      if (first === undefined) continue;
      expect(scorers.ask(query).score(first)).toBeCloseTo(maxSim({ query, passage: first }), 4);
    }
  });
});
