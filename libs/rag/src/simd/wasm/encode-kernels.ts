import {
  defineFunction,
  f32,
  i32,
  whilst,
  when,
  type Code,
  type FunctionCode,
  type Local,
  type Scope,
} from './assembler.js';
import { wasm } from './instructions.js';
import { BLOCK, firstHalf } from './scan-kernels.js';

const { f32x4, i16x8, i32x4, i8x16, v128 } = wasm;

/** So often are signs flipped and values mixed: after the second round each value depends on all, the third evens out. */
export const ROTATION_ROUNDS = 3;
const INT8_MAX = 127;

const advance = (pointer: Local<'i32'>, by: number): Code<'none'> =>
  pointer.set(wasm.i32.add(pointer.get, i32(by)));
const zero = v128.constant(new Uint8Array(16));
const splat = (values: readonly number[]): Code<'v128'> =>
  v128.constant(new Uint8Array(Float32Array.from(values).buffer));

/** The greatest power of two that is not above the dimension: the width of one Walsh–Hadamard transform. */
export function transformWidth(dimension: number): number {
  return 2 ** Math.floor(Math.log2(dimension));
}

/**
 * The kernel `rotate(vectors, count, signs)`: turns vectors in place by one orthogonal matrix.
 *
 * Each round multiplies by its row of `signs` (±1, with the normalising factor), transforms the first or the last
 * {@link transformWidth} values, and where these are not all mixes both halves (one step of Kac's walk).
 *
 * @see Gao et al., "Practical and Asymptotically Optimal Quantization of High-Dimensional Vectors" (2024) — the fast
 * rotation of the authors' library
 */
export function rotateKernel({ dimension }: { dimension: number }): FunctionCode {
  const width = transformWidth(dimension);
  return defineFunction({
    name: 'rotate',
    parameters: ['i32', 'i32', 'i32'],
    build(scope, vectors, count, signs) {
      const rounds = Array.from({ length: ROTATION_ROUNDS }, (_, round) => [
        ...signFlip(scope, { vectors, signs, count: dimension, offset: round * dimension * 4 }),
        ...transform(scope, {
          vectors,
          width,
          offset: round % 2 === 0 ? 0 : (dimension - width) * 4,
        }),
        ...(width === dimension ? [] : mixHalves(scope, { vectors, dimension })),
      ]).flat();
      return {
        body: [whilst(count.get, ...rounds, advance(vectors, dimension * 4), advance(count, -1))],
      };
    },
  });
}

/** Runs the body with a pointer from `start` in steps of 16 bytes over so many bytes. */
function over(
  scope: Scope,
  start: Code<'i32'>,
  bytes: number,
  step: number,
  body: (pointer: Local<'i32'>) => Code<'none'>[],
): Code<'none'>[] {
  const pointer = scope.local('i32');
  const end = scope.local('i32');
  return [
    pointer.set(start),
    end.set(wasm.i32.add(pointer.get, i32(bytes))),
    whilst(wasm.i32.ltU(pointer.get, end.get), ...body(pointer), advance(pointer, step)),
  ];
}

function signFlip(
  scope: Scope,
  options: { vectors: Local<'i32'>; signs: Local<'i32'>; count: number; offset: number },
): Code<'none'>[] {
  const sign = scope.local('i32');
  return [
    sign.set(options.signs.get),
    ...over(scope, options.vectors.get, options.count * 4, 16, (at) => [
      v128.store(at.get, f32x4.mul(v128.load(at.get), v128.load(sign.get, options.offset))),
      advance(sign, 16),
    ]),
  ];
}

function transform(
  scope: Scope,
  { vectors, width, offset }: { vectors: Local<'i32'>; width: number; offset: number },
): Code<'none'>[] {
  const start = wasm.i32.add(vectors.get, i32(offset));
  const value = scope.local('v128');
  const within = (lanes: readonly number[], signs: readonly number[]): Code<'none'> =>
    value.set(
      f32x4.add(
        f32x4.mul(value.get, splat(signs)),
        i8x16.shuffle(
          value.get,
          value.get,
          lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)),
        ),
      ),
    );
  const passes = over(scope, start, width * 4, 16, (at) => [
    value.set(v128.load(at.get)),
    within([1, 0, 3, 2], [1, -1, 1, -1]),
    within([2, 3, 0, 1], [1, 1, -1, -1]),
    v128.store(at.get, value.get),
  ]);
  let half = 16;
  if (Math.log2(width) % 2 === 1) {
    passes.push(...butterflies(scope, start, width * 4, half, 2));
    half *= 2;
  }
  for (; half < width * 4; half *= 4) passes.push(...butterflies(scope, start, width * 4, half, 4));
  return passes;
}

