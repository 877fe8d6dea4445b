/** Vectors of one length, one after another in memory. */
export interface VectorTable {
  readonly size: number;
  set(index: number, vector: Float32Array): void;
  row(index: number): Float32Array;
  /** The cosine of a vector of length 1 to each row. */
  scores(query: Float32Array): Float32Array;
}

/** Creates a table of zero vectors; rows are brought to length 1 as they are set. */
export function createVectorTable(options: { size: number; dimension: number }): VectorTable {
  const { size, dimension } = options;
  const whole = dimension - (dimension % 4);
  const values = new Float32Array(size * dimension);
  const row = (index: number): Float32Array =>
    values.subarray(index * dimension, (index + 1) * dimension);
  return {
    size,
    row,
    set(index, vector) {
      let squares = 0;
      for (const value of vector) squares += value * value;
      const norm = Math.sqrt(squares);
      if (norm === 0 || !Number.isFinite(norm)) return;
      const target = row(index);
      for (let i = 0; i < dimension; i += 1) target[i] = (vector[i] ?? 0) / norm;
    },
    scores(query) {
      const scores = new Float32Array(size);
      for (let index = 0, place = 0; index < size; index += 1) {
        // Four sums at once: one alone would wait for itself at each step.
        let first = 0;
        let second = 0;
        let third = 0;
        let fourth = 0;
        for (let i = 0; i < whole; i += 4, place += 4) {
          first += (query[i] ?? 0) * (values[place] ?? 0);
          second += (query[i + 1] ?? 0) * (values[place + 1] ?? 0);
          third += (query[i + 2] ?? 0) * (values[place + 2] ?? 0);
          fourth += (query[i + 3] ?? 0) * (values[place + 3] ?? 0);
        }
        for (let i = whole; i < dimension; i += 1, place += 1) {
          first += (query[i] ?? 0) * (values[place] ?? 0);
        }
        scores[index] = first + second + third + fourth;
      }
      return scores;
    },
  };
}
