import type { ModelScope, LinearLayer } from '../models/model-scope.js';
import { multiplyWeight, plainLinear } from '../models/model-scope.js';
import { add, detach, div, mul, sqrt } from '../tensor/elementwise.js';
import { matmul, reshape, sumSquare, transpose } from '../tensor/layout.js';
import type { Tensor } from '../tensor/trace.js';
import { loraLayerOf, type AdapterConfig, type LoraLayer } from './adapter-config.js';

/** The weights that an adapter adds to a layer, under PEFT's names without their prefix. */
export const LORA_A = '.lora_A.weight';
export const LORA_B = '.lora_B.weight';
export const LORA_MAGNITUDE = '.lora_magnitude_vector';

/**
 * Adds an adapter to the linear layers of a scope: y = W x + s · B A x, or DoRA's form of it.
 *
 * @see https://arxiv.org/abs/2106.09685 (LoRA), https://arxiv.org/abs/2312.03732 (rsLoRA), https://arxiv.org/abs/2402.09353
 *   (DoRA, equation 5 with the gradient of the norm left out as its section 4.3 says).
 */
export function withLora(
  base: ModelScope,
  config: AdapterConfig,
  options: {
    /** Applied to the input of A while training. */ dropout?: (x: Tensor) => Tensor;
  } = {},
): ModelScope {
  return {
    ...base,
    linear(layer) {
      const lora = loraLayerOf(config, layer.name);
      if (lora === undefined) return plainLinear(base, layer);
      const change = lowRank(base, layer, lora, options.dropout);
      const plain = multiplyWeight(base, layer);
      const sum = lora.isDora
        ? mul(add(plain, change), doraScale(base, layer, lora))
        : add(plain, change);
      if (!layer.hasBias) return sum;
      return add(sum, base.parameter(`${layer.name}.bias`, [layer.outputs]));
    },
  };
}

function factors(scope: ModelScope, layer: LinearLayer, rank: number): { a: Tensor; b: Tensor } {
  return {
    a: scope.parameter(`${layer.name}${LORA_A}`, [rank, layer.x.shape.at(-1) ?? 1]),
    b: scope.parameter(`${layer.name}${LORA_B}`, [layer.outputs, rank]),
  };
}

function lowRank(
  scope: ModelScope,
  layer: LinearLayer,
  lora: LoraLayer,
  dropout: ((x: Tensor) => Tensor) | undefined,
): Tensor {
  const { a, b } = factors(scope, layer, lora.rank);
  const x = dropout?.(layer.x) ?? layer.x;
  return matmul(matmul(x, a, { transposeB: true }), b, { transposeB: true, scale: lora.scale });
}

/** magnitude / ‖W + s B A‖, row by row; no gradient flows through the norm. */
function doraScale(scope: ModelScope, layer: LinearLayer, lora: LoraLayer): Tensor {
  const { name, outputs, x, isConv1d = false } = layer;
  const inputs = x.shape.at(-1) ?? 1;
  const { a, b } = factors(scope, layer, lora.rank);
  const stored = scope.parameter(
    `${name}.weight`,
    isConv1d ? [inputs, outputs] : [outputs, inputs],
    x,
  );
  const weight = isConv1d ? transpose(stored, [1, 0]) : stored;
  const merged = add(weight, matmul(b, a, { scale: lora.scale }));
  const norm = detach(reshape(sqrt(sumSquare(merged, [1])), [outputs]));
  return div(scope.parameter(`${name}${LORA_MAGNITUDE}`, [outputs]), norm);
}
