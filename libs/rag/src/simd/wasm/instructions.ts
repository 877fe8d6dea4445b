import { access, memory, plain, simd, type Code, type ValueType } from './assembler.js';

type I32 = Code<'i32'>;
type F32 = Code<'f32'>;
type V128 = Code<'v128'>;

const binary =
  <T extends ValueType>(type: T, opcode: number) =>
  (first: Code<T>, second: Code<T>): Code<T> =>
    plain(type, opcode, first, second);
const compare =
  <T extends ValueType>(opcode: number) =>
  (first: Code<T>, second: Code<T>): I32 =>
    plain('i32', opcode, first, second);
const vectors =
  (opcode: number) =>
  (first: V128, second: V128): V128 =>
    simd('v128', opcode, [first, second]);
const vectorOf =
  (opcode: number) =>
  (value: V128): V128 =>
    simd('v128', opcode, [value]);
const shift =
  (opcode: number) =>
  (value: V128, by: I32): V128 =>
    simd('v128', opcode, [value, by]);

/** The instructions that the kernels use, by their names in the specification. */
export const wasm = {
  i32: {
    add: binary('i32', 0x6a),
    sub: binary('i32', 0x6b),
    mul: binary('i32', 0x6c),
    and: binary('i32', 0x71),
    or: binary('i32', 0x72),
    shl: binary('i32', 0x74),
    shrU: binary('i32', 0x76),
    ltU: compare<'i32'>(0x49),
    load: (at: I32, offset = 0): I32 => access('i32', 0x28, offset, at),
    store: (at: I32, value: I32, offset = 0) => access('none', 0x36, offset, at, value),
    store8: (at: I32, value: I32, offset = 0) => access('none', 0x3a, offset, at, value),
    ctz: (value: I32): I32 => plain('i32', 0x68, value),
  },
  f32: {
    add: binary('f32', 0x92),
    mul: binary('f32', 0x94),
    div: binary('f32', 0x95),
    sub: binary('f32', 0x93),
    max: binary('f32', 0x97),
    gt: compare<'f32'>(0x5e),
    sqrt: (value: F32): F32 => plain('f32', 0x91, value),
    load: (at: I32, offset = 0): F32 => access('f32', 0x2a, offset, at),
    store: (at: I32, value: F32, offset = 0) => access('none', 0x38, offset, at, value),
    fromI32: (value: I32): F32 => plain('f32', 0xb2, value),
  },
  v128: {
    load: (at: I32, offset = 0): V128 => simd('v128', 0x00, [at], memory(offset)),
    store: (at: I32, value: V128, offset = 0) => simd('none', 0x0b, [at, value], memory(offset)),
    constant: (bytes: Uint8Array): V128 => simd('v128', 0x0c, [], [...bytes]),
    and: vectors(0x4e),
    anyTrue: (value: V128): I32 => simd('i32', 0x53, [value]),
  },
  i8x16: {
    add: vectors(0x6e),
    /** Lane i becomes lane `indices[i]` of the table; all indices below 16. */
    swizzle: vectors(0x0e),
    /** The same in one instruction of x86; part of relaxed SIMD. */
    relaxedSwizzle: vectors(0x100),
    shuffle: (first: V128, second: V128, lanes: readonly number[]): V128 =>
      simd('v128', 0x0d, [first, second], lanes),
    narrowI16x8S: vectors(0x65),
    splat: (value: I32): V128 => simd('v128', 0x0f, [value]),
  },
  i16x8: {
    add: vectors(0x8e),
    sub: vectors(0x91),
    shl: shift(0x8b),
    shrU: shift(0x8d),
    extendLowI8x16S: vectorOf(0x87),
    extendHighI8x16S: vectorOf(0x88),
    narrowI32x4S: vectors(0x85),
  },
  i32x4: {
    add: vectors(0xae),
    bitmask: (value: V128): I32 => simd('i32', 0xa4, [value]),
    dotI16x8S: vectors(0xba),
    extendLowI16x8S: vectorOf(0xa7),
    extendHighI16x8S: vectorOf(0xa8),
    extendLowI16x8U: vectorOf(0xa9),
    extendHighI16x8U: vectorOf(0xaa),
    extractLane: (value: V128, lane: number): I32 => simd('i32', 0x1b, [value], [lane]),
    truncSatF32x4S: vectorOf(0xf8),
  },
  f32x4: {
    add: vectors(0xe4),
    sub: vectors(0xe5),
    mul: vectors(0xe6),
    pmax: vectors(0xeb),
    gt: vectors(0x44),
    ge: vectors(0x46),
    abs: vectorOf(0xe0),
    nearest: vectorOf(0x6a),
    splat: (value: F32): V128 => simd('v128', 0x13, [value]),
    extractLane: (value: V128, lane: number): F32 => simd('f32', 0x1f, [value], [lane]),
    convertI32x4S: vectorOf(0xfa),
  },
} as const;