/** One stage (two inputs) or two stages at once (four inputs, `half` bytes apart) of the transform. */
function butterflies(
  scope: Scope,
  start: Code<'i32'>,
  bytes: number,
  half: number,
  inputs: 2 | 4,
): Code<'none'>[] {
  const values = Array.from({ length: inputs }, () => scope.local('v128'));
  const sums = Array.from({ length: inputs }, () => scope.local('v128'));
  const pick = (locals: readonly Local<'v128'>[], index: number): Code<'v128'> =>
    locals[index]?.get ?? zero;
  return over(scope, start, bytes, half * inputs, (base) =>
    over(scope, base.get, half, 16, (at) => {
      const loads = values.map((local, index) => local.set(v128.load(at.get, index * half)));
      const stage = (from: readonly Local<'v128'>[], distance: number) => (index: number) =>
        (index & distance) === 0
          ? f32x4.add(pick(from, index), pick(from, index + distance))
          : f32x4.sub(pick(from, index - distance), pick(from, index));
      const first = stage(values, 1);
      if (inputs === 2)
        return [
          ...loads,
          ...values.map((_, index) => v128.store(at.get, first(index), index * half)),
        ];
      const second = stage(sums, 2);
      return [
        ...loads,
        ...sums.map((local, index) => local.set(first(index))),
        ...sums.map((_, index) => v128.store(at.get, second(index), index * half)),
      ];
    }),
  );
}

function mixHalves(
  scope: Scope,
  { vectors, dimension }: { vectors: Local<'i32'>; dimension: number },
): Code<'none'>[] {
  const half = dimension * 2;
  const [first, second] = [scope.local('v128'), scope.local('v128')];
  const root = splat(Array.from({ length: 4 }, () => Math.SQRT1_2));
  return over(scope, vectors.get, half, 16, (at) => [
    first.set(f32x4.mul(v128.load(at.get), root)),
    second.set(f32x4.mul(v128.load(at.get, half), root)),
    v128.store(at.get, f32x4.add(first.get, second.get)),
    v128.store(at.get, f32x4.sub(first.get, second.get), half),
  ]);
}

const total = (value: Local<'v128'>): Code<'f32'> =>
  wasm.f32.add(
    wasm.f32.add(f32x4.extractLane(value.get, 0), f32x4.extractLane(value.get, 1)),
    wasm.f32.add(f32x4.extractLane(value.get, 2), f32x4.extractLane(value.get, 3)),
  );

/** The kernel `quantise(vector, codes)`: writes int8 codes of the direction and returns their scale: code × scale is a
 * vector of length 1. The zero vector has scale 0; a vector whose squares overflow or vanish has one that is not finite. */
