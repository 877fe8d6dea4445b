/** Vectors to measure with: those of the index, and queries that are not in it. */
export interface BenchVectors {
  readonly vectors: readonly Float32Array[];
  readonly queries: readonly Float32Array[];
}

/** How vectors are drawn: `clustered` as embeddings of texts lie, `iid` without any structure. */
export type BenchDistribution = 'clustered' | 'iid';

/** Shares of the length of a clustered vector: its field, its topic within the field, and itself. */
const MIXTURE = { field: 0.5, topic: 0.7, own: 0.8 } as const;
const VECTORS_PER_TOPIC = 100;
const TOPICS_PER_FIELD = 20;

/**
 * Draws unit vectors; the same for the same seed.
 *
 * `iid`: Gaussian directions. `clustered`: the direction of .5 × field + .7 × topic + .8 × own, each a random direction;
 * there is a topic for each 100 vectors and a field for each 20 topics, and topic k is drawn with weight 1 / (k + 10),
 * so that topics have from a handful to thousands of members. Two vectors of one topic have a cosine near .54, of one
 * field near .18. Queries come from the same mixture.
 */
export function drawBenchVectors(options: {
  count: number;
  dimension: number;
  queries: number;
  seed: number;
  distribution: BenchDistribution;
}): BenchVectors {
  const { count, dimension } = options;
  const random = mulberry32(options.seed);
  const direction = (): Float32Array => unit(gaussian(random, dimension));
  const topics = Math.max(1, Math.ceil(count / VECTORS_PER_TOPIC));
  const isClustered = options.distribution === 'clustered';
  const fieldVectors = drawn(isClustered ? Math.ceil(topics / TOPICS_PER_FIELD) : 0, direction);
  const topicVectors = drawn(isClustered ? topics : 0, direction);
  const bounds: number[] = [];
  for (let topic = 0; topic < topics; topic += 1)
    bounds.push((bounds.at(-1) ?? 0) + 1 / (topic + 10));

  const draw = (): Float32Array => {
    const vector = direction();
    if (!isClustered) return vector;
    const at = random() * (bounds.at(-1) ?? 0);
    const topic = firstAbove(bounds, at);
    const topicVector = topicVectors[topic] ?? vector;
    const fieldVector = fieldVectors[Math.floor(topic / TOPICS_PER_FIELD)] ?? vector;
    for (let i = 0; i < dimension; i += 1) {
      vector[i] =
        MIXTURE.field * (fieldVector[i] ?? 0) +
        MIXTURE.topic * (topicVector[i] ?? 0) +
        MIXTURE.own * (vector[i] ?? 0);
    }
    return unit(vector);
  };
  return { vectors: drawn(count, draw), queries: drawn(options.queries, draw) };
}

function drawn(count: number, draw: () => Float32Array): Float32Array[] {
  return Array.from({ length: count }, draw);
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Independent normal values, by the method of Box and Muller. */
function gaussian(random: () => number, dimension: number): Float32Array {
  const values = new Float32Array(dimension);
  for (let i = 0; i < dimension; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < dimension) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}

function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const factor = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) * factor;
  return vector;
}

function firstAbove(bounds: readonly number[], at: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** For each query the positions of its nearest unit vectors, by comparing with all. */
export function trueNeighbours(options: {
  vectors: readonly Float32Array[];
  queries: readonly Float32Array[];
  size: number;
}): number[][] {
  return options.queries.map((query) => {
    const scores = Float64Array.from(options.vectors, (vector) => {
      let sum = 0;
      for (let i = 0; i < query.length; i += 1) sum += (vector[i] ?? 0) * (query[i] ?? 0);
      return sum;
    });
    const order = Array.from(scores.keys());
    const bound = scores.toSorted().at(-options.size) ?? -Infinity;
    return order
      .filter((index) => (scores[index] ?? 0) >= bound)
      .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
      .slice(0, options.size);
  });
}
