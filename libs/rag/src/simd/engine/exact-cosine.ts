/** The cosine of two vectors of equal length, in double precision; 0 where one of them is zero. */
export function exactCosine(first: Float32Array, second: Float32Array): number {
  let dot = 0;
  let firstSquares = 0;
  let secondSquares = 0;
  for (let i = 0; i < first.length; i += 1) {
    const a = first[i] ?? 0;
    const b = second[i] ?? 0;
    dot += a * b;
    firstSquares += a * a;
    secondSquares += b * b;
  }
  if (firstSquares === 0 || secondSquares === 0) return 0;
  // One root of each: the product of squares may overflow.
  const cosine = dot / (Math.sqrt(firstSquares) * Math.sqrt(secondSquares));
  return Math.max(-1, Math.min(1, cosine));
}
