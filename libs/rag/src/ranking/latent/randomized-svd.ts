import type { Random } from '@espalier/core';
import { multiply, multiplyTransposed, type SparseMatrix } from './sparse-matrix.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** The strongest directions of a matrix. */
export interface TruncatedSvd {
  /** Directions found: at most those asked for, fewer where the matrix has no more. */
  readonly rank: number;
  /** Falling. */
  readonly singularValues: Float64Array;
  /** Shape: [columns, rank]; orthonormal columns. */
  readonly right: Float32Array;
}

const OVERSAMPLING = 10;
const POWER_ROUNDS = 2;
/** A direction weaker than this share of the strongest is what rounding makes of none. */
const NO_DIRECTION = 1e-9;

/**
 * Returns the strongest `rank` directions of a sparse matrix: singular values and right singular vectors.
 *
 * Exact up to what a random start and two power iterations leave. Cost: six products of the matrix with rank + 10 columns;
 * memory: two dense matrices of (rows + columns) × (rank + 10) 32-bit floats.
 *
 * @see Halko, Martinsson & Tropp, "Finding structure with randomness" (2011), algorithms 4.4 and 5.1.
 */
export function randomizedSvd(options: {
  readonly matrix: SparseMatrix;
  readonly rank: number;
  readonly random: Random;
}): TruncatedSvd {
  const { matrix, random } = options;
  const wanted = Math.min(options.rank, matrix.rows, matrix.columns);
  const width = Math.min(wanted + OVERSAMPLING, matrix.rows, matrix.columns);
  if (wanted === 0)
    return { rank: 0, singularValues: new Float64Array(), right: new Float32Array() };
  const start = Float32Array.from({ length: matrix.columns * width }, () => gaussian(random));
  let basis = orthonormal(multiply(matrix, start, width), width);
  for (let round = 0; round < POWER_ROUNDS; round += 1) {
    if (basis.width === 0) break;
    const across = orthonormal(multiplyTransposed(matrix, basis.columns, basis.width), basis.width);
    basis = orthonormal(multiply(matrix, across.columns, across.width), across.width);
  }
  if (basis.width === 0)
    return { rank: 0, singularValues: new Float64Array(), right: new Float32Array() };

  // B = basisᵀ × matrix, kept transposed: [columns, width].
  const projected = multiplyTransposed(matrix, basis.columns, basis.width);
  const { values, vectors } = symmetricEigen(gram(projected, basis.width), basis.width);
  const floor = (values[0] ?? 0) * NO_DIRECTION;
  const rank = Math.min(wanted, values.filter((value) => value > floor).length);
  const singularValues = values.slice(0, rank).map(Math.sqrt);
  const right = rotate({
    columns: projected,
    width: basis.width,
    vectors,
    scales: singularValues.map((value) => 1 / value),
  });
  return { rank, singularValues, right };
}

interface Basis {
  readonly columns: Float32Array;
  readonly width: number;
}

/** Makes the columns orthonormal, and leaves out those that depend on others. */
function orthonormal(columns: Float32Array, width: number): Basis {
  // Once leaves errors of the square root of the precision; twice does not.
  const once = whitened(columns, width);
  return whitened(once.columns, once.width);
}

function whitened(columns: Float32Array, width: number): Basis {
  if (width === 0) return { columns, width };
  const { values, vectors } = symmetricEigen(gram(columns, width), width);
  const floor = (values[0] ?? 0) * NO_DIRECTION;
  const kept = values.filter((value) => value > floor && value > 0);
  const scales = kept.map((value) => 1 / Math.sqrt(value));
  return { columns: rotate({ columns, width, vectors, scales }), width: kept.length };
}

/** `columns`ᵀ × `columns`. Shape: [width, width]. */
function gram(columns: Float32Array, width: number): Float64Array {
  const result = new Float64Array(width * width);
  for (let row = 0; row < columns.length; row += width) {
    for (let i = 0; i < width; i += 1) {
      const value = columns[row + i] ?? 0;
      if (value === 0) continue;
      const target = i * width;
      for (let j = i; j < width; j += 1)
        result[target + j] = (result[target + j] ?? 0) + value * (columns[row + j] ?? 0);
    }
  }
  for (let i = 0; i < width; i += 1)
    for (let j = 0; j < i; j += 1) result[i * width + j] = result[j * width + i] ?? 0;
  return result;
}

/** `columns` × the first of `vectors`, each times its scale. Shape: [rows, scales]. */
function rotate(options: {
  columns: Float32Array;
  width: number;
  vectors: Float64Array;
  scales: Float64Array;
}): Float32Array {
  const { columns, width, vectors, scales } = options;
  const kept = scales.length;
  const rows = columns.length / width;
  const result = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row += 1) {
    for (let i = 0; i < width; i += 1) {
      const value = columns[row * width + i] ?? 0;
      if (value === 0) continue;
      for (let j = 0; j < kept; j += 1) {
        const target = row * kept + j;
        result[target] =
          (result[target] ?? 0) + value * (vectors[i * width + j] ?? 0) * (scales[j] ?? 0);
      }
    }
  }
  return result;
}

/** One number of the normal distribution. @see Box & Muller (1958) */
function gaussian(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}
