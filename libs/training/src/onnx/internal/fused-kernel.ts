/** What a fused step computes. */
export type FusedKind =
  'add' | 'sub' | 'mul' | 'div' | 'minimum' | 'maximum' | 'sqrt' | 'neg' | 'abs' | 'sign';

/** A value inside a kernel. */
export type FusedOperand =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'scalar' | 'array' | 'step'; readonly index: number };

/** One operation on operands that are there before it. */
export interface FusedStep {
  readonly kind: FusedKind;
  readonly operands: readonly FusedOperand[];
}

/** An expression over arrays of one length. */
export interface FusedExpression {
  readonly arrays: number;
  readonly scalars: number;
  readonly steps: readonly FusedStep[];
  readonly stores: readonly FusedOperand[];
}

const SIMD = 0xfd;
const OPCODE = {
  load: 0x00,
  store: 0x0b,
  constant: 0x0c,
  splat: 0x13,
  lt: 0x43,
  gt: 0x44,
  and: 0x4e,
  abs: 0xe0,
  neg: 0xe1,
  sqrt: 0xe3,
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  minimum: 0xe8,
  maximum: 0xe9,
} as const;
const TYPE = { i32: 0x7f, f32: 0x7d, v128: 0x7b, function: 0x60, none: 0x40 } as const;
const CODE = {
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  constant: 0x41,
  lessUnsigned: 0x49,
  add: 0x6a,
} as const;
/** Bytes of one vector, and the logarithm that alignments are written as. */
const VECTOR = 16;
const ALIGNMENT = 4;

const unsigned = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
const list = (entries: readonly (readonly number[])[]): number[] => [
  ...unsigned(entries.length),
  ...entries.flat(),
];
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, content: readonly number[]): number[] => [id, ...sized(content)];
const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);
const simd = (code: number): number[] => [SIMD, ...unsigned(code)];
const vectorConstant = (value: number): number[] => {
  const lanes = new Float32Array(4).fill(value);
  return [...simd(OPCODE.constant), ...new Uint8Array(lanes.buffer)];
};

/**
 * The WebAssembly module of a kernel: four float32 entries at once, each rounded as a float32 after each operation.
 *
 * It imports its memory as `m.m` and exports `f(bytes, …addresses of the arrays, …addresses to store to, …scalars)`; lengths
 * are multiples of 16 bytes. An entry's inputs are all read before its results are stored, so that results may go where
 * inputs were.
 *
 * @see https://webassembly.github.io/spec/core/binary/
 */
export function fusedKernelModule(expression: FusedExpression): Uint8Array<ArrayBuffer> {
  const { arrays, scalars, steps, stores } = expression;
  const pointers = 1 + arrays + stores.length;
  const index = pointers + scalars;
  const firstScalar = index + 1;
  const firstArray = firstScalar + scalars;
  const firstStep = firstArray + arrays;
  const get = (local: number): number[] => [CODE.get, ...unsigned(local)];
  const set = (local: number): number[] => [CODE.set, ...unsigned(local)];
  const at = (pointer: number): number[] => [...get(pointer), ...get(index), CODE.add];
  const push = (operand: FusedOperand): number[] => {
    switch (operand.kind) {
      case 'constant':
        return vectorConstant(operand.value);
      case 'scalar':
        return get(firstScalar + operand.index);
      case 'array':
        return get(firstArray + operand.index);
      case 'step':
        return get(firstStep + operand.index);
    }
  };
  const compute = ({ kind, operands }: FusedStep): number[] => {
    if (kind !== 'sign') return [...operands.flatMap(push), ...simd(OPCODE[kind])];
    const one = (comparison: number): number[] => [
      ...operands.flatMap(push),
      ...vectorConstant(0),
      ...simd(comparison),
      ...vectorConstant(1),
      ...simd(OPCODE.and),
    ];
    return [...one(OPCODE.gt), ...one(OPCODE.lt), ...simd(OPCODE.sub)];
  };
  const memory = (code: number): number[] => [...simd(code), ALIGNMENT, 0];
  const places = (count: number, first: number): number[] =>
    Array.from({ length: count }, (_, i) => first + i);
  const body = [
    ...places(scalars, 0).flatMap((i) => [
      ...get(pointers + i),
      ...simd(OPCODE.splat),
      ...set(firstScalar + i),
    ]),
    ...[CODE.loop, TYPE.none],
    ...places(arrays, 0).flatMap((i) => [
      ...at(1 + i),
      ...memory(OPCODE.load),
      ...set(firstArray + i),
    ]),
    ...steps.flatMap((step, i) => [...compute(step), ...set(firstStep + i)]),
    ...stores.flatMap((from, i) => [...at(1 + arrays + i), ...push(from), ...memory(OPCODE.store)]),
    ...[...get(index), CODE.constant, VECTOR, CODE.add, CODE.tee, ...unsigned(index)],
    ...[...get(0), CODE.lessUnsigned, CODE.branchIf, 0],
    ...[CODE.end, CODE.end],
  ];
  const locals = list([
    [1, TYPE.i32],
    [...unsigned(scalars + arrays + steps.length), TYPE.v128],
  ]);
  const parameters = [
    ...places(pointers, 0).map(() => [TYPE.i32]),
    ...places(scalars, 0).map(() => [TYPE.f32]),
  ];
  const [memoryImport, memoryKind, noMaximum] = [text('m'), 2, 0];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([[TYPE.function, ...list(parameters), 0]])),
    ...section(2, list([[...memoryImport, ...memoryImport, memoryKind, noMaximum, 0]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...text('f'), 0, 0]])),
    ...section(10, list([sized([...locals, ...body])])),
  ]);
}
