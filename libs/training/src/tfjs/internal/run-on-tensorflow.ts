import type {
  TensorBackend,
  TensorData,
  TensorGraph,
  TensorPrecision,
  TensorState,
  TensorType,
} from '@espalier/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFeeds } from '../../backends/check-feeds.js';
import { stateEntries } from '../../backends/state-entries.js';
import { BackendRunError, FeedMismatchError } from '../../errors.js';
import { describeType, sameShape } from '../../tensor/trace.js';
import { runNode, type KernelTraits, type TensorFlow } from './run-node.js';
import {
  fromWorking,
  storeData,
  storeWorking,
  toWorking,
  unpack,
  type StoredTensor,
} from './stored-tensor.js';

/** What {@link createTensorFlowBackend} takes. */
export interface TensorFlowBackendOptions {
  readonly tf: TensorFlow;
  /** The backend's id here, `tfjs`. */
  readonly id: string;
  readonly description: string;
  readonly precision?: TensorPrecision;
  /** Its name in TensorFlow.js, `cpu`. */
  readonly kernels: string;
  readonly traits: KernelTraits;
}

/** Creates a backend that runs programs node by node with TensorFlow.js, on the kernels of the given name. */
export function createTensorFlowBackend(options: TensorFlowBackendOptions): TensorBackend {
  const { tf, id } = options;
  const states = new WeakMap<TensorState, Map<string, StoredTensor>>();
  const toTensor = (value: TensorData): Tensor => toWorking(tf, value);
  const readStored = async (stored: StoredTensor): Promise<TensorData> => {
    const working = stored.isPacked ? tf.tidy(() => unpack(tf, stored)) : stored.tensor;
    try {
      return await fromWorking(working, stored);
    } finally {
      if (stored.isPacked) working.dispose();
    }
  };
  const failed = (cause: unknown): BackendRunError => {
    const problem = cause instanceof Error ? cause.message : String(cause);
    return new BackendRunError({ backend: id, problem, cause });
  };
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw failed(cause);
    }
  };
  /** Another backend of this process may have been active in between. */
  const activate = async (): Promise<void> => {
    if (tf.getBackend() === options.kernels) return;
    const isReady = await tf.setBackend(options.kernels);
    if (!isReady)
      throw new BackendRunError({ backend: id, problem: `"${options.kernels}" does not start` });
  };
  return {
    specificationVersion: 'v1',
    id,
    description: options.description,
    ...(options.precision && { precision: options.precision }),
    async createState(initial) {
      await activate();
      const kept = new Map<string, StoredTensor>();
      for (const [name, value] of stateEntries(initial)) kept.set(name, storeData(tf, value));
      const state: TensorState = {
        get names() {
          return [...kept.keys()];
        },
        async read(name) {
          const stored = kept.get(name);
          if (stored === undefined)
            throw new FeedMismatchError({ name, expected: 'a known state', found: 'nothing' });
          await activate();
          return readStored(stored);
        },
        async write(name, value) {
          await activate();
          kept.get(name)?.tensor.dispose();
          kept.set(name, storeData(tf, value));
        },
        async dispose() {
          for (const { tensor } of kept.values()) tensor.dispose();
          kept.clear();
        },
      };
      states.set(state, kept);
      return state;
    },
    async compile(graph, { state, abortSignal } = {}) {
      abortSignal?.throwIfAborted();
      await activate();
      const kept =
        (state === undefined ? undefined : states.get(state)) ?? new Map<string, StoredTensor>();
      const constants = new Map<number, Tensor>(
        graph.constants.map(({ value, data }) => [value, tf.keep(toTensor(data))]),
      );
      const lastUses = lastUsesIn(graph);
      return {
        async step(feeds) {
          checkFeeds(graph, feeds);
          checkStates(graph, kept);
          await activate();
          const { outputs, updates } = attempt(() =>
            runGraph({ ...options, graph, constants, lastUses, kept, feeds, toTensor }),
          );
          const dispose = (
            tensors: readonly [string, { dispose(): void }, ...unknown[]][],
          ): void => {
            for (const [, tensor] of tensors) tensor.dispose();
          };
          let results: (readonly [string, TensorData])[];
          try {
            // A device may fail as late as here; nothing is kept of the step then.
            results = await Promise.all(
              outputs.map(
                async ([name, tensor, type]) => [name, await fromWorking(tensor, type)] as const,
              ),
            );
          } catch (cause) {
            for (const [, stored] of updates) stored.tensor.dispose();
            throw failed(cause);
          } finally {
            dispose(outputs);
          }
          for (const [name, stored] of updates) {
            kept.get(name)?.tensor.dispose();
            kept.set(name, stored);
          }
          return Object.fromEntries(results);
        },
        async dispose() {
          for (const tensor of constants.values()) tensor.dispose();
          constants.clear();
        },
      };
    },
    async dispose() {
      // States and programs free what they hold.
    },
  };
}

