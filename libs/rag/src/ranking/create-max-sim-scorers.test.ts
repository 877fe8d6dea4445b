import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createMaxSimScorers } from './create-max-sim-scorers.js';
import { maxSim } from './max-sim.js';
import { packTokenStates, type PackedTokenStates } from './pack-token-states.js';

const random = createSeededRandom(11);
function statesOf(tokens: number, dimension: number): PackedTokenStates {
  const vectors = Float32Array.from({ length: tokens * dimension }, () => random.next() - 0.5);
  const ids = Int32Array.from({ length: tokens }, (_, n) => n);
  return packTokenStates({ ids, vectors, windows: [] });
}

function sliceOf(states: PackedTokenStates, start: number, dimension: number): PackedTokenStates {
  const end = Math.min(states.ids.length, start + 64);
  return {
    ids: states.ids.slice(start, end),
    scales: states.scales.slice(start, end),
    bytes: states.bytes.slice(start * dimension, end * dimension),
    windows: [],
  };
}

describe('createMaxSimScorers', () => {
  it.each([32, 384, 20])('gives what the plain formula gives, at %i dimensions', (dimension) => {
    const scorers = createMaxSimScorers({ dimension });
    const passages = [3, 300, 1, 64, 70, 0].map((tokens) => statesOf(tokens, dimension));
    for (const tokens of [5, 30, 0]) {
      const query = statesOf(tokens, dimension);
      const weights = Float32Array.from({ length: tokens }, () => random.next());
      for (const passage of passages) {
        const { whole, window } = scorers.ask(query, weights).score(passage);
        expect(whole).toBeCloseTo(maxSim({ query, passage, weights }), 4);
        const starts = [0];
        while ((starts.at(-1) ?? 0) + 64 < passage.ids.length)
          starts.push((starts.at(-1) ?? 0) + 32);
        const best = starts.map((start) =>
          maxSim({ query, passage: sliceOf(passage, start, dimension), weights }),
        );
        expect(window).toBeCloseTo(Math.max(...best), 4);
        expect(scorers.ask(query).score(passage).whole).toBeCloseTo(maxSim({ query, passage }), 4);
      }
    }
  });
});
