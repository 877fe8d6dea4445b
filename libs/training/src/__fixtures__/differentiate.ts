import type { TensorGraph } from '@espalier/core';
import { gradients } from '../autodiff/gradients.js';
import { createTrace, type Tensor } from '../tensor/trace.js';

/** Traces a program again, with the gradients of its output `loss` as outputs `gradient:<name>`. */
export function differentiate(graph: TensorGraph, names: readonly string[]): TensorGraph {
  const trace = createTrace();
  const tensors = new Map<number, Tensor>();
  const named = new Map<string, Tensor>();
  const typeOf = (value: number) => graph.values[value] ?? { dtype: 'float32' as const, shape: [] };
  for (const { name, value } of graph.feeds) {
    const tensor = trace.feed(name, typeOf(value));
    tensors.set(value, tensor);
    named.set(name, tensor);
  }
  for (const { name, value } of graph.states) {
    const tensor = trace.state(name, typeOf(value));
    tensors.set(value, tensor);
    named.set(name, tensor);
  }
  for (const { value, data } of graph.constants) tensors.set(value, trace.constant(data));
  for (const { operation, inputs, outputs } of graph.nodes) {
    const results = trace.record(
      operation,
      inputs.flatMap((value) => tensors.get(value) ?? []),
      outputs.map(typeOf),
    );
    for (const [index, result] of results.entries()) tensors.set(outputs[index] ?? -1, result);
  }
  for (const { name, value } of graph.outputs) {
    const tensor = tensors.get(value);
    if (tensor === undefined) continue;
    trace.output(name, tensor);
    if (name !== 'loss') continue;
    const wanted = names.flatMap((key) => named.get(key) ?? []);
    for (const [index, gradient] of gradients(tensor, wanted).entries())
      trace.output(`gradient:${names[index] ?? ''}`, gradient);
  }
  return trace.finish();
}
