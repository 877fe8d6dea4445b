import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dequantiseBlocks } from './dequantise-blocks.js';
import { dynamicMap } from './dynamic-map.js';
import { quantiseBlocks } from './quantise-blocks.js';
import { dequantiseScales, quantiseScales } from './quantise-scales.js';

interface Expected {
  codes: number[];
  scales: number[];
  values: number[];
}

/** What scripts/make-quantisation-fixture.py computed from the published definitions. */
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '../__fixtures__/quantisation.json'), 'utf8'),
) as {
  values: number[];
  block_size: number;
  maps: { signed: number[]; unsigned: number[] };
  double: Expected & { mean: number };
} & Record<'nf4' | 'int4' | 'int8', Expected>;
const values = Float32Array.from(fixture.values);
const blockSize = fixture.block_size;

const farthest = (found: ArrayLike<number>, wanted: readonly number[]): number =>
  Math.max(...wanted.map((value, i) => Math.abs(value - (found[i] ?? NaN))));

describe('blocks in few bits', () => {
  it.each(['nf4', 'int4', 'int8'] as const)('are those of the reference: %s', (format) => {
    const { codes, scales } = quantiseBlocks(values, { format, blockSize });
    const wanted = fixture[format];
    expect([...codes]).toEqual(wanted.codes);
    expect([...scales]).toEqual(wanted.scales.map(Math.fround));
    const back = dequantiseBlocks({ codes, scales, format, blockSize, count: values.length });
    expect(farthest(back, wanted.values)).toBeLessThan(1e-6);
  });

  it('have the dynamic numbers of the reference', () => {
    expect(farthest(dynamicMap(true), fixture.maps.signed)).toBeLessThan(1e-7);
    expect(farthest(dynamicMap(false), fixture.maps.unsigned)).toBeLessThan(1e-7);
    expect(new Set(dynamicMap(false)).size).toBe(256);
  });

  it('have their scales in eight bits as the reference does', () => {
    const { scales } = quantiseBlocks(values, { format: 'nf4', blockSize });
    const found = quantiseScales(scales);
    expect([...found.codes.subarray(0, scales.length)]).toEqual(fixture.double.codes);
    expect(farthest(found.scales, fixture.double.scales)).toBeLessThan(1e-6);
    expect(found.mean).toBeCloseTo(fixture.double.mean, 6);
    expect(farthest(dequantiseScales(found), fixture.double.values)).toBeLessThan(1e-6);
  });
});
