import {
  defineFunction,
  choose,
  i32,
  when,
  whilst,
  type Code,
  type FunctionCode,
  type Local,
} from './assembler.js';
import { wasm } from './instructions.js';

/** How many of the first values of a vector have their bits by themselves, so that they can be scanned without the others:
 * a multiple of 32. */
export function firstHalf(dimension: number): number {
  return Math.ceil(dimension / 64) * 32;
}

const { f32x4, i16x8, i32x4, i8x16, v128 } = wasm;

/** Codes of so many vectors lie interleaved, so that one instruction looks up one nibble of each. */
export const BLOCK = 16;
/** The scan takes two blocks a round: they share the loads of the lookup tables. */
export const SCAN_STRIDE = 2 * BLOCK;
/** Estimates of so many vectors give four maxima, one for each lane. */
export const MAXIMA_STRIDE = 128;

const advance = (pointer: Local<'i32'>, by: number): Code<'none'> =>
  pointer.set(wasm.i32.add(pointer.get, i32(by)));

/**
 * The kernel `scan(first, rest, add, factor, tables, estimates, pairs, step, base)`.
 *
 * estimate = add + factor × (step × Σ table[nibble] + base), with the sum over the nibbles of a vector's {@link firstHalf}
 * and, unless `rest` is 0, over the others. Tables hold bytes of which eight never exceed 255; codes are laid out as
 * {@link BLOCK} says.
 *
 * @see André, Kermarrec & Le Scouarnec, "Cache locality is not enough" (PVLDB 2015) — in-register lookup tables
 */
export function scanKernel(options: { dimension: number; isRelaxed: boolean }): FunctionCode {
  const half = firstHalf(options.dimension);
  const lookUp = options.isRelaxed ? i8x16.relaxedSwizzle : i8x16.swizzle;
  return defineFunction({
    name: 'scan',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32'],
    build(scope, first, rest, add, factor, tables, estimates, pairs, step, base) {
      const low = scope.local('v128');
      const row = scope.local('i32');
      const table = scope.local('i32');
      const entries = [0, 1, 2, 3].map(() => scope.local('v128'));
      const code = scope.local('v128');
      const blocks = [0, 1].map((number) => ({
        number,
        sum: scope.local('v128'),
        even: scope.local('v128'),
        odd: scope.local('v128'),
      }));
      type Block = (typeof blocks)[number];
      const entry = (index: number): Code<'v128'> => (entries[index] ?? code).get;
      const lookUps = (at: number): Code<'v128'> =>
        i8x16.add(
          lookUp(entry(at), v128.and(code.get, low.get)),
          lookUp(entry(at + 1), v128.and(i16x8.shrU(code.get, i32(4)), low.get)),
        );
      /** Loads the tables of two rows of nibbles, and adds what they hold for each block. */
      const addRows = (rows: number, blockBytes: number): Code<'none'>[] => [
        ...entries.map((local, index) => local.set(v128.load(table.get, (rows * 4 + index) * 16))),
        ...blocks.flatMap(({ number, sum }) =>
          [0, 1].flatMap((pair) => [
            code.set(v128.load(row.get, number * blockBytes + (rows * 2 + pair) * BLOCK)),
            sum.set(rows + pair === 0 ? lookUps(0) : i8x16.add(sum.get, lookUps(pair * 2))),
          ]),
        ),
      ];
      const accumulate = ({ sum, even, odd }: Block): Code<'none'>[] => [
        // Odd bytes are summed by themselves; even bytes are what is left of the sums of 16 bits.
        even.set(i16x8.add(even.get, sum.get)),
        odd.set(i16x8.add(odd.get, i16x8.shrU(sum.get, i32(8)))),
      ];
      const finish = (sums: Code<'v128'>, at: number): Code<'none'> => {
        const scaled = f32x4.add(
          f32x4.mul(f32x4.convertI32x4S(sums), f32x4.splat(step.get)),
          f32x4.splat(base.get),
        );
        const estimate = f32x4.add(
          v128.load(add.get, at),
          f32x4.mul(v128.load(factor.get, at), scaled),
        );
        return v128.store(estimates.get, estimate, at);
      };
      const write = ({ number, sum, even, odd }: Block): Code<'none'>[] => {
        const at = number * BLOCK * 4;
        return [
          even.set(i16x8.sub(even.get, i16x8.shl(odd.get, i32(8)))),
          sum.set(i8x16.shuffle(even.get, odd.get, interleaved(0))),
          finish(i32x4.extendLowI16x8U(sum.get), at),
          finish(i32x4.extendHighI16x8U(sum.get), at + 16),
          sum.set(i8x16.shuffle(even.get, odd.get, interleaved(8))),
          finish(i32x4.extendLowI16x8U(sum.get), at + 32),
          finish(i32x4.extendHighI16x8U(sum.get), at + 48),
        ];
      };
      const zero = v128.constant(new Uint8Array(16));
      const end = scope.local('i32');
      /** Adds up all rows of a pair of blocks, and goes on to the next pair. */
      const addPair = (codes: Local<'i32'>, blockBytes: number): Code<'none'>[] => [
        row.set(codes.get),
        end.set(wasm.i32.add(codes.get, i32(blockBytes))),
        whilst(
          wasm.i32.ltU(row.get, end.get),
          ...addRows(0, blockBytes),
          ...addRows(1, blockBytes),
          ...blocks.flatMap(accumulate),
          advance(row, 4 * BLOCK),
          advance(table, 128),
        ),
        advance(codes, 2 * blockBytes),
      ];
      return {
        body: [
          low.set(v128.constant(new Uint8Array(16).fill(0x0f))),
          whilst(
            pairs.get,
            ...blocks.flatMap(({ even, odd }) => [even.set(zero), odd.set(zero)]),
            table.set(tables.get),
            ...addPair(first, 2 * half),
            when(rest.get, ...addPair(rest, 2 * (options.dimension - half))),
            ...blocks.flatMap(write),
            ...[add, factor, estimates].map((pointer) => advance(pointer, 4 * SCAN_STRIDE)),
            advance(pairs, -1),
          ),
        ],
      };
    },
  });
}

