import { describe, expect, it } from 'vitest';
import type { FusedKind, FusedOperand } from './fused-kernel.js';
import { createFusedMemory } from './fused-memory.js';

const memory = createFusedMemory();
const array = (index: number): FusedOperand => ({ kind: 'array', index });
const VALUES = [-3.25, -0, 0, 1e-38, 0.1, 7, Number.POSITIVE_INFINITY, 2 ** 24];
const OTHERS = [2, -0.5, 3, 1e-38, 0.3, 7, 1, 1];

/** What one operation gives for the values, in place of them. */
function run(kind: FusedKind, operands: readonly FusedOperand[]): number[] {
  if (memory === undefined) throw new Error('There is no memory.');
  const count = VALUES.length;
  const [x, y] = [memory.allocate(4 * count), memory.allocate(4 * count)];
  memory.view(x, count).set(VALUES);
  memory.view(y, count).set(OTHERS);
  const steps = [{ kind, operands }];
  const stores: FusedOperand[] = [{ kind: 'step', index: 0 }];
  memory.kernel({ arrays: 2, scalars: 1, steps, stores })(4 * count, x, y, x, 0.7);
  return [...memory.view(x, count)];
}

describe('kernels in WebAssembly', () => {
  it.each<[FusedKind, (x: number, y: number) => number]>([
    ['add', (x, y) => x + y],
    ['sub', (x, y) => x - y],
    ['mul', (x, y) => x * y],
    ['div', (x, y) => x / y],
    ['minimum', Math.min],
    ['maximum', Math.max],
  ])('compute %s as float32', (kind, expected) => {
    expect(run(kind, [array(0), array(1)])).toEqual(
      VALUES.map((x, i) =>
        Math.fround(expected(Math.fround(x), Math.fround(OTHERS[i] ?? Number.NaN))),
      ),
    );
  });

  it.each<[FusedKind, (x: number) => number]>([
    ['sqrt', Math.sqrt],
    ['neg', (x) => -x],
    ['abs', Math.abs],
    ['sign', (x) => Math.sign(x) + 0],
  ])('compute %s as float32', (kind, expected) => {
    expect(run(kind, [array(0)])).toEqual(VALUES.map((x) => Math.fround(expected(Math.fround(x)))));
  });

  it('take scalars and constants', () => {
    const operands: FusedOperand[] = [
      { kind: 'scalar', index: 0 },
      { kind: 'constant', value: 0.1 },
    ];
    const sum = Math.fround(Math.fround(0.7) + Math.fround(0.1));
    expect(run('add', operands)).toEqual(VALUES.map(() => sum));
  });

  it('read all of an entry before they store its results', () => {
    if (memory === undefined) throw new Error('There is no memory.');
    const [x, y] = [memory.allocate(16), memory.allocate(16)];
    memory.view(x, 4).set([1, 2, 3, 4]);
    memory.view(y, 4).set([5, 6, 7, 8]);
    const swap = { arrays: 2, scalars: 0, steps: [], stores: [array(1), array(0)] };
    memory.kernel(swap)(16, x, y, x, y);
    expect([...memory.view(x, 4), ...memory.view(y, 4)]).toEqual([5, 6, 7, 8, 1, 2, 3, 4]);
  });
});
