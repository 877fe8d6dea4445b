import { createSeededRandom } from '@espalier/core';
import { ROTATION_ROUNDS, transformWidth } from '../wasm/encode-kernels.js';

/**
 * Returns what the rotation multiplies by in each round: random signs, with the factor that keeps lengths.
 *
 * Shape: [rounds × dimension] f32; the same for the same seed.
 */
export function rotationSigns(options: { dimension: number; seed: number }): Float32Array {
  const { dimension } = options;
  const random = createSeededRandom(options.seed);
  const width = transformWidth(dimension);
  const signs = new Float32Array(ROTATION_ROUNDS * dimension);
  for (let round = 0; round < ROTATION_ROUNDS; round += 1) {
    const first = round % 2 === 0 ? 0 : dimension - width;
    for (let i = 0; i < dimension; i += 1) {
      const isTransformed = i >= first && i < first + width;
      const length = isTransformed ? 1 / Math.sqrt(width) : 1;
      signs[round * dimension + i] = random.next() < 0.5 ? -length : length;
    }
  }
  return signs;
}
