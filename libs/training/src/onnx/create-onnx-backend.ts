import type {
  TensorBackend,
  TensorData,
  TensorDType,
  TensorGraph,
  TensorState,
} from '@espalier/core';
import type * as Ort from 'onnxruntime-node';
import { checkFeeds } from '../backends/check-feeds.js';
import { stateEntries } from '../backends/state-entries.js';
import { BackendMissingError, BackendRunError, FeedMismatchError } from '../errors.js';
import { describeType, sameShape } from '../tensor/trace.js';
import { createKeptValues, type KeptValue, type KeptValues } from './internal/kept-values.js';
import { lowerGraph, onnxTypeOf } from './internal/lower-graph.js';
import {
  planFusedUpdates,
  type FusedPlan,
  type FusedSource,
} from './internal/plan-fused-updates.js';

/** Options of {@link createOnnxBackend}. */
export interface OnnxBackendOptions {
  /** Threads inside one operation. Default 1: more threads cost more CPU time than they save on small models. */
  readonly threads?: number;
  /** ONNX Runtime's execution provider. Default `cpu`. */
  readonly executionProvider?: 'cpu' | 'webgpu' | 'cuda';
}

/** Types of states that a program widens where it uses them. */
const WIDENED: ReadonlySet<TensorDType> = new Set(['uint8', 'int8', 'float16', 'bfloat16']);

/**
 * Creates the backend that runs each program as one graph in stock ONNX Runtime.
 *
 * States stay in buffers that the runtime reads in place. New values that come of old ones entry by entry, as an optimizer's
 * do, are computed in one pass over memory that the runtime shares with WebAssembly, 4 GiB of it at most; other updated states
 * have two buffers, swapped after a step.
 *
 * @throws {BackendMissingError} `ERR_TRAINING_BACKEND_MISSING`: the package `onnxruntime-node` does not load.
 */
