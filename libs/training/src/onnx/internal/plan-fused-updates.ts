import type { TensorGraph, TensorNode, TensorType } from '@espalier/core';
import type { FusedKind, FusedOperand, FusedStep } from './fused-kernel.js';

/** Where a kernel finds an input. */
export type FusedSource =
  | { readonly kind: 'state' | 'feed'; readonly name: string }
  /** Computed by the rest of the program, which hands it out under this name. */
  | { readonly kind: 'computed'; readonly name: string; readonly value: number };

/** Updates of states of one shape that are computed entry by entry in one pass. */
export interface FusedUpdate {
  readonly type: TensorType;
  readonly arrays: readonly FusedSource[];
  readonly scalars: readonly FusedSource[];
  readonly steps: readonly FusedStep[];
  readonly stores: readonly { readonly name: string; readonly from: FusedOperand }[];
}

/** A program taken apart: what is left of it hands out what the updates need. */
export interface FusedPlan {
  readonly rest: TensorGraph;
  readonly updates: readonly FusedUpdate[];
}

const KINDS: ReadonlySet<string> = new Set<FusedKind>([
  'add',
  'sub',
  'mul',
  'div',
  'minimum',
  'maximum',
  'sqrt',
  'neg',
  'abs',
  'sign',
]);

/**
 * Finds the ends of a program that compute new values of states entry by entry, such as an optimizer's.
 *
 * They are taken out where that hands out no more values than it saves: new values need not leave the runtime then, only
 * what they are computed from.
 */
export function planFusedUpdates(graph: TensorGraph): FusedPlan {
  const candidates = fusableNodes(graph);
  const states = new Map(graph.states.map(({ name, value }) => [value, name]));
  const groups = groupNodes(graph, candidates, states);
  const updates: FusedUpdate[] = [];
  const taken = new Set<TensorNode>();
  for (const whole of groups) {
    // What reads no state may be left to the rest of the program, which then hands out its result.
    const [best] = [whole, nodesThatReadStates(whole, states)]
      .flatMap((nodes) => {
        const update = describeUpdate(graph, nodes, states);
        return update === undefined ? [] : [{ nodes, update, cost: computedCount(update) }];
      })
      .sort((a, b) => a.cost - b.cost);
    if (best === undefined || best.cost > best.update.stores.length) continue;
    updates.push(best.update);
    for (const node of best.nodes) taken.add(node);
  }
  const stored = new Set(updates.flatMap(({ stores }) => stores.map(({ name }) => name)));
  const rest = {
    ...graph,
    nodes: graph.nodes.filter((node) => !taken.has(node)),
    updates: graph.updates.filter(({ name }) => !stored.has(name)),
    outputs: [...graph.outputs, ...computedSources(updates)],
  };
  // A runtime takes no program without results.
  if (rest.outputs.length + rest.updates.length === 0) return { rest: graph, updates: [] };
  return { rest: { ...rest, ...usedInputs(rest) }, updates };
}

/** Tensors that the rest of a program hands out for an update. */
const computedCount = ({ arrays }: FusedUpdate): number =>
  arrays.filter(({ kind }) => kind === 'computed').length;

/** The nodes of a group that a state goes into, itself or by other nodes. */
function nodesThatReadStates(
  nodes: readonly TensorNode[],
  states: ReadonlyMap<number, string>,
): TensorNode[] {
  const touched = new Set(states.keys());
  return nodes.filter(({ inputs, outputs }) => {
    if (!inputs.some((input) => touched.has(input))) return false;
    for (const output of outputs) touched.add(output);
    return true;
  });
}

function computedSources(updates: readonly FusedUpdate[]): { name: string; value: number }[] {
  const named = new Map<string, number>();
  for (const source of updates.flatMap(({ arrays, scalars }) => [...arrays, ...scalars]))
    if (source.kind === 'computed') named.set(source.name, source.value);
  return Array.from(named, ([name, value]) => ({ name, value }));
}

/** The states, feeds and constants that are left over. */
function usedInputs({ nodes, outputs, updates, ...graph }: TensorGraph) {
  const used = new Set([
    ...nodes.flatMap(({ inputs }) => inputs),
    ...[...outputs, ...updates].map(({ value }) => value),
  ]);
  const updated = new Set(updates.map(({ name }) => name));
  return {
    states: graph.states.filter(({ name, value }) => used.has(value) || updated.has(name)),
    feeds: graph.feeds.filter(({ value }) => used.has(value)),
    constants: graph.constants.filter(({ value }) => used.has(value)),
  };
}

const isScalar = (type: TensorType | undefined): boolean => type?.shape.length === 0;