/** Byte lanes that put 16-bit lanes of two vectors, from byte `from` on, one beside the other. */
function interleaved(from: number): number[] {
  return [0, 2, 4, 6].flatMap((lane) => [0, 1, 16, 17].map((byte) => from + lane + byte));
}

/** The kernel `maxima(estimates, out, rounds)`: the greatest of each lane over rounds of {@link MAXIMA_STRIDE} estimates. */
export function maximaKernel(): FunctionCode {
  return defineFunction({
    name: 'maxima',
    parameters: ['i32', 'i32', 'i32'],
    build(scope, estimates, out, rounds) {
      const best = scope.local('v128');
      const rest = Array.from({ length: MAXIMA_STRIDE / 4 - 1 }, (_, index) =>
        best.set(f32x4.pmax(best.get, v128.load(estimates.get, (index + 1) * 16))),
      );
      return {
        body: [
          whilst(
            rounds.get,
            best.set(v128.load(estimates.get)),
            ...rest,
            v128.store(out.get, best.get),
            advance(estimates, MAXIMA_STRIDE * 4),
            advance(out, 16),
            advance(rounds, -1),
          ),
        ],
      };
    },
  });
}

/**
 * The kernel `select(estimates, errors, maxima, maxErrors, width, threshold, out, rounds)`: writes and counts the positions
 * where estimate + width × error > threshold.
 *
 * A round is {@link MAXIMA_STRIDE} positions, of which `maxima` and `maxErrors` hold the greatest estimate and error of each
 * lane: where these are below, the round is passed over.
 */