export async function createOnnxBackend(options: OnnxBackendOptions = {}): Promise<TensorBackend> {
  const ort = await loadRuntime();
  const provider = options.executionProvider ?? 'cpu';
  const threads = options.threads ?? 1;
  const states = new WeakMap<TensorState, KeptValues>();
  const toTensor = (value: TensorData): Ort.Tensor =>
    new ort.Tensor(onnxTypeOf(value.dtype), value.data, value.shape);

  const planFor = (graph: TensorGraph, kept: KeptValues): FusedPlan => {
    const whole: FusedPlan = { rest: graph, updates: [] };
    // Elsewhere values are not in the memory of the process.
    if (provider !== 'cpu') return whole;
    const plan = planFusedUpdates(graph);
    return kept.place(plan.updates) ? plan : whole;
  };

  return {
    specificationVersion: 'v1',
    id: 'onnx',
    description: `ONNX Runtime ${ort.env.versions.node ?? ''}, ${provider}, ${threads} thread${threads === 1 ? '' : 's'}`,
    async createState(initial) {
      const kept = createKeptValues(ort, stateEntries(initial));
      const state: TensorState = {
        get names() {
          return [...kept.values.keys()];
        },
        async read(name) {
          const found = kept.values.get(name);
          if (found === undefined)
            throw new FeedMismatchError({ name, expected: 'a known state', found: 'nothing' });
          return copyOut(found);
        },
        async write(name, value) {
          kept.write(name, value);
        },
        async dispose() {
          kept.clear();
        },
      };
      states.set(state, kept);
      return state;
    },
    async compile(graph, { state, abortSignal } = {}) {
      abortSignal?.throwIfAborted();
      const kept =
        (state === undefined ? undefined : states.get(state)) ?? createKeptValues(ort, []);
      const { rest, updates } = planFor(graph, kept);
      const lowered = lowerGraph(rest);
      const widens = graph.states.some(({ value }) =>
        WIDENED.has(graph.values[value]?.dtype ?? 'float32'),
      );
      const session = await guarded('onnx', () =>
        ort.InferenceSession.create(lowered.bytes, {
          executionProviders: [provider],
          intraOpNumThreads: threads,
          interOpNumThreads: 1,
          executionMode: 'sequential',
          graphOptimizationLevel: 'all',
          // A plan of all buffers at once would keep the widened weights' room from one step to the next.
          enableMemPattern: !widens,
          logSeverityLevel: 3,
          extra: {
            session: {
              set_denormal_as_zero: '1',
              intra_op: { allow_spinning: '0' },
              // What is dequantised here is a weight for float32 kernels, not a mark that a kernel is to be quantised.
              disable_quant_qdq: '1',
            },
          },
        }),
      );
      return {
        async step(feeds) {
          checkFeeds(graph, feeds);
          const inputs: Record<string, Ort.Tensor> = {};
          for (const [name, full] of lowered.feeds) {
            const value = feeds[name];
            if (value !== undefined) inputs[full] = toTensor(value);
          }
          for (const { name, value } of graph.states) {
            const type = graph.values[value];
            const found = kept.values.get(name);
            if (type === undefined) continue;
            if (found?.dtype !== type.dtype || !sameShape(found.present.dims, type.shape))
              throw new FeedMismatchError({
                name,
                expected: `a state ${describeType(type)}`,
                found:
                  found === undefined
                    ? 'nothing'
                    : describeType({ dtype: found.dtype, shape: found.present.dims }),
              });
          }
          if (!kept.place(updates))
            throw new BackendRunError({
              backend: 'onnx',
              problem: 'the state has grown too large',
            });
          for (const [name, full] of lowered.states) {
            const found = kept.values.get(name);
            if (found !== undefined) inputs[full] = found.present;
          }
          const fetches: Record<string, Ort.Tensor | null> = {};
          for (const full of lowered.outputs.values()) fetches[full] = null;
          for (const update of updates)
            for (const [index, source] of update.arrays.entries()) {
              const full = lowered.outputs.get(source.name);
              const room = kept.computed(update, index);
              if (source.kind === 'computed' && full !== undefined && room !== undefined)
                fetches[full] = room;
            }
          const updated = [...lowered.updates].flatMap(([name, full]) => {
            const found = kept.values.get(name);
            return found === undefined ? [] : [[full, found] as const];
          });
          for (const [full, found] of updated) fetches[full] = kept.spare(found);
          const results = await guarded('onnx', () => session.run(inputs, fetches));
          for (const [, found] of updated) kept.swap(found);
          const scalarOf = (source: FusedSource): number => {
            if (source.kind !== 'computed') return Number(feeds[source.name]?.data[0]);
            return Number(results[lowered.outputs.get(source.name) ?? source.name]?.data[0]);
          };
          for (const update of updates) kept.run(update, update.scalars.map(scalarOf));
          return Object.fromEntries(
            graph.outputs.flatMap(({ name, value }) => {
              const found = results[lowered.outputs.get(name) ?? name];
              const type = graph.values[value];
              return found === undefined || type === undefined
                ? []
                : [[name, asData(found, type.dtype)] as const];
            }),
          );
        },
        async dispose() {
          await session.release();
        },
      };
    },
    async dispose() {
      // Sessions are released by their programs.
    },
  };
}

async function loadRuntime(): Promise<typeof Ort> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new BackendMissingError({
      backend: 'onnx',
      requirement: 'the package "onnxruntime-node" (`npm install onnxruntime-node`)',
      cause,
    });
  }
}

async function guarded<T>(backend: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new BackendRunError({ backend, problem, cause });
  }
}

function asData(tensor: Ort.Tensor, dtype: TensorDType): TensorData {
  return { dtype, shape: tensor.dims, data: tensor.data as TensorData['data'] };
}

function copyOut({ present, dtype }: KeptValue): TensorData {
  const value = asData(present, dtype);
  return { ...value, data: value.data.slice() };
}
