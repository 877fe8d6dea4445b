import { createSeededRandom, type Random, type TensorData } from '@espalier/core';
import type { ModelConfig } from './model-config.js';
import { parameterShapes } from './parameter-shapes.js';

const DEVIATION = 0.02;
/** Layers that write into the residual stream; smaller, the deeper the model. */
const RESIDUAL = /(?:o_proj|down_proj|c_proj|attention\.output\.dense)\.weight$/u;

/** Weights to begin training from: normal with deviation 0.02, ones for norms, zeros for biases. */
export function randomWeights(config: ModelConfig, seed: number): Map<string, TensorData> {
  const random = createSeededRandom(seed);
  const values = new Map<string, TensorData>();
  for (const [name, shape] of parameterShapes(config)) {
    const count = shape.reduce((product, size) => product * size, 1);
    const deviation = RESIDUAL.test(name) ? DEVIATION / Math.sqrt(2 * config.layers) : DEVIATION;
    const data =
      shape.length === 1
        ? new Float32Array(count).fill(name.endsWith('.bias') ? 0 : 1)
        : Float32Array.from({ length: count }, () => deviation * normal(random));
    values.set(name, { dtype: 'float32', shape, data });
  }
  return values;
}

/** A standard normal number, by Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
