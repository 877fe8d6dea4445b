import { add } from '../tensor/elementwise.js';
import { matmul } from '../tensor/layout.js';
import type { Tensor, Trace } from '../tensor/trace.js';

/** One linear layer as a model asks for it. */
export interface LinearLayer {
  /** The module's name, e.g. `model.layers.0.self_attn.q_proj`. */
  readonly name: string;
  /** Shape: [rows, inputs]. */
  readonly x: Tensor;
  readonly outputs: number;
  readonly hasBias: boolean;
  /** Whether the weight is stored [inputs, outputs], as GPT-2 does; else [outputs, inputs]. */
  readonly isConv1d?: boolean;
}

/** What a model's forward pass is traced with. */
export interface ModelScope {
  readonly trace: Trace;
  /** A weight by its name in the Hugging Face layout. */
  parameter(name: string, shape: readonly number[]): Tensor;
  linear(layer: LinearLayer): Tensor;
  /** Called where a layer begins, and after the last. */
  readonly onLayer?: () => void;
}

/** Weights as states of the program, named as in the file, with no adapter. */
export function createModelScope(
  trace: Trace,
  onParameter: (name: string, shape: readonly number[]) => void = () => undefined,
): ModelScope {
  const scope: ModelScope = {
    trace,
    parameter(name, shape) {
      onParameter(name, shape);
      return trace.state(name, { dtype: 'float32', shape });
    },
    linear: (layer) => plainLinear(scope, layer),
  };
  return scope;
}

/** x Wᵀ + b. */
export function plainLinear(scope: ModelScope, layer: LinearLayer): Tensor {
  const y = multiplyWeight(scope, layer);
  return layer.hasBias ? add(y, scope.parameter(`${layer.name}.bias`, [layer.outputs])) : y;
}

/** x Wᵀ. */
export function multiplyWeight(scope: ModelScope, layer: LinearLayer): Tensor {
  const { name, x, outputs, isConv1d = false } = layer;
  const inputs = x.shape.at(-1) ?? 1;
  const shape = isConv1d ? [inputs, outputs] : [outputs, inputs];
  return matmul(x, scope.parameter(`${name}.weight`, shape), { transposeB: !isConv1d });
}
