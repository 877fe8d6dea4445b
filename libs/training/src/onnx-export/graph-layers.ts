import { readMerged } from '../lora/merge-adapter.js';
import { MASKED } from '../models/attention-bias.js';
import type { ModelConfig } from '../models/model-config.js';
import type { ModelSource } from '../models/open-model-source.js';
import type { OnnxBuilder } from './onnx-builder.js';
import { quantiseRows } from './quantise-rows.js';

/** What a model's graph is built with. */
export interface GraphLayers {
  readonly builder: OnnxBuilder;
  /** A weight as it is stored, in float32. */
  weight(this: void, name: string): string;
  /** x Wᵀ + b; with whole numbers of eight bits the inputs are rounded anew in each run. */
  linear(
    this: void,
    name: string,
    x: string,
    options: { hasBias: boolean; isConv1d?: boolean },
  ): string;
  /** x Eᵀ for a table E that is also looked up in. */
  tiedLinear(this: void, table: string, x: string): string;
  lookUp(this: void, table: string, ids: string): string;
  layerNorm(this: void, name: string, x: string): string;
  rmsNorm(this: void, name: string, x: string): string;
  activate(this: void, x: string): string;
  /** [batch, length, heads · width] to [batch, heads, length, width]. */
  splitHeads(this: void, x: string, heads: number, width: number): string;
  joinHeads(this: void, x: string): string;
  /** softmax(q kᵀ / √width + bias) v, with fewer heads of keys repeated. */
  attend(
    this: void,
    options: {
      q: string;
      k: string;
      v: string;
      bias: string;
      heads: number;
      keyValueHeads: number;
      width: number;
    },
  ): string;
}

/** Layers over the weights of a source, its adapter merged in. */
export function createGraphLayers(
  builder: OnnxBuilder,
  source: ModelSource,
  isQuantised: boolean,
): GraphLayers {
  const { op, ints, float } = builder;
  const { config } = source;
  const shapeOf = (name: string): readonly number[] => source.shapes.get(name) ?? [];
  const weight = (name: string): string =>
    builder.store({
      name,
      dtype: 'float32',
      shape: shapeOf(name),
      load: async () => bytes(await readMerged(source, name)),
    });
  /** A matrix [rows, columns] in eight bits with a scale for each row. */
  const eightBits = (name: string, isTurned: boolean) => {
    const [first = 1, second = 1] = shapeOf(name);
    const [rows, columns] = isTurned ? [second, first] : [first, second];
    const read = async () => {
      const values = await readMerged(source, name);
      return quantiseRows(isTurned ? turn(values, first, second) : values, rows);
    };
    return {
      levels: builder.store({
        name: `${name}:levels`,
        dtype: 'uint8',
        shape: [rows, columns],
        load: async () => (await read()).levels,
      }),
      scales: builder.store({
        name: `${name}:scales`,
        dtype: 'float32',
        shape: [rows],
        load: async () => bytes((await read()).scales),
      }),
      zero: builder.store({
        name: 'levels:zero',
        dtype: 'uint8',
        shape: [],
        load: () => Uint8Array.of(128),
      }),
    };
  };
  const multiply = (name: string, x: string, isTurned: boolean): string => {
    if (!isQuantised)
      return op('MatMul', [x, isTurned ? weight(name) : op('Transpose', [weight(name)])]);
    const { levels, scales, zero } = eightBits(name, isTurned);
    const [rounded = '', step = '', middle = ''] = builder.ops('DynamicQuantizeLinear', [x], 3);
    const turned = op('Transpose', [levels]);
    const sums = op('Cast', [op('MatMulInteger', [rounded, turned, middle, zero])], { to: 1 });
    return op('Mul', [sums, op('Mul', [scales, step])]);
  };
  const layers: GraphLayers = {
    builder,
    weight,
    linear(name, x, { hasBias, isConv1d = false }) {
      const y = multiply(`${name}.weight`, x, isConv1d);
      return hasBias ? op('Add', [y, weight(`${name}.bias`)]) : y;
    },
    tiedLinear: (table, x) => multiply(table, x, false),
    lookUp(table, ids) {
      if (!isQuantised) return op('Gather', [weight(table), ids]);
      const { levels, scales, zero } = eightBits(table, false);
      const rows = op('Cast', [op('Gather', [levels, ids])], { to: 1 });
      const centred = op('Sub', [rows, op('Cast', [zero], { to: 1 })]);
      return op('Mul', [centred, op('Unsqueeze', [op('Gather', [scales, ids]), ints([-1])])]);
    },
    layerNorm: (name, x) =>
      op('LayerNormalization', [x, weight(`${name}.weight`), weight(`${name}.bias`)], {
        axis: -1,
        epsilon: { float: config.epsilon },
      }),
    rmsNorm(name, x) {
      const square = op('ReduceMean', [op('Mul', [x, x]), ints([-1])]);
      const root = op('Sqrt', [op('Add', [square, float(config.epsilon)])]);
      return op('Mul', [op('Div', [x, root]), weight(`${name}.weight`)]);
    },
    activate: (x) => activation(builder, config, x),
    splitHeads: (x, heads, width) =>
      op('Transpose', [op('Reshape', [x, ints([0, 0, heads, width])])], { perm: [0, 2, 1, 3] }),
    joinHeads: (x) =>
      op('Reshape', [op('Transpose', [x], { perm: [0, 2, 1, 3] }), ints([0, 0, -1])]),
    attend({ q, k, v, bias, heads, keyValueHeads, width }) {
      const all = (x: string): string => {
        if (heads === keyValueHeads) return x;
        const repeated = op('Expand', [
          op('Unsqueeze', [x, ints([2])]),
          ints([1, 1, heads / keyValueHeads, 1, 1]),
        ]);
        return op('Reshape', [repeated, ints([0, heads, -1, width])]);
      };
      const turned = op('Transpose', [all(k)], { perm: [0, 1, 3, 2] });
      const scores = op('Mul', [op('MatMul', [q, turned]), float(1 / Math.sqrt(width))]);
      const shares = op('Softmax', [op('Add', [scores, bias])], { axis: -1 });
      return op('MatMul', [shares, all(v)]);
    },
  };
  return layers;
}