export function quantiseKernel({ dimension }: { dimension: number }): FunctionCode {
  return defineFunction({
    name: 'quantise',
    parameters: ['i32', 'i32'],
    build(scope, vector, codes) {
      const value = scope.local('v128');
      const greatest = scope.local('v128');
      const squares = scope.local('v128');
      const max = scope.local('f32');
      const factor = scope.local('v128');
      const out = scope.local('i32');
      const integers = (at: Local<'i32'>, offset: number): Code<'v128'> =>
        i32x4.truncSatF32x4S(f32x4.nearest(f32x4.mul(v128.load(at.get, offset), factor.get)));
      const lane = (index: number): Code<'f32'> => f32x4.extractLane(greatest.get, index);
      const scale = scope.local('f32');
      return {
        body: [
          ...over(scope, vector.get, dimension * 4, 16, (at) => [
            value.set(v128.load(at.get)),
            greatest.set(f32x4.pmax(greatest.get, f32x4.abs(value.get))),
            squares.set(f32x4.add(squares.get, f32x4.mul(value.get, value.get))),
          ]),
          max.set(wasm.f32.max(wasm.f32.max(lane(0), lane(1)), wasm.f32.max(lane(2), lane(3)))),
          factor.set(zero),
          when(
            wasm.f32.gt(max.get, f32(0)),
            factor.set(f32x4.splat(wasm.f32.div(f32(INT8_MAX), max.get))),
            scale.set(
              wasm.f32.div(max.get, wasm.f32.mul(f32(INT8_MAX), wasm.f32.sqrt(total(squares)))),
            ),
          ),
          out.set(codes.get),
          ...over(scope, vector.get, dimension * 4, 64, (at) => [
            v128.store(
              out.get,
              i8x16.narrowI16x8S(
                i16x8.narrowI32x4S(integers(at, 0), integers(at, 16)),
                i16x8.narrowI32x4S(integers(at, 32), integers(at, 48)),
              ),
            ),
            advance(out, 16),
          ]),
        ],
        result: scale.get,
      };
    },
  });
}

/**
 * The kernel `binarise(codes, scale, centroid, first, rest, sums)`: the signs of r = code × scale − centroid.
 *
 * A negative value sets its bit; the nibbles of the {@link firstHalf} go to `first` and the others to `rest`, in rows
 * {@link BLOCK} bytes apart. Writes to `sums`: Σ|r| and Σr² over the first half, the same over all, Σ r·centroid.
 */
export function binariseKernel({ dimension }: { dimension: number }): FunctionCode {
  const half = firstHalf(dimension);
  return defineFunction({
    name: 'binarise',
    parameters: ['i32', 'f32', 'i32', 'i32', 'i32', 'i32'],
    build(scope, codes, scale, centroid, first, rest, sums) {
      const code = scope.local('v128');
      const residual = scope.local('v128');
      const centre = scope.local('v128');
      const factor = scope.local('v128');
      const row = scope.local('i32');
      const [absolute, squares, products] = [
        scope.local('v128'),
        scope.local('v128'),
        scope.local('v128'),
      ];
      const quarter = (index: number, bits: Local<'i32'>): Code<'none'>[] => {
        const extend = index < 2 ? i16x8.extendLowI8x16S : i16x8.extendHighI8x16S;
        const widen = index % 2 === 0 ? i32x4.extendLowI16x8S : i32x4.extendHighI16x8S;
        const values = f32x4.convertI32x4S(widen(extend(code.get)));
        const nibble = i32x4.bitmask(residual.get);
        return [
          centre.set(v128.load(centroid.get, index * 16)),
          residual.set(f32x4.sub(f32x4.mul(values, factor.get), centre.get)),
          absolute.set(f32x4.add(absolute.get, f32x4.abs(residual.get))),
          squares.set(f32x4.add(squares.get, f32x4.mul(residual.get, residual.get))),
          products.set(f32x4.add(products.get, f32x4.mul(residual.get, centre.get))),
          index % 2 === 0
            ? row.set(nibble)
            : wasm.i32.store8(
                bits.get,
                wasm.i32.or(row.get, wasm.i32.shl(nibble, i32(4))),
                index === 1 ? 0 : BLOCK,
              ),
        ];
      };
      const signsOf = (from: number, count: number, bits: Local<'i32'>): Code<'none'>[] =>
        over(scope, wasm.i32.add(codes.get, i32(from)), count, 16, (at) => [
          code.set(v128.load(at.get)),
          ...[0, 1, 2, 3].flatMap((index) => quarter(index, bits)),
          advance(centroid, 64),
          advance(bits, 2 * BLOCK),
        ]);
      return {
        body: [
          factor.set(f32x4.splat(scale.get)),
          ...signsOf(0, half, first),
          wasm.f32.store(sums.get, total(absolute)),
          wasm.f32.store(sums.get, total(squares), 4),
          ...signsOf(half, dimension - half, rest),
          wasm.f32.store(sums.get, total(absolute), 8),
          wasm.f32.store(sums.get, total(squares), 12),
          wasm.f32.store(sums.get, total(products), 16),
        ],
      };
    },
  });
}
