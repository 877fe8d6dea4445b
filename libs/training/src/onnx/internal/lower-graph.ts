import type {
  BinaryKind,
  TensorDType,
  TensorGraph,
  TensorNode,
  TensorType,
  UnaryKind,
} from '@espalier/core';
import { quantisedPairs } from '../../quantise/quantised-levels.js';
import {
  DATA_TYPE,
  modelBytes,
  type OnnxAttribute,
  type OnnxDType,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValue,
} from './onnx-messages.js';

const OPSET = 18;
/** The first with BitCast, which programs need that store 16-bit floating-point numbers. */
const OPSET_OF_HALVES = 26;
const MICROSOFT = 'com.microsoft';

const UNARY: Readonly<Record<Exclude<UnaryKind, 'gelu' | 'geluTanh' | 'silu'>, string>> = {
  neg: 'Neg',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  reciprocal: 'Reciprocal',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  erf: 'Erf',
  relu: 'Relu',
  abs: 'Abs',
  sign: 'Sign',
  not: 'Not',
};
const BINARY: Readonly<Record<BinaryKind, string>> = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  maximum: 'Max',
  minimum: 'Min',
  less: 'Less',
  equal: 'Equal',
  and: 'And',
};

/** Where a graph's values are found in its ONNX model. */
export interface LoweredGraph {
  readonly bytes: Uint8Array;
  /** Names of the model's inputs: `feed:x`, `state:w`. */
  readonly feeds: ReadonlyMap<string, string>;
  readonly states: ReadonlyMap<string, string>;
  /** Names of the model's outputs: `output:loss`, `update:w`. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly updates: ReadonlyMap<string, string>;
}

/** Whether a type is stored as its bits, as JavaScript's arrays hold it. */
function isHalf(dtype: TensorDType): dtype is 'float16' | 'bfloat16' {
  return dtype === 'float16' || dtype === 'bfloat16';
}

/** The type that the runtime is given a value in. */
export function onnxTypeOf(
  dtype: TensorDType,
): Exclude<OnnxDType, 'float16' | 'bfloat16' | 'int64'> {
  return isHalf(dtype) ? 'uint16' : dtype;
}

/** Writes a tensor program as an ONNX model; states become inputs and outputs. */
export function lowerGraph(graph: TensorGraph): LoweredGraph {
  const names = new Map<number, string>();
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxInitializer>();
  const typeOf = (value: number): TensorType =>
    graph.values[value] ?? { dtype: 'float32', shape: [] };
  const outerType = (value: number): OnnxValue => {
    const { dtype, shape } = typeOf(value);
    return { dtype: onnxTypeOf(dtype), shape };
  };
  const nameOf = (value: number): string => names.get(value) ?? `v${value}`;

  const inputs: [string, OnnxValue][] = [];
  const bind = (prefix: string, entries: TensorGraph['feeds']): Map<string, string> =>
    new Map(
      entries.map(({ name, value }) => {
        const full = `${prefix}:${name}`;
        names.set(value, full);
        inputs.push([full, outerType(value)]);
        return [name, full];
      }),
    );
  const feeds = bind('feed', graph.feeds);
  const states = bind('state', graph.states);

  for (const { value, data } of graph.constants) {
    const { buffer, byteOffset, byteLength } = data.data;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const dtype = onnxTypeOf(data.dtype);
    initializers.set(nameOf(value), { name: nameOf(value), ...data, dtype, bytes });
  }
  const integers = (entries: readonly number[], isScalar = false): string => {
    const name = `i${isScalar ? 's' : ''}:${entries.join(',')}`;
    const data = BigInt64Array.from(entries.map(BigInt));
    const shape = isScalar ? [] : [entries.length];
    initializers.set(name, { name, dtype: 'int64', shape, bytes: new Uint8Array(data.buffer) });
    return name;
  };
  const floats = (name: string, shape: readonly number[], entries: ArrayLike<number>): string => {
    const bytes = new Uint8Array(Float32Array.from(entries).buffer);
    initializers.set(name, { name, dtype: 'float32', shape, bytes });
    return name;
  };
  const outputs: [string, OnnxValue][] = [];
  const copies: OnnxNode[] = [];
  const computed = new Set(graph.nodes.flatMap((node) => node.outputs));
  const expose = (prefix: string, entries: TensorGraph['outputs']): Map<string, string> =>
    new Map(
      entries.map(({ name, value }) => {
        const full = `${prefix}:${name}`;
        // What a node computes is handed out under its own name; only what is given or handed out before is copied.
        if (computed.has(value) && !names.has(value)) names.set(value, full);
        else copies.push({ type: 'Identity', inputs: [nameOf(value)], outputs: [full] });
        outputs.push([full, outerType(value)]);
        return [name, full];
      }),
    );
  const lowered = {
    feeds,
    states,
    outputs: expose('output', graph.outputs),
    updates: expose('update', graph.updates),
  };
  for (const node of graph.nodes)
    nodes.push(...lowerNode(node, { nameOf, typeOf, integers, floats }));
  nodes.push(...copies);
  const bytes = modelBytes({
    nodes,
    initializers: [...initializers.values()],
    inputs,
    outputs,
    opset: graph.values.some(({ dtype }) => isHalf(dtype)) ? OPSET_OF_HALVES : OPSET,
  });
  return { bytes, ...lowered };
}

interface Scope {
  nameOf(value: number): string;
  typeOf(value: number): TensorType;
  /** A constant list (or scalar) of int64. */
  integers(entries: readonly number[], isScalar?: boolean): string;
  floats(name: string, shape: readonly number[], entries: ArrayLike<number>): string;
}

function lowerNode(node: TensorNode, scope: Scope): OnnxNode[] {
  const { operation } = node;
  const inputs = node.inputs.map((value) => scope.nameOf(value));
  const outputs = node.outputs.map((value) => scope.nameOf(value));
  const [x = '', y = ''] = inputs;
  const [out = ''] = outputs;
  const shapeOf = (values: readonly number[], index: number): readonly number[] =>
    scope.typeOf(values[index] ?? -1).shape;
  const simple = (
    type: string,
    more: readonly string[] = [],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): OnnxNode[] => [{ type, inputs: [...inputs, ...more], outputs, attributes }];
  const microsoft = (
    type: string,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): OnnxNode[] => [{ type, domain: MICROSOFT, inputs, outputs, attributes }];

  switch (operation.kind) {
    case 'detach':
      return simple('Identity');
    case 'gelu':
      return microsoft('Gelu');
    case 'geluTanh':
      return microsoft('FastGelu');
    case 'silu':
      // Apart, the sigmoid is shared with the gradient; without one the runtime joins them again.
      return [
        { type: 'Sigmoid', inputs: [x], outputs: [`${out}:sigmoid`] },
        { type: 'Mul', inputs: [x, `${out}:sigmoid`], outputs },
      ];
    case 'cast':
      return lowerCast(scope.typeOf(node.inputs[0] ?? -1).dtype, operation.to, { x, out });
    case 'dequantise':
      return lowerDequantise(operation.format, node, scope, { x, y, out });
    case 'after':
      return lowerAfter(scope.typeOf(node.inputs[0] ?? -1), scope, { x, y, out });
    case 'where':
      return simple('Where');
    case 'sum':
      return simple('ReduceSum', [scope.integers(operation.axes)]);
    case 'sumSquare':
      return simple('ReduceSumSquare', [scope.integers(operation.axes)]);
    case 'max':
      return simple('ReduceMax', [scope.integers(operation.axes)]);
    case 'matmul':
      if (!operation.transposeA && !operation.transposeB && operation.scale === 1)
        return simple('MatMul');
      return microsoft('FusedMatMul', {
        transA: Number(operation.transposeA),
        transB: Number(operation.transposeB),
        alpha: { float: operation.scale },
      });
    case 'reshape':
      return simple('Reshape', [scope.integers(operation.shape)]);
    case 'expand':
      return simple('Expand', [scope.integers(operation.shape)]);
    case 'transpose':
      return simple('Transpose', [], { perm: operation.permutation });
    case 'concat':
      return simple('Concat', [], { axis: operation.axis });
    case 'slice':
      return simple('Slice', [
        scope.integers([operation.start]),
        scope.integers([operation.start + operation.size]),
        scope.integers([operation.axis]),
      ]);
    case 'pad': {
      const rank = shapeOf(node.inputs, 0).length;
      const amounts = new Array<number>(2 * rank).fill(0);
      amounts[operation.axis] = operation.before;
      amounts[rank + operation.axis] = operation.after;
      return simple('Pad', [scope.integers(amounts)]);
    }
    case 'gather':
      return simple('Gather', [], { axis: 0 });
    case 'scatterAdd':
      return lowerScatterAdd(node, scope, { x, y, out });
    case 'takeLast': {
      const shape = shapeOf(node.inputs, 1);
      const axis = shape.length;
      return [
        { type: 'Unsqueeze', inputs: [y, scope.integers([axis])], outputs: [`${out}:index`] },
        {
          type: 'GatherElements',
          inputs: [x, `${out}:index`],
          outputs: [`${out}:taken`],
          attributes: { axis },
        },
        {
          type: 'Squeeze',
          inputs: [`${out}:taken`, scope.integers([axis])],
          outputs: [out],
        },
      ];
    }
    case 'oneHot':
      // The runtime has this operator for few combinations of types; int64 throughout is one of them.
      return [
        { type: 'Cast', inputs: [x], outputs: [`${out}:long`], attributes: { to: 7 } },
        {
          type: 'OneHot',
          inputs: [
            `${out}:long`,
            scope.integers([operation.depth], true),
            scope.floats('off_on', [2], [0, 1]),
          ],
          outputs,
          attributes: { axis: -1 },
        },
      ];
    case 'softmax':
      return simple('Softmax', [], { axis: -1 });
    case 'logSoftmax':
      return simple('LogSoftmax', [], { axis: -1 });
    case 'rotary': {
      const [, positions = '', cosines = '', sines = ''] = inputs;
      const [long, turned] = [`${out}:long`, `${out}:sines`];
      return [
        { type: 'Cast', inputs: [positions], outputs: [long], attributes: { to: 7 } },
        ...(operation.isInverse ? [{ type: 'Neg', inputs: [sines], outputs: [turned] }] : []),
        {
          type: 'RotaryEmbedding',
          domain: MICROSOFT,
          inputs: [x, long, cosines, operation.isInverse ? turned : sines],
          outputs,
        },
      ];
    }
    case 'layerNorm':
      return simple('LayerNormalization', [], { axis: -1, epsilon: { float: operation.epsilon } });
    case 'rmsNorm':
      return simple('SimplifiedLayerNormalization', [], {
        axis: -1,
        epsilon: { float: operation.epsilon },
      });
    default:
      return simple(
        operation.kind in UNARY
          ? UNARY[operation.kind as keyof typeof UNARY]
          : BINARY[operation.kind as BinaryKind],
      );
  }
}

interface Names {
  readonly x: string;
  readonly y: string;
  readonly out: string;
}

function lowerCast(from: TensorDType, to: TensorDType, { x, out }: Omit<Names, 'y'>): OnnxNode[] {
  const [typed, rounded] = [`${out}:typed`, `${out}:rounded`];
  return [
    ...(isHalf(from)
      ? [{ type: 'BitCast', inputs: [x], outputs: [typed], attributes: { to: DATA_TYPE[from] } }]
      : []),
    {
      type: 'Cast',
      inputs: [isHalf(from) ? typed : x],
      outputs: [isHalf(to) ? rounded : out],
      attributes: { to: DATA_TYPE[to] },
    },
    ...(isHalf(to)
      ? [
          {
            type: 'BitCast',
            inputs: [rounded],
            outputs: [out],
            attributes: { to: DATA_TYPE.uint16 },
          },
        ]
      : []),
  ];
}

/** Four-bit codes are looked up two at once: a byte's pair of levels is copied in one piece. */
function lowerDequantise(
  format: 'int8' | 'int4' | 'nf4',
  node: TensorNode,
  scope: Scope,
  { x, y, out }: Names,
): OnnxNode[] {
  if (format === 'int8')
    return [{ type: 'DequantizeLinear', inputs: [x, y], outputs: [out], attributes: { axis: 0 } }];
  const { shape } = scope.typeOf(node.outputs[0] ?? -1);
  const [long, pairs, levels, scales] = ['long', 'pairs', 'levels', 'scales'].map(
    (part) => `${out}:${part}`,
  ) as [string, string, string, string];
  const table = scope.floats(`pairs:${format}`, [256, 2], quantisedPairs(format));
  return [
    { type: 'Cast', inputs: [x], outputs: [long], attributes: { to: DATA_TYPE.int32 } },
    { type: 'Gather', inputs: [table, long], outputs: [pairs], attributes: { axis: 0 } },
    { type: 'Reshape', inputs: [pairs, scope.integers(shape)], outputs: [levels] },
    { type: 'Reshape', inputs: [y, scope.integers([shape[0] ?? 1, 1])], outputs: [scales] },
    { type: 'Mul', inputs: [levels, scales], outputs: [out] },
  ];
}

/**
 * Adds a zero that comes of the second input: no number both is and is not a number, which the runtime does not see. Types that
 * are only stored take a change to their own shape instead, for which nothing is copied: it is the shape that waits.
 */
function lowerAfter({ dtype, shape }: TensorType, scope: Scope, { x, y, out }: Names): OnnxNode[] {
  const [flat, first, unknown, known, never, nothing, kept] = [
    'flat',
    'first',
    'unknown',
    'known',
    'never',
    'nothing',
    'shape',
  ].map((part) => `${out}:${part}`) as [string, string, string, string, string, string, string];
  const isComputed = dtype === 'float32' || dtype === 'int32';
  const to = DATA_TYPE[isComputed ? dtype : 'int64'];
  return [
    { type: 'Reshape', inputs: [y, scope.integers([-1])], outputs: [flat] },
    { type: 'Gather', inputs: [flat, scope.integers([0], true)], outputs: [first] },
    { type: 'IsNaN', inputs: [first], outputs: [unknown] },
    { type: 'Not', inputs: [unknown], outputs: [known] },
    { type: 'And', inputs: [unknown, known], outputs: [never] },
    { type: 'Cast', inputs: [never], outputs: [nothing], attributes: { to } },
    ...(isComputed
      ? [{ type: 'Add', inputs: [x, nothing], outputs: [out] }]
      : [
          { type: 'Add', inputs: [scope.integers(shape), nothing], outputs: [kept] },
          { type: 'Reshape', inputs: [x, kept], outputs: [out] },
        ]),
  ];
}

/** Rows are added into zeros; ScatterND takes int64 positions with a last axis of one. */
function lowerScatterAdd(
  node: TensorNode,
  scope: Scope,
  { x, y, out }: { x: string; y: string; out: string },
): OnnxNode[] {
  const { shape } = scope.typeOf(node.outputs[0] ?? -1);
  const rank = scope.typeOf(node.inputs[0] ?? -1).shape.length;
  return [
    { type: 'Cast', inputs: [x], outputs: [`${out}:long`], attributes: { to: 7 } },
    {
      type: 'Unsqueeze',
      inputs: [`${out}:long`, scope.integers([rank])],
      outputs: [`${out}:rows`],
    },
    {
      type: 'Expand',
      inputs: [scope.floats('zero', [], [0]), scope.integers(shape)],
      outputs: [`${out}:zeros`],
    },
    {
      type: 'ScatterND',
      inputs: [`${out}:zeros`, `${out}:rows`, y],
      outputs: [out],
      attributes: { reduction: 'add' },
    },
  ];
}
