import type { OnnxAttribute, OnnxInitializer, OnnxNode } from '../onnx/internal/onnx-messages.js';

/** A tensor that is stored with the graph; its bytes are asked for when they are written. */
export interface StoredInitializer {
  readonly name: string;
  readonly dtype: OnnxInitializer['dtype'];
  readonly shape: readonly number[];
  readonly load: () => Promise<Uint8Array> | Uint8Array;
}

/** Builds an ONNX graph node by node; each operation gives the name of its result. */
export interface OnnxBuilder {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly StoredInitializer[];
  op(
    this: void,
    type: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): string;
  /** The results of an operation that has more than one. */
  ops(this: void, type: string, inputs: readonly string[], count: number): readonly string[];
  /** Gives a result the name under which the graph puts it out. */
  output(this: void, name: string, value: string): void;
  ints(this: void, values: readonly number[]): string;
  int(this: void, value: number): string;
  float(this: void, value: number): string;
  floats(this: void, name: string, shape: readonly number[], values: Float32Array): string;
  /** A stored tensor; the same name twice is the same tensor. */
  store(this: void, initializer: StoredInitializer): string;
}

/** Begins an empty graph. */
export function createOnnxBuilder(): OnnxBuilder {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, StoredInitializer>();
  const store = (initializer: StoredInitializer): string => {
    initializers.set(initializer.name, initializers.get(initializer.name) ?? initializer);
    return initializer.name;
  };
  const bytesOf = (data: Float32Array | BigInt64Array): Uint8Array =>
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const integers = (name: string, shape: readonly number[], values: readonly number[]): string => {
    const data = BigInt64Array.from(values.map(BigInt));
    return store({ name, dtype: 'int64', shape, load: () => bytesOf(data) });
  };
  const floats = (name: string, shape: readonly number[], values: Float32Array): string =>
    store({ name, dtype: 'float32', shape, load: () => bytesOf(values) });
  const ops: OnnxBuilder['ops'] = (type, inputs, count) => {
    const outputs = Array.from({ length: count }, (_, i) => `n${nodes.length}_${i}`);
    nodes.push({ type, inputs, outputs });
    return outputs;
  };
  return {
    nodes,
    get initializers() {
      return [...initializers.values()];
    },
    op(type, inputs, attributes) {
      const name = `n${nodes.length}`;
      nodes.push({ type, inputs, outputs: [name], ...(attributes && { attributes }) });
      return name;
    },
    ops,
    output(name, value) {
      nodes.push({ type: 'Identity', inputs: [value], outputs: [name] });
    },
    ints: (values) => integers(`ints:${values.join(',')}`, [values.length], values),
    int: (value) => integers(`int:${value}`, [], [value]),
    float: (value) => floats(`float:${value}`, [], Float32Array.of(value)),
    floats,
    store,
  };
}
