import type { TensorNode } from '@espalier/core';
import { add, mul } from '../tensor/elementwise.js';
import { reshape, slice } from '../tensor/layout.js';
import type { Tensor, Trace } from '../tensor/trace.js';
import type { RebuildStored } from './rebuild-stored.js';

/** Nodes of a trace from one index up to another, e.g. a layer. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** A value as the backward pass of a node sees it. */
type View = (value: number) => Tensor;

/**
 * Gives the backward pass values that are computed again, segment by segment, from what went into the segment, so that nothing
 * inside it is kept until then.
 *
 * What goes in is tied to the gradient that has arrived: no runtime can compute the copy earlier, or take it for the original.
 *
 * @see https://arxiv.org/abs/1604.06174
 */
export function createRecomputation(
  trace: Trace,
  nodes: readonly TensorNode[],
  segments: readonly Segment[],
  rebuild: RebuildStored,
): (node: number, gradient: Tensor) => View {
  const plain: View = (value) => trace.tensor(value);
  const views = new Map<Segment, View>();
  return (node, gradient) => {
    const segment = segments.find(({ start, end }) => node >= start && node < end);
    if (segment === undefined) return plain;
    const known = views.get(segment) ?? recompute({ trace, nodes, segment, rebuild, gradient });
    views.set(segment, known);
    return known;
  };
}

function recompute(options: {
  readonly trace: Trace;
  readonly nodes: readonly TensorNode[];
  readonly segment: Segment;
  readonly rebuild: RebuildStored;
  readonly gradient: Tensor;
}): View {
  const { trace, nodes, gradient } = options;
  const { start, end } = options.segment;
  const before = new Set(nodes.slice(0, start).flatMap(({ outputs }) => outputs));
  const nothing = zeroOf(gradient);
  const copies = new Map<number, Tensor>();
  const view: View = (value) => {
    const known = copies.get(value);
    if (known !== undefined) return known;
    const tensor = trace.tensor(value);
    if (!before.has(value) || tensor.dtype !== 'float32') return tensor;
    const tied = add(tensor, nothing);
    copies.set(value, tied);
    return tied;
  };
  for (const { operation, inputs, outputs } of nodes.slice(start, end)) {
    const [main = -1] = outputs;
    const rebuilt = options.rebuild(main, gradient);
    if (rebuilt !== undefined) {
      copies.set(main, rebuilt);
      continue;
    }
    const results = trace.record(
      operation,
      inputs.map(view),
      outputs.map((value) => trace.tensor(value)),
    );
    for (const [index, result] of results.entries()) copies.set(outputs[index] ?? -1, result);
  }
  return view;
}

/** 0, but only once the gradient is known. */
function zeroOf(gradient: Tensor): Tensor {
  let first = gradient;
  for (let axis = 0; axis < gradient.shape.length; axis++) first = slice(first, axis, 0, 1);
  return mul(reshape(first, []), 0);
}
