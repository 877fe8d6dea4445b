import { VectorInvalidError } from '../errors.js';

/**
 * Throws unless the vector has the dimension of the index and finite values only.
 *
 * @throws {VectorInvalidError} `ERR_RAG_VECTOR_INVALID`
 */
export function assertVector(options: {
  index: string;
  dimension: number;
  vector: Float32Array;
  id?: string;
}): void {
  const { index, dimension, vector } = options;
  const id = options.id === undefined ? {} : { id: options.id };
  if (vector.length !== dimension) {
    const problem = `it has ${vector.length} values instead of ${dimension}`;
    throw new VectorInvalidError({ index, ...id, problem });
  }
  const position = vector.findIndex((value) => !Number.isFinite(value));
  if (position >= 0) {
    throw new VectorInvalidError({
      index,
      ...id,
      problem: `value ${position} is ${vector[position]}`,
    });
  }
}
