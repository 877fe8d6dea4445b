import { TraceError } from '../errors.js';
import { add, scalar } from '../tensor/elementwise.js';
import { sameShape, type Tensor } from '../tensor/trace.js';
import { pullBack } from './pull-back.js';
import { createRebuildStored } from './rebuild-stored.js';
import { createRecomputation, type Segment } from './recomputation.js';

/**
 * The gradients of a scalar with respect to tensors of its trace, as tensors of the same trace (reverse mode).
 *
 * A tensor that the scalar does not depend on has no gradient, which is an error: it would never be trained.
 *
 * @throws {TraceError} `ERR_TRAINING_TRACE`: not a scalar, or independent of one of the tensors.
 */
export function gradients(
  loss: Tensor,
  wrt: readonly Tensor[],
  options: {
    /** Parts of the forward pass that are computed again instead of kept. */
    readonly segments?: readonly Segment[];
  } = {},
): Tensor[] {
  if (!sameShape(loss.shape, []) || loss.dtype !== 'float32')
    throw new TraceError({ operation: 'gradients', problem: 'the loss must be a float32 scalar' });
  const { trace } = loss;
  const nodes = [...trace.nodes];
  const needed = new Set(wrt.map(({ value }) => value));
  for (const node of nodes) {
    if (node.inputs.some((input) => needed.has(input)))
      for (const output of node.outputs) needed.add(output);
  }
  const byValue = new Map<number, Tensor>([[loss.value, scalar(trace, 1)]]);
  const rebuild = createRebuildStored(trace, nodes);
  const views = createRecomputation(trace, nodes, options.segments ?? [], rebuild);
  for (const [index, node] of [...nodes.entries()].reverse()) {
    const [main] = node.outputs;
    const gradient = main === undefined ? undefined : byValue.get(main);
    if (gradient === undefined || main === undefined || !needed.has(main)) continue;
    const kept = views(index, gradient);
    const view = (value: number): Tensor => rebuild(value, gradient) ?? kept(value);
    const pulled = pullBack({
      operation: node.operation,
      inputs: node.inputs.map(view),
      outputs: node.outputs.map(view),
      gradient,
      isNeeded: (place) => needed.has(node.inputs[place] ?? -1),
    });
    for (const [place, part] of pulled.entries()) {
      const input = node.inputs[place];
      if (part === undefined || input === undefined || !needed.has(input)) continue;
      const sofar = byValue.get(input);
      byValue.set(input, sofar === undefined ? part : add(sofar, part));
    }
  }
  return wrt.map((tensor, index) => {
    const gradient = byValue.get(tensor.value);
    if (gradient !== undefined) return gradient;
    throw new TraceError({
      operation: 'gradients',
      problem: `the loss does not depend on tensor ${index}`,
    });
  });
}
