import type { TensorNode } from '@espalier/core';
import { cast } from '../tensor/elementwise.js';
import { reshape, slice } from '../tensor/layout.js';
import { gather } from '../tensor/network.js';
import { after, dequantise } from '../tensor/storage.js';
import type { Tensor, Trace } from '../tensor/trace.js';

/** Gives a value that only widens what is stored again, computed no sooner than a gradient; undefined for other values. */
export type RebuildStored = (value: number, gradient: Tensor) => Tensor | undefined;

/**
 * Weights that are stored in few bits are widened where they are used. The backward pass widens them anew, so that no float32
 * copy of them lives from one pass to the other.
 */
export function createRebuildStored(trace: Trace, nodes: readonly TensorNode[]): RebuildStored {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((value) => [value, node])));
  const ungated = (value: number): number => {
    const node = producers.get(value);
    return node?.operation.kind === 'after' ? ungated(node.inputs[0] ?? -1) : value;
  };
  const rebuild: RebuildStored = (value, gradient) => {
    const node = producers.get(value);
    if (node === undefined) return undefined;
    const { operation, inputs } = node;
    const [first = -1, second = -1] = inputs;
    switch (operation.kind) {
      case 'cast':
        return rebuildCast(ungated(first), gradient);
      case 'dequantise':
        return dequantise(
          operation.format === 'int8'
            ? trace.tensor(first)
            : after(trace.tensor(ungated(first)), gradient),
          after(trace.tensor(ungated(second)), gradient),
          operation.format,
        );
      case 'reshape': {
        const source = rebuild(first, gradient);
        return source && reshape(source, operation.shape);
      }
      case 'slice': {
        const source = rebuild(first, gradient);
        return source && slice(source, operation.axis, operation.start, operation.size);
      }
      default:
        return undefined;
    }
  };

  const rebuildCast = (value: number, gradient: Tensor): Tensor | undefined => {
    const bits = trace.tensor(value);
    if (bits.dtype !== 'float16' && bits.dtype !== 'bfloat16') return undefined;
    const node = producers.get(value);
    if (node?.operation.kind !== 'slice' || node.operation.axis !== 0)
      return cast(after(bits, gradient), 'float32');
    // The same rows by their numbers: a slice would be shared with the forward pass and live until here.
    const { start, size } = node.operation;
    const rows = trace.constant({
      dtype: 'int32',
      shape: [size],
      data: Int32Array.from({ length: size }, (_, i) => start + i),
    });
    const table = trace.tensor(ungated(node.inputs[0] ?? -1));
    return cast(gather(table, after(rows, gradient)), 'float32');
  };
  return rebuild;
}
