import { createSeededRandom } from '@espalier/core';
import type { TrainingJob } from '../job-schema.js';
import { createRowStream, mixSeed } from '../row-stream.js';

/** Batches of similar length are found among this many at once, but in four stretches of the data at least. */
const GROUPED_BATCHES = 50;
const LEAST_GROUPS = 4;
/** Keeps the order of batches apart from other uses of the seed. */
const GROUP_SEED = 0x6c656e;

/** Which rows stand in each batch of a step, counted from 0. */
export function createStepIndices(
  job: TrainingJob,
  lengths: readonly number[],
): (step: number) => number[][] {
  const { batch_size: size, gradient_accumulation: parts } = job;
  const plain = createRowStream({
    count: lengths.length,
    seed: job.seed,
    isShuffled: job.shuffle,
  });
  const indexOf = job.group_by_length ? grouped(job, lengths, plain) : plain;
  return (step) =>
    Array.from({ length: parts }, (_, part) =>
      Array.from({ length: size }, (__, i) => indexOf((step * parts + part) * size + i)),
    );
}

/**
 * Sorts stretches of the stream by length, so that the rows of a batch are padded little.
 *
 * With `shuffle` the batches of a stretch are mixed again; it depends on k alone, as the stream does.
 */
function grouped(
  job: TrainingJob,
  lengths: readonly number[],
  plain: (k: number) => number,
): (k: number) => number {
  const { batch_size: size } = job;
  const many = Math.floor(lengths.length / (size * LEAST_GROUPS));
  const stretch = size * Math.min(Math.max(many, 1), GROUPED_BATCHES);
  let known: { number: number; indices: number[] } | undefined;
  return (k) => {
    const number = Math.floor(k / stretch);
    if (known?.number !== number) {
      const members = Array.from({ length: stretch }, (_, i) => plain(number * stretch + i));
      const sorted = members.toSorted((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
      known = { number, indices: job.shuffle ? mixedBatches(sorted, job, number) : sorted };
    }
    return known.indices[k % stretch] ?? 0;
  };
}

function mixedBatches(sorted: readonly number[], job: TrainingJob, number: number): number[] {
  const { batch_size: size } = job;
  const random = createSeededRandom(mixSeed(job.seed ^ GROUP_SEED, number));
  const batches = Array.from({ length: sorted.length / size }, (_, i) => ({
    key: random.next(),
    members: sorted.slice(i * size, (i + 1) * size),
  }));
  return batches.sort((a, b) => a.key - b.key).flatMap(({ members }) => members);
}
