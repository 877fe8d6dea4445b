import type { TensorBackend, TensorData, TensorDType, TensorState } from '@espalier/core';
import type * as Ort from 'onnxruntime-node';
import { checkFeeds } from '../backends/check-feeds.js';
import { zeros } from '../backends/internal/zeros.js';
import { stateEntries } from '../backends/state-entries.js';
import { BackendMissingError, BackendRunError, FeedMismatchError } from '../errors.js';
import { describeType, sameShape } from '../tensor/trace.js';
import { lowerGraph, onnxTypeOf } from './internal/lower-graph.js';

/** Options of {@link createOnnxBackend}. */
export interface OnnxBackendOptions {
  /** Threads inside one operation. Default 1: more threads cost more CPU time than they save on small models. */
  readonly threads?: number;
  /** ONNX Runtime's execution provider. Default `cpu`. */
  readonly executionProvider?: 'cpu' | 'webgpu' | 'cuda';
}

/** Types of states that a program widens where it uses them. */
const WIDENED: ReadonlySet<TensorDType> = new Set(['uint8', 'int8', 'float16', 'bfloat16']);

/** A kept value and the buffer that its next value is written to. */
interface Slot {
  readonly dtype: TensorDType;
  present: Ort.Tensor;
  spare: Ort.Tensor | undefined;
}

/**
 * Creates the backend that runs each program as one graph in stock ONNX Runtime.
 *
 * States stay in buffers that the runtime reads and writes in place: two for each updated state, swapped after a step.
 *
 * @throws {BackendMissingError} `ERR_TRAINING_BACKEND_MISSING`: the package `onnxruntime-node` does not load.
 */
export async function createOnnxBackend(options: OnnxBackendOptions = {}): Promise<TensorBackend> {
  const ort = await loadRuntime();
  const provider = options.executionProvider ?? 'cpu';
  const threads = options.threads ?? 1;
  const slots = new WeakMap<TensorState, Map<string, Slot>>();
  const toTensor = (value: TensorData): Ort.Tensor =>
    new ort.Tensor(onnxTypeOf(value.dtype), value.data, value.shape);
  const newSlot = (value: TensorData): Slot => ({
    dtype: value.dtype,
    present: toTensor(value),
    spare: undefined,
  });

  return {
    specificationVersion: 'v1',
    id: 'onnx',
    description: `ONNX Runtime ${ort.env.versions.node ?? ''}, ${provider}, ${threads} thread${threads === 1 ? '' : 's'}`,
    async createState(initial) {
      const kept = new Map<string, Slot>();
      for (const [name, value] of stateEntries(initial)) kept.set(name, newSlot(value));
      const state: TensorState = {
        get names() {
          return [...kept.keys()];
        },
        async read(name) {
          const slot = kept.get(name);
          if (slot === undefined)
            throw new FeedMismatchError({ name, expected: 'a known state', found: 'nothing' });
          return copyOut(slot);
        },
        async write(name, value) {
          kept.set(name, newSlot({ ...value, data: value.data.slice() }));
        },
        async dispose() {
          kept.clear();
        },
      };
      slots.set(state, kept);
      return state;
    },
    async compile(graph, { state, abortSignal } = {}) {
      abortSignal?.throwIfAborted();
      const lowered = lowerGraph(graph);
      const widens = graph.states.some(({ value }) =>
        WIDENED.has(graph.values[value]?.dtype ?? 'float32'),
      );
      const kept = (state === undefined ? undefined : slots.get(state)) ?? new Map<string, Slot>();
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
            const found = kept.get(name);
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
            inputs[lowered.states.get(name) ?? name] = found.present;
          }
          const fetches: Record<string, Ort.Tensor | null> = {};
          for (const full of lowered.outputs.values()) fetches[full] = null;
          for (const [name, full] of lowered.updates) {
            const slot = kept.get(name);
            if (slot === undefined) continue;
            slot.spare ??= toTensor({
              dtype: slot.dtype,
              shape: slot.present.dims,
              data: zeros(slot.dtype, slot.present.size),
            });
            fetches[full] = slot.spare;
          }
          const results = await guarded('onnx', () => session.run(inputs, fetches));
          for (const name of lowered.updates.keys()) {
            const slot = kept.get(name);
            if (slot?.spare === undefined) continue;
            [slot.present, slot.spare] = [slot.spare, slot.present];
          }
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

function copyOut({ present, dtype }: Slot): TensorData {
  const value = asData(present, dtype);
  return { ...value, data: value.data.slice() };
}
