import { add, cast } from '../tensor/elementwise.js';
import { concat, matmul, slice } from '../tensor/layout.js';
import { gather } from '../tensor/network.js';
import { after } from '../tensor/storage.js';
import type { Tensor, Trace } from '../tensor/trace.js';
import {
  isHalfStorage,
  traceStored,
  type HalfStorage,
  type WeightStorage,
} from './weight-storage.js';

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
  /** A weight by its name in the Hugging Face layout; one that is stored in few bits is widened no sooner than `gate`. */
  parameter(name: string, shape: readonly number[], gate?: Tensor): Tensor;
  /** Rows of a weight. Shapes: [rows, ...rest], ids int32 [...] → [...ids, ...rest]. */
  rows(name: string, shape: readonly number[], ids: Tensor): Tensor;
  /** x Wᵀ for a weight [outputs, inputs]; a large one that is stored in 16 bits is widened piece by piece. */
  product(name: string, x: Tensor, outputs: number): Tensor;
  linear(layer: LinearLayer): Tensor;
  /** Called where a layer begins, and after the last. */
  readonly onLayer?: () => void;
}

/** Values of a stored weight that are widened at once. */
const PIECE = 2 ** 21;

/** Weights as states of the program, named as in the file, with no adapter. */
export function createModelScope(
  trace: Trace,
  options: {
    readonly onParameter?: (name: string, shape: readonly number[]) => void;
    /** How weights are kept that are not kept in float32. */
    readonly storage?: ReadonlyMap<string, WeightStorage>;
  } = {},
): ModelScope {
  const halfOf = (name: string): HalfStorage['kind'] | undefined => {
    const storage = options.storage?.get(name);
    return storage !== undefined && isHalfStorage(storage) ? storage.kind : undefined;
  };
  const scope: ModelScope = {
    trace,
    parameter(name, shape, gate) {
      options.onParameter?.(name, shape);
      const storage = options.storage?.get(name);
      return storage === undefined
        ? trace.state(name, { dtype: 'float32', shape })
        : traceStored(trace, name, shape, { storage, gate });
    },
    rows(name, shape, ids) {
      const half = halfOf(name);
      if (half === undefined) return gather(scope.parameter(name, shape), ids);
      return cast(gather(trace.state(name, { dtype: half, shape }), ids), 'float32');
    },
    product(name, x, outputs) {
      const inputs = x.shape.at(-1) ?? 1;
      const shape = [outputs, inputs];
      const rows = Math.max(1, Math.floor(PIECE / inputs));
      const half = halfOf(name);
      if (half === undefined || outputs <= rows)
        return matmul(x, scope.parameter(name, shape, x), { transposeB: true });
      const bits = after(trace.state(name, { dtype: half, shape }), x);
      const parts = Array.from({ length: Math.ceil(outputs / rows) }, (_, part) => {
        const start = part * rows;
        const piece = slice(bits, 0, start, Math.min(rows, outputs - start));
        return matmul(x, cast(piece, 'float32'), { transposeB: true });
      });
      return concat(parts, -1);
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
  if (!isConv1d) return scope.product(`${name}.weight`, x, outputs);
  return matmul(x, scope.parameter(`${name}.weight`, [x.shape.at(-1) ?? 1, outputs], x));
}