export function selectKernel(): FunctionCode {
  return defineFunction({
    name: 'select',
    parameters: ['i32', 'i32', 'i32', 'i32', 'f32', 'f32', 'i32', 'i32'],
    build(scope, estimates, errors, maxima, maxErrors, width, threshold, out, rounds) {
      const start = scope.local('i32');
      const position = scope.local('i32');
      const end = scope.local('i32');
      const hits = scope.local('i32');
      const least = scope.local('v128');
      const widths = scope.local('v128');
      const isAbove = (greatest: Local<'i32'>, errorsOf: Local<'i32'>): Code<'v128'> =>
        f32x4.gt(
          f32x4.add(v128.load(greatest.get), f32x4.mul(v128.load(errorsOf.get), widths.get)),
          least.get,
        );
      return {
        body: [
          start.set(out.get),
          least.set(f32x4.splat(threshold.get)),
          widths.set(f32x4.splat(width.get)),
          whilst(
            rounds.get,
            end.set(wasm.i32.add(position.get, i32(MAXIMA_STRIDE))),
            choose(
              v128.anyTrue(isAbove(maxima, maxErrors)),
              [
                whilst(
                  wasm.i32.ltU(position.get, end.get),
                  hits.set(i32x4.bitmask(isAbove(estimates, errors))),
                  whilst(
                    hits.get,
                    wasm.i32.store(out.get, wasm.i32.add(position.get, wasm.i32.ctz(hits.get))),
                    advance(out, 4),
                    hits.set(wasm.i32.and(hits.get, wasm.i32.sub(hits.get, i32(1)))),
                  ),
                  advance(position, 4),
                  advance(estimates, 16),
                  advance(errors, 16),
                ),
              ],
              [
                position.set(end.get),
                advance(estimates, MAXIMA_STRIDE * 4),
                advance(errors, MAXIMA_STRIDE * 4),
              ],
            ),
            advance(maxima, 16),
            advance(maxErrors, 16),
            advance(rounds, -1),
          ),
        ],
        result: wasm.i32.shrU(wasm.i32.sub(out.get, start.get), i32(2)),
      };
    },
  });
}

/** The kernel `dots(list, count, codes, scales, query, factor, out)`: factor × scale × ⟨int8 code, int16 query⟩ of
 * each listed vector. */
export function dotsKernel({ dimension }: { dimension: number }): FunctionCode {
  return defineFunction({
    name: 'dots',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'i32'],
    build(scope, list, count, codes, scales, query, factor, out) {
      const slot = scope.local('i32');
      const at = scope.local('i32');
      const code = scope.local('v128');
      const sums = [scope.local('v128'), scope.local('v128')] as const;
      const steps = Array.from({ length: dimension / 16 }, (_, step) => [
        code.set(v128.load(at.get, step * 16)),
        ...([i16x8.extendLowI8x16S, i16x8.extendHighI8x16S] as const).map((extend, half) => {
          const sum = half === 0 ? sums[0] : sums[1];
          const part = v128.load(query.get, step * 32 + half * 16);
          return sum.set(i32x4.add(sum.get, i32x4.dotI16x8S(extend(code.get), part)));
        }),
      ]).flat();
      const total = f32x4.convertI32x4S(i32x4.add(sums[0].get, sums[1].get));
      const lane = (index: number): Code<'f32'> => f32x4.extractLane(code.get, index);
      const dot = wasm.f32.add(wasm.f32.add(lane(0), lane(1)), wasm.f32.add(lane(2), lane(3)));
      const scale = wasm.f32.load(wasm.i32.add(scales.get, wasm.i32.shl(slot.get, i32(2))));
      const zero = v128.constant(new Uint8Array(16));
      return {
        body: [
          whilst(
            count.get,
            slot.set(wasm.i32.load(list.get)),
            at.set(wasm.i32.add(codes.get, wasm.i32.mul(slot.get, i32(dimension)))),
            ...sums.map((sum) => sum.set(zero)),
            ...steps,
            code.set(total),
            wasm.f32.store(out.get, wasm.f32.mul(wasm.f32.mul(dot, scale), factor.get)),
            advance(list, 4),
            advance(out, 4),
            advance(count, -1),
          ),
        ],
      };
    },
  });
}
