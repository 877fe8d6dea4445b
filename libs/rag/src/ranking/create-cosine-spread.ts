/** Mean and deviation of the cosines of a query to a set of vectors. */
export interface CosineSpread {
  readonly size: number;
  /** Of a query whose length is nothing, both are 0. */
  of(query: Float32Array): { readonly mean: number; readonly deviation: number };
}

/**
 * Creates what tells how the cosines of queries to some vectors are spread, without a loop over them for each query.
 *
 * mean = q · E[x], deviation² = qᵀ E[xxᵀ] q − mean², with x and q of length 1: `d² / 2` multiplications for a query in the
 * place of `n · d`. E[xxᵀ] costs `n · d² / 2` once, and is made when the queries asked so far would have paid for it;
 * never where there are fewer vectors than dimensions. Both ways give the same to rounding.
 *
 * Memory: the vectors, and `d² / 2` 64-bit floats. Shapes: `vectors` [n][d].
 */
export function createCosineSpread(vectors: readonly Float32Array[]): CosineSpread {
  const units = vectors.map(unitOf);
  const size = units.length;
  const dimension = units[0]?.length ?? 0;
  const saved = size * dimension - (dimension * (dimension + 1)) / 2;
  const pays = saved <= 0 ? Infinity : (size * dimension * dimension) / 2 / saved;
  let asked = 0;
  let moments: Moments | undefined;
  return {
    size,
    of(query) {
      const unit = unitOf(query);
      if (size === 0) return { mean: 0, deviation: 0 };
      asked += 1;
      if (moments === undefined && asked > pays) moments = momentsOf(units, dimension);
      const { mean, square } =
        moments === undefined ? measure(units, unit) : applyMoments(moments, unit);
      return { mean, deviation: Math.sqrt(Math.max(0, square - mean * mean)) };
    },
  };
}

interface Moments {
  /** Shape: [d]. */
  readonly first: Float64Array;
  /** The upper triangle, row by row, what is off the diagonal twice. Shape: [d · (d + 1) / 2]. */
  readonly second: Float64Array;
}

function unitOf(vector: Float32Array): Float64Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return Float64Array.from(vector, (value) => (length === 0 ? 0 : value / length));
}

function measure(units: readonly Float64Array[], query: Float64Array) {
  let sum = 0;
  let squares = 0;
  for (const unit of units) {
    let dot = 0;
    for (let i = 0; i < query.length; i += 1) dot += (query[i] ?? 0) * (unit[i] ?? 0);
    sum += dot;
    squares += dot * dot;
  }
  return { mean: sum / units.length, square: squares / units.length };
}

function momentsOf(units: readonly Float64Array[], dimension: number): Moments {
  const first = new Float64Array(dimension);
  const second = new Float64Array((dimension * (dimension + 1)) / 2);
  for (const unit of units) {
    let place = 0;
    for (let i = 0; i < dimension; i += 1) {
      const value = (unit[i] ?? 0) / units.length;
      first[i] = (first[i] ?? 0) + value;
      second[place] = (second[place] ?? 0) + value * (unit[i] ?? 0);
      const rest = place - i;
      for (let j = i + 1; j < dimension; j += 1)
        second[rest + j] = (second[rest + j] ?? 0) + 2 * value * (unit[j] ?? 0);
      place += dimension - i;
    }
  }
  return { first, second };
}

function applyMoments({ first, second }: Moments, query: Float64Array) {
  let mean = 0;
  let square = 0;
  let place = 0;
  for (let i = 0; i < query.length; i += 1) {
    const value = query[i] ?? 0;
    mean += value * (first[i] ?? 0);
    const rest = place - i;
    // Four sums at once do not wait for each other.
    let [a, b, c, d] = [0, 0, 0, 0];
    let j = i;
    for (; j + 3 < query.length; j += 4) {
      a += (second[rest + j] ?? 0) * (query[j] ?? 0);
      b += (second[rest + j + 1] ?? 0) * (query[j + 1] ?? 0);
      c += (second[rest + j + 2] ?? 0) * (query[j + 2] ?? 0);
      d += (second[rest + j + 3] ?? 0) * (query[j + 3] ?? 0);
    }
    for (; j < query.length; j += 1) a += (second[rest + j] ?? 0) * (query[j] ?? 0);
    square += value * (a + b + (c + d));
    place += query.length - i;
  }
  return { mean, square };
}
