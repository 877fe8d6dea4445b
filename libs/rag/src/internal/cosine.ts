/** The cosine of two vectors; 0 where one of them is zero. */
export function cosine(first: Float32Array, second: Float32Array): number {
  let product = 0;
  let firstSquares = 0;
  let secondSquares = 0;
  for (let i = 0; i < first.length; i += 1) {
    const a = first[i] ?? 0;
    const b = second[i] ?? 0;
    product += a * b;
    firstSquares += a * a;
    secondSquares += b * b;
  }
  const norm = Math.sqrt(firstSquares * secondSquares);
  return norm === 0 ? 0 : product / norm;
}
