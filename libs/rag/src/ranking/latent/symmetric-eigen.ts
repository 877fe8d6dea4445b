/** Eigenvalues, falling, and their vectors. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** Shape: [size, size]; column n belongs to value n. */
  readonly vectors: Float64Array;
}

const MAX_SWEEPS = 60;
const TOLERANCE = 1e-22;

/**
 * Returns the eigenvalues and eigenvectors of a small symmetric matrix, by cyclic Jacobi rotations.
 *
 * Shapes: `matrix` [size, size], row by row. Cost: some ten sweeps of size³ steps.
 *
 * @see Golub & Van Loan, "Matrix Computations" (2013), section 8.5.
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) v[i * size + i] = 1;
  const at = (m: Float64Array, i: number, j: number): number => m[i * size + j] ?? 0;

  for (let sweep = 0; sweep < MAX_SWEEPS; sweep += 1) {
    let outside = 0;
    let diagonal = 0;
    for (let i = 0; i < size; i += 1) {
      diagonal += at(a, i, i) ** 2;
      for (let j = i + 1; j < size; j += 1) outside += at(a, i, j) ** 2;
    }
    if (outside <= TOLERANCE * diagonal || outside === 0) break;
    for (let p = 0; p < size - 1; p += 1) {
      for (let q = p + 1; q < size; q += 1) {
        const apq = at(a, p, q);
        if (apq === 0) continue;
        const theta = (at(a, q, q) - at(a, p, p)) / (2 * apq);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (let k = 0; k < size; k += 1) {
          const row = k * size;
          const akp = a[row + p] ?? 0;
          const akq = a[row + q] ?? 0;
          a[row + p] = c * akp - s * akq;
          a[row + q] = s * akp + c * akq;
        }
        const rowP = p * size;
        const rowQ = q * size;
        for (let k = 0; k < size; k += 1) {
          const apk = a[rowP + k] ?? 0;
          const aqk = a[rowQ + k] ?? 0;
          a[rowP + k] = c * apk - s * aqk;
          a[rowQ + k] = s * apk + c * aqk;
          const vpk = v[rowP + k] ?? 0;
          const vqk = v[rowQ + k] ?? 0;
          v[rowP + k] = c * vpk - s * vqk;
          v[rowQ + k] = s * vpk + c * vqk;
        }
      }
    }
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => at(a, j, j) - at(a, i, i));
  const values = Float64Array.from(order, (i) => at(a, i, i));
  const vectors = new Float64Array(size * size);
  // `v` was kept transposed, so that a rotation works on two rows: row i is the vector of value i.
  for (const [column, i] of order.entries()) {
    for (let k = 0; k < size; k += 1) vectors[k * size + column] = at(v, i, k);
  }
  return { values, vectors };
}