/** Entry by entry, in float32, and of use for nothing but updates. */
function fusableNodes(graph: TensorGraph): Set<TensorNode> {
  const found = new Set<TensorNode>();
  const updated = new Set(graph.updates.map(({ value }) => value));
  // Values that something else than a fused node reads.
  const others = new Set(graph.outputs.map(({ value }) => value));
  const read = new Set<number>();
  for (const node of graph.nodes.toReversed()) {
    const [output = -1] = node.outputs;
    const type = graph.values[output];
    const isFit =
      type !== undefined &&
      KINDS.has(node.operation.kind) &&
      !isScalar(type) &&
      !others.has(output) &&
      (updated.has(output) || read.has(output)) &&
      node.inputs.every((input) => {
        const found = graph.values[input];
        return (
          found?.dtype === 'float32' &&
          (isScalar(found) || found.shape.join() === type.shape.join())
        );
      });
    if (isFit) found.add(node);
    for (const input of node.inputs) (isFit ? read : others).add(input);
  }
  return found;
}

/** Nodes that hang together by values or by states. In each group they keep their order. */
function groupNodes(
  graph: TensorGraph,
  nodes: ReadonlySet<TensorNode>,
  states: ReadonlyMap<number, string>,
): TensorNode[][] {
  const targets = new Map<number, string[]>();
  for (const { name, value } of graph.updates)
    targets.set(value, [...(targets.get(value) ?? []), name]);
  const parent = new Map<string, string>();
  const root = (key: string): string => {
    const above = parent.get(key);
    return above === undefined || above === key ? key : root(above);
  };
  const keysOf = ({ inputs, outputs }: TensorNode): string[] => [
    ...outputs.map((value) => `value ${value}`),
    ...outputs.flatMap((value) => (targets.get(value) ?? []).map((name) => `state ${name}`)),
    ...inputs.flatMap((value) => {
      const state = states.get(value);
      if (state !== undefined) return `state ${state}`;
      return isScalar(graph.values[value]) ? [] : `value ${value}`;
    }),
  ];
  for (const node of nodes) {
    const [first = '', ...more] = keysOf(node);
    for (const key of more) parent.set(root(key), root(first));
  }
  const groups = new Map<string, TensorNode[]>();
  for (const node of graph.nodes) {
    if (!nodes.has(node)) continue;
    const key = root(keysOf(node)[0] ?? '');
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return [...groups.values()];
}

/** A group as one pass; undefined where it reads what no kernel is given. */
function describeUpdate(
  graph: TensorGraph,
  nodes: readonly TensorNode[],
  states: ReadonlyMap<number, string>,
): FusedUpdate | undefined {
  const own = new Map(nodes.map(({ outputs }, index) => [outputs[0] ?? -1, index]));
  const feeds = new Map(graph.feeds.map(({ name, value }) => [value, name]));
  const constants = new Map(graph.constants.map(({ value, data }) => [value, data]));
  const arrays = new Map<number, FusedSource>();
  const scalars = new Map<number, FusedSource>();
  let hasUnfit = false;
  const operand = (value: number): FusedOperand => {
    const step = own.get(value);
    if (step !== undefined) return { kind: 'step', index: step };
    const isOne = isScalar(graph.values[value]);
    const constant = constants.get(value);
    if (constant !== undefined) {
      hasUnfit ||= !isOne;
      return { kind: 'constant', value: constant.data[0] ?? 0 };
    }
    const [state, feed] = [states.get(value), feeds.get(value)];
    hasUnfit ||= isOne ? state !== undefined : feed !== undefined;
    const inputs = isOne ? scalars : arrays;
    if (!inputs.has(value)) {
      const name = state ?? feed;
      inputs.set(
        value,
        name === undefined
          ? { kind: 'computed', name: `fused:${value}`, value }
          : { kind: state === undefined ? 'feed' : 'state', name },
      );
    }
    return { kind: isOne ? 'scalar' : 'array', index: [...inputs.keys()].indexOf(value) };
  };
  const steps = nodes.map(({ operation, inputs }): FusedStep => ({
    kind: operation.kind as FusedKind,
    operands: inputs.map(operand),
  }));
  const stores = graph.updates.flatMap(({ name, value }) => {
    const index = own.get(value);
    return index === undefined ? [] : { name, from: { kind: 'step', index } as const };
  });
  const type = graph.values[nodes[0]?.outputs[0] ?? -1];
  if (hasUnfit || type === undefined || stores.length === 0) return undefined;
  return { type, arrays: [...arrays.values()], scalars: [...scalars.values()], steps, stores };
}
