import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { randomizedSvd } from './randomized-svd.js';
import { multiply, multiplyTransposed, sparseMatrix } from './sparse-matrix.js';
import { symmetricEigen } from './symmetric-eigen.js';

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0;

describe('symmetricEigen', () => {
  it('gives values and vectors that make up the matrix, largest first', () => {
    const matrix = Float64Array.of(4, 1, 2, 1, 3, 0, 2, 0, 1);
    const { values, vectors } = symmetricEigen(matrix, 3);
    expect([...values]).toEqual([...values].sort((a, b) => b - a));
    for (let i = 0; i < 3; i += 1) {
      for (let j = 0; j < 3; j += 1) {
        const sum = [0, 1, 2].reduce(
          (total, k) => total + at(values, k) * at(vectors, i * 3 + k) * at(vectors, j * 3 + k),
          0,
        );
        expect(sum).toBeCloseTo(at(matrix, i * 3 + j), 10);
      }
    }
  });

  it('takes a matrix of zeros', () => {
    expect([...symmetricEigen(new Float64Array(4), 2).values]).toEqual([0, 0]);
  });
});

describe('randomizedSvd', () => {
  /** A sparse matrix of random values. */
  function randomMatrix(rows: number, columns: number) {
    const random = createSeededRandom(7);
    return sparseMatrix(
      Array.from(
        { length: rows },
        () =>
          new Map(
            Array.from({ length: columns }, (_, column): [number, number] => [
              column,
              random.next() < 0.3 ? random.next() : 0,
            ]).filter(([, value]) => value !== 0),
          ),
      ),
      columns,
    );
  }

  it('finds the directions that the matrix of all products has', () => {
    const matrix = randomMatrix(40, 25);
    const identity = Float32Array.from({ length: 25 * 25 }, (_, i) => (i % 26 === 0 ? 1 : 0));
    const products = multiplyTransposed(matrix, multiply(matrix, identity, 25), 25);
    const exact = symmetricEigen(Float64Array.from(products), 25).values;
    const { rank, singularValues, right } = randomizedSvd({
      matrix,
      rank: 15,
      random: createSeededRandom(1),
    });
    expect(rank).toBe(15);
    for (const [n, value] of singularValues.entries())
      expect(value).toBeCloseTo(Math.sqrt(at(exact, n)), 3);
    for (let i = 0; i < rank; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        let product = 0;
        for (let row = 0; row < 25; row += 1)
          product += at(right, row * rank + i) * at(right, row * rank + j);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 4);
      }
    }
  });

  it('finds no more directions than there are', () => {
    const same = Array.from(
      { length: 6 },
      () =>
        new Map([
          [0, 1],
          [2, 2],
        ]),
    );
    const random = createSeededRandom(1);
    const one = randomizedSvd({ matrix: sparseMatrix(same, 4), rank: 3, random });
    expect(one.rank).toBe(1);
    expect(at(one.singularValues, 0)).toBeCloseTo(Math.sqrt(30), 4);
    expect(randomizedSvd({ matrix: sparseMatrix([], 0), rank: 3, random }).rank).toBe(0);
    expect(randomizedSvd({ matrix: sparseMatrix([new Map()], 3), rank: 3, random }).rank).toBe(0);
  });
});
