import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createCodeTable } from '../engine/code-table.js';
import { prepareQuery } from '../engine/prepare-query.js';
import { estimateAll, searchInt8 } from '../engine/search-codes.js';
import { hasRelaxedSimd, kernelModule } from './instantiate-kernels.js';

const random = createSeededRandom(7);
const vector = (dimension: number): Float32Array =>
  Float32Array.from({ length: dimension }, () => random.next() * 2 - 1);
const dot = (first: ArrayLike<number>, second: ArrayLike<number>): number =>
  Array.from(first).reduce((sum, value, i) => sum + value * (second[i] ?? 0), 0);
const cosine = (first: Float32Array, second: Float32Array): number =>
  dot(first, second) / Math.sqrt(dot(first, first) * dot(second, second));

const DIMENSIONS = [1, 3, 16, 33, 100, 128, 384, 768, 1025];
const SIMD = hasRelaxedSimd() ? [false, true] : [false];

describe.each(SIMD)('the kernels, with relaxed SIMD: %s', (isRelaxed) => {
  it.each(DIMENSIONS)('keep angles when they turn vectors of %i dimensions', (dimension) => {
    const table = createCodeTable({ dimension, isRelaxed });
    const turned = (from: Float32Array): Float32Array => {
      expect(table.turn(from)).toBe(true);
      const start = table.scratch.vector / 4;
      return table.arena.views.f32.slice(start, start + table.dimension);
    };
    const [first, second] = [vector(dimension), vector(dimension)];
    const [a, b] = [turned(first), turned(second)];
    expect(dot(a, a)).toBeCloseTo(1, 5);
    expect(dot(a, b)).toBeCloseTo(cosine(first, second), 5);
  });

  it.each(DIMENSIONS)('score int8 codes of %i dimensions as the cosine, to 1 %', (dimension) => {
    const table = createCodeTable({ dimension, isRelaxed });
    const vectors = Array.from({ length: 70 }, () => vector(dimension));
    for (const each of vectors) table.add(each);
    const target = vector(dimension);
    const query = prepareQuery(table, target, { withTables: false });
    if (query === undefined) throw new Error('The query is not zero.');
    const found = searchInt8(table, { query, size: 70, allowed: table.isLive }).slots();
    expect(found).toHaveLength(70);
    for (const { slot, score } of found)
      expect(Math.abs(score - cosine(target, vectors[slot] ?? target))).toBeLessThan(0.01);
  });

  it.each(
    DIMENSIONS.flatMap((dimension) =>
      (['half', 'whole'] as const).map((scan) => ({ dimension, scan })),
    ),
  )(
    'scan bits of $dimension dimensions ($scan) as the naive formula does',
    ({ dimension, scan }) => {
      const table = createCodeTable({ dimension, isRelaxed });
      const count = table.segmentSlots + 45;
      for (let n = 0; n < count; n += 1) table.add(vector(dimension));
      table.binariseAll(count);
      const query = prepareQuery(table, vector(dimension), { withTables: true });
      if (query === undefined) throw new Error('The query is not zero.');
      estimateAll(table, { query, size: 1, allowed: table.isLive }, scan);
      const { f32, i8 } = table.arena.views;
      const d = table.dimension;
      const centroid = f32.slice(table.scratch.centroid / 4, table.scratch.centroid / 4 + d);
      // After preparing, the scratch vector holds query − centroid.
      const rest = f32.slice(table.scratch.vector / 4, table.scratch.vector / 4 + d);
      const known = rest.slice(0, table.scanned[scan]);
      const share = Math.sqrt(dot(rest, rest) / dot(known, known));
      const reach = rest.reduce((sum, value) => sum + Math.abs(value), 0);
      for (const slot of [0, 1, 15, 16, 31, 32, table.segmentSlots - 1, count - 1]) {
        const segment = table.segments[Math.floor(slot / table.segmentSlots)];
        if (segment === undefined) throw new Error('No segment.');
        const local = slot - segment.first;
        const scale = f32[segment.scales / 4 + local] ?? 0;
        const residual = Float32Array.from({ length: d }, (_, i) =>
          Math.fround(
            Math.fround((i8[segment.codes + local * d + i] ?? 0) * scale) - (centroid[i] ?? 0),
          ),
        );
        const scanned = residual.slice(0, table.scanned[scan]);
        const absolute = scanned.reduce((sum, value) => sum + Math.abs(value), 0);
        const signs = scanned.map((value) => (value < 0 || Object.is(value, -0) ? -1 : 1));
        const factor = Math.sqrt(dot(residual, residual) * dot(scanned, scanned)) / absolute;
        const expected = dot(residual, centroid) + factor * share * dot(signs, known);
        // Each of d/4 table entries is rounded to half a step at most.
        const tolerance = factor * query[scan].step * Math.sqrt(d) + 1e-4 * (1 + factor * reach);
        const found = f32[segment.estimates / 4 + local] ?? 0;
        expect(Math.abs(found - expected)).toBeLessThan(tolerance);
      }
      const tail = table.segments.at(-1);
      expect(f32[(tail?.estimates ?? 0) / 4 + 45]).toBe(-Infinity);
    },
  );

  it.each(['half', 'whole'] as const)(
    'estimate without bias, and within the bound nearly always (%s)',
    (scan) => {
      const dimension = 256;
      const table = createCodeTable({ dimension, isRelaxed });
      const vectors = Array.from({ length: 2000 }, () => vector(dimension));
      for (const each of vectors) table.add(each);
      table.binariseAll(2000);
      const target = vector(dimension);
      const query = prepareQuery(table, target, { withTables: true });
      if (query === undefined) throw new Error('The query is not zero.');
      estimateAll(table, { query, size: 1, allowed: table.isLive }, scan);
      const { f32 } = table.arena.views;
      const segment = table.segments[0];
      if (segment === undefined) throw new Error('No segment.');
      const errors = vectors.map((each, slot) => {
        const estimate = (f32[segment.estimates / 4 + slot] ?? 0) + query.offset;
        const deviation = (f32[segment[scan].error / 4 + slot] ?? 0) * query.spread;
        return (estimate - cosine(target, each)) / deviation;
      });
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      expect(Math.abs(mean)).toBeLessThan(0.1);
      expect(errors.filter((error) => Math.abs(error) > 3).length).toBeLessThan(20);
    },
  );
});

describe('kernelModule', () => {
  it('gives the same bytes for the same dimension', () => {
    const options = { dimension: 64, isRelaxed: false };
    expect(kernelModule(options)).toEqual(kernelModule(options));
    expect(kernelModule({ ...options, isRelaxed: true })).not.toEqual(kernelModule(options));
  });
});
