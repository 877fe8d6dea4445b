/**
 * Fits the linear map W that brings queries to their documents: the least ‖W q − d‖² + λ ‖W − I‖².
 *
 * In closed form W = (Σ d qᵀ + λ I) (Σ q qᵀ + λ I)⁻¹, solved by Cholesky's decomposition. Without pairs it is the identity.
 *
 * Cost: pairs × d² + d³ multiplications. Shapes: `queries`, `documents` [pairs][d] → [d × d], row by row.
 */
export function fitRidgeMap(options: {
  readonly queries: readonly Float32Array[];
  readonly documents: readonly Float32Array[];
  readonly dimension: number;
  readonly lambda: number;
}): Float32Array {
  const { queries, documents, dimension: d, lambda } = options;
  const gram = new Float64Array(d * d);
  const cross = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1) {
    gram[i * d + i] = lambda;
    cross[i * d + i] = lambda;
  }
  for (const [pair, query] of queries.entries()) {
    const document = documents[pair] ?? new Float32Array(d);
    for (let i = 0; i < d; i += 1) {
      const own = query[i] ?? 0;
      const wanted = document[i] ?? 0;
      for (let j = 0; j < d; j += 1) {
        const other = query[j] ?? 0;
        gram[i * d + j] = (gram[i * d + j] ?? 0) + own * other;
        cross[i * d + j] = (cross[i * d + j] ?? 0) + wanted * other;
      }
    }
  }
  const lower = cholesky(gram, d);
  const map = new Float32Array(d * d);
  for (let row = 0; row < d; row += 1)
    map.set(solve(lower, cross.subarray(row * d, (row + 1) * d), d), row * d);
  return map;
}

/** The lower triangle L of a positive definite matrix L Lᵀ. */
function cholesky(matrix: Float64Array, d: number): Float64Array {
  const lower = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * d + j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (lower[i * d + k] ?? 0) * (lower[j * d + k] ?? 0);
      lower[i * d + j] = i === j ? Math.sqrt(sum) : sum / (lower[j * d + j] ?? 1);
    }
  }
  return lower;
}

/** Solves L Lᵀ x = b. */
function solve(lower: Float64Array, b: Float64Array, d: number): Float64Array {
  const x = b.slice();
  for (let i = 0; i < d; i += 1) {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k += 1) sum -= (lower[i * d + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (lower[i * d + i] ?? 1);
  }
  for (let i = d - 1; i >= 0; i -= 1) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < d; k += 1) sum -= (lower[k * d + i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (lower[i * d + i] ?? 1);
  }
  return x;
}
