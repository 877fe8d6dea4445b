import type { TensorData, TensorGraph } from './tensor-graph.js';

/** Named values that a backend keeps between steps, shared by the programs compiled with it. */
export interface TensorState {
  readonly names: readonly string[];
  /** A copy of the present value. */
  read(name: string): Promise<TensorData>;
  /** Sets a value, new or of the type that it had. */
  write(name: string, value: TensorData): Promise<void>;
  /** Frees the values. */
  dispose(): Promise<void>;
}

/** A compiled graph. */
export interface TensorProgram {
  /**
   * Runs the graph once: reads feeds and states, writes the updated states, returns the outputs.
   *
   * After an error no state is changed. Steps of programs that share a state must not overlap.
   */
  step(feeds: Readonly<Record<string, TensorData>>): Promise<Readonly<Record<string, TensorData>>>;
  dispose(): Promise<void>;
}

/** Types that a backend may multiply matrices in. */
export type TensorPrecision = 'float32' | 'bfloat16' | 'float16';

/** Runs tensor programs. */
export interface TensorBackend {
  readonly specificationVersion: 'v1';
  /** E.g. `onnx`, `js`. */
  readonly id: string;
  /** The device and the runtime, for the first line of a log. */
  readonly description: string;
  /** What matrix products are multiplied in; sums and all other operations are in float32. `float32` where it is left out. */
  readonly precision?: TensorPrecision;
  createState(
    initial: Readonly<Record<string, TensorData>> | ReadonlyMap<string, TensorData>,
  ): Promise<TensorState>;
  compile(
    graph: TensorGraph,
    options?: { readonly state?: TensorState; readonly abortSignal?: AbortSignal },
  ): Promise<TensorProgram>;
  dispose(): Promise<void>;
}