/** 0 where a token is seen, else very negative; [batch, 1, length, length] with `isCausal`, else [batch, 1, 1, length]. */
export function maskBias(
  { op, ints, int, float }: OnnxBuilder,
  { positions, isCausal, window }: { positions: string; isCausal: boolean; window?: number },
): string {
  const isToken = op('Cast', [op('Unsqueeze', ['attention_mask', ints([1, 2])])], { to: 9 });
  let isSeen = isToken;
  if (isCausal) {
    const [row, column] = [
      op('Unsqueeze', [positions, ints([1])]),
      op('Unsqueeze', [positions, ints([0])]),
    ];
    isSeen = op('And', [isSeen, op('LessOrEqual', [column, row])]);
    if (window !== undefined)
      isSeen = op('And', [isSeen, op('Less', [op('Sub', [row, int(window)]), column])]);
  }
  return op('Where', [isSeen, float(0), float(MASKED)]);
}

function activation({ op, float }: OnnxBuilder, config: ModelConfig, x: string): string {
  const half = (factor: string): string => op('Mul', [op('Mul', [x, float(0.5)]), factor]);
  switch (config.activation) {
    case 'relu':
      return op('Relu', [x]);
    case 'silu':
      return op('Mul', [x, op('Sigmoid', [x])]);
    case 'gelu':
      return half(op('Add', [op('Erf', [op('Mul', [x, float(Math.SQRT1_2)])]), float(1)]));
    case 'gelu_new': {
      const cube = op('Mul', [op('Mul', [x, x]), op('Mul', [x, float(0.044715)])]);
      const inner = op('Mul', [op('Add', [x, cube]), float(Math.sqrt(2 / Math.PI))]);
      return half(op('Add', [op('Tanh', [inner]), float(1)]));
    }
  }
}

function bytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function turn(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c] ?? 0;
  return out;
}