function checkStates(graph: TensorGraph, kept: ReadonlyMap<string, StoredTensor>): void {
  for (const { name, value } of graph.states) {
    const type = graph.values[value];
    const found = kept.get(name);
    if (type === undefined) continue;
    if (found?.dtype !== type.dtype || !sameShape(found.shape, type.shape))
      throw new FeedMismatchError({
        name,
        expected: `a state ${describeType(type)}`,
        found: found === undefined ? 'nothing' : describeType(found),
      });
  }
}

/** By a node's index: the values that nothing behind it reads. */
function lastUsesIn(graph: TensorGraph): number[][] {
  const isNeeded = new Set(
    [...graph.outputs, ...graph.updates, ...graph.feeds, ...graph.states, ...graph.constants].map(
      ({ value }) => value,
    ),
  );
  const lastUses: number[][] = graph.nodes.map(() => []);
  for (const [index, node] of [...graph.nodes.entries()].toReversed()) {
    for (const value of [...node.inputs, ...node.outputs]) {
      if (isNeeded.has(value)) continue;
      isNeeded.add(value);
      lastUses[index]?.push(value);
    }
  }
  return lastUses;
}

/** Runs a graph once; what it returns outlives the surrounding `tidy`, everything else is freed. */
function runGraph({
  tf,
  traits,
  graph,
  constants,
  lastUses,
  kept,
  feeds,
  toTensor,
}: TensorFlowBackendOptions & {
  readonly graph: TensorGraph;
  readonly constants: ReadonlyMap<number, Tensor>;
  readonly lastUses: readonly (readonly number[])[];
  readonly kept: ReadonlyMap<string, StoredTensor>;
  readonly feeds: Readonly<Record<string, TensorData>>;
  readonly toTensor: (data: TensorData) => Tensor;
}): { outputs: [string, Tensor, TensorType][]; updates: [string, StoredTensor][] } {
  const outputs: [string, Tensor, TensorType][] = [];
  const updates: [string, StoredTensor][] = [];
  tf.tidy(() => {
    const values = new Map<number, Tensor>(constants);
    for (const { name, value } of graph.feeds) {
      const data = feeds[name];
      if (data !== undefined) values.set(value, toTensor(data));
    }
    const packed = new Map<number, StoredTensor>();
    for (const { name, value } of graph.states) {
      const stored = kept.get(name);
      if (stored === undefined) continue;
      if (stored.isPacked) packed.set(value, stored);
      else values.set(value, stored.tensor);
    }
    /** Unpacked anew for each use: it would take four times the memory to keep it so. */
    const valueOf = (value: number): Tensor | undefined => {
      const stored = packed.get(value);
      return stored === undefined ? values.get(value) : unpack(tf, stored);
    };
    for (const [index, node] of graph.nodes.entries()) {
      const types = node.outputs.flatMap((value) => graph.values[value] ?? []);
      const results = tf.tidy(() => {
        const inputs = node.inputs.flatMap((value) => valueOf(value) ?? []);
        return runNode(tf, node, inputs, types, traits);
      });
      for (const [position, tensor] of results.entries())
        values.set(node.outputs[position] ?? -1, tensor);
      for (const value of lastUses[index] ?? []) {
        values.get(value)?.dispose();
        values.delete(value);
      }
    }
    // Copies: one value may be handed out and kept, or be a feed or a state itself.
    for (const { name, value } of graph.outputs) {
      const [tensor, type] = [valueOf(value), graph.values[value]];
      if (tensor !== undefined && type !== undefined)
        outputs.push([name, tf.keep(tf.clone(tensor)), type]);
    }
    for (const { name, value } of graph.updates) {
      const [tensor, type] = [valueOf(value), graph.values[value]];
      if (tensor !== undefined && type !== undefined)
        updates.push([name, storeWorking(tf, tensor, type)]);
    }
  });
  return { outputs, updates };
}
