/** A matrix most of whose values are zero, row by row (CSR). */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Shape: [rows + 1]; where each row begins in the other two. */
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** Makes a matrix of its rows, each a map from column to value. */
export function sparseMatrix(
  rows: readonly ReadonlyMap<number, number>[],
  columns: number,
): SparseMatrix {
  const count = rows.reduce((sum, row) => sum + row.size, 0);
  const starts = new Int32Array(rows.length + 1);
  const indices = new Int32Array(count);
  const values = new Float32Array(count);
  let place = 0;
  for (const [n, row] of rows.entries()) {
    for (const [column, value] of row) {
      indices[place] = column;
      values[place] = value;
      place += 1;
    }
    starts[n + 1] = place;
  }
  return { rows: rows.length, columns, starts, indices, values };
}

/** `matrix` × `dense`. Shapes: `dense` [columns, width] → [rows, width]. */
export function multiply(matrix: SparseMatrix, dense: Float32Array, width: number): Float32Array {
  const result = new Float32Array(matrix.rows * width);
  for (let row = 0; row < matrix.rows; row += 1) {
    const target = row * width;
    const end = matrix.starts[row + 1] ?? 0;
    for (let place = matrix.starts[row] ?? 0; place < end; place += 1) {
      const value = matrix.values[place] ?? 0;
      const source = (matrix.indices[place] ?? 0) * width;
      for (let i = 0; i < width; i += 1)
        result[target + i] = (result[target + i] ?? 0) + value * (dense[source + i] ?? 0);
    }
  }
  return result;
}

/** The transpose of `matrix` × `dense`. Shapes: `dense` [rows, width] → [columns, width]. */
export function multiplyTransposed(
  matrix: SparseMatrix,
  dense: Float32Array,
  width: number,
): Float32Array {
  const result = new Float32Array(matrix.columns * width);
  for (let row = 0; row < matrix.rows; row += 1) {
    const source = row * width;
    const end = matrix.starts[row + 1] ?? 0;
    for (let place = matrix.starts[row] ?? 0; place < end; place += 1) {
      const value = matrix.values[place] ?? 0;
      const target = (matrix.indices[place] ?? 0) * width;
      for (let i = 0; i < width; i += 1)
        result[target + i] = (result[target + i] ?? 0) + value * (dense[source + i] ?? 0);
    }
  }
  return result;
}
