import { add, div, mul, sqrt } from '../tensor/elementwise.js';
import { matmul, sumSquare, transpose } from '../tensor/layout.js';
import type { Tensor } from '../tensor/trace.js';

const ITERATIONS = 5;
/** The quintic that raises small singular values fastest; it ends near 1, not at it. */
const [A, B, C] = [3.4445, -4.775, 2.0315];

/** Brings all singular values of a matrix near 1 by Newton and Schulz's iteration. @see https://kellerjordan.github.io/posts/muon/ */
export function orthogonalise(matrix: Tensor): Tensor {
  const [rows = 1, columns = 1] = matrix.shape;
  const isTall = rows > columns;
  let x = isTall ? transpose(matrix, [1, 0]) : matrix;
  x = div(x, add(sqrt(sumSquare(x, [0, 1])), 1e-7));
  for (let i = 0; i < ITERATIONS; i++) {
    const gram = matmul(x, x, { transposeB: true });
    const polynomial = add(mul(gram, B), matmul(gram, gram, { scale: C }));
    x = add(mul(x, A), matmul(polynomial, x));
  }
  return isTall ? transpose(x, [1, 0]) : x;
}
