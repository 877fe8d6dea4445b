import type { TensorData } from '@espalier/core';
import type { TrainingJob } from '../job-schema.js';
import type { PairRow, RatedRow, TokenRow } from '../token-rows.js';
import { makeBatch, scoredCount, type Batch, type Padding } from './batch.js';
import type { StepBatch, Stepper } from './create-stepper.js';
import type { EvaluationBatch, TaskData } from './prepare-data.js';
import { createStepIndices } from './step-indices.js';

interface PreferenceOptions<Row> {
  readonly job: TrainingJob;
  readonly rows: readonly Row[];
  readonly evaluation: readonly Row[];
  readonly maxLength: number;
  readonly stepper: Stepper;
}

const vector = (data: Float32Array): TensorData => ({
  dtype: 'float32',
  shape: [data.length],
  data,
});

const lengthOf = (row: TokenRow): number => row.ids.length;

/** Pairs for DPO; each pair that the run will meet is scored once under the initial weights. */
export async function pairData(options: PreferenceOptions<PairRow>): Promise<TaskData> {
  const { job, rows, evaluation, stepper } = options;
  const padding = { maxLength: options.maxLength, multiple: job.pad_to_multiple_of };
  const scores = new Map<PairRow, readonly number[]>();
  const score = async (pair: PairRow): Promise<void> => {
    if (scores.has(pair)) return;
    const found = await stepper.scoreRows(makeBatch([pair.chosen, pair.rejected], padding));
    scores.set(pair, [...found]);
  };
  const build = (pairs: readonly PairRow[]): StepBatch => {
    const part = (index: 0 | 1): number[] =>
      pairs.map((pair) => scores.get(pair)?.[index] ?? Number.NaN);
    return {
      batch: makeBatch(sideBySide(pairs), padding),
      feeds: { reference: vector(Float32Array.from([...part(0), ...part(1)])) },
      isWanted: pairFlags(pairs.length),
    };
  };
  const data = pairSteps({ ...options, build });
  for (const pair of [...data.met, ...evaluation]) await score(pair);
  return { ...data, longest: longestPair([...rows, ...evaluation]) };
}

/** Pairs for ORPO, which has no reference. */
export function oddsData(options: PreferenceOptions<PairRow>): TaskData {
  const { job, rows, evaluation } = options;
  const padding = { maxLength: options.maxLength, multiple: job.pad_to_multiple_of };
  const build = (pairs: readonly PairRow[], all: readonly PairRow[]): StepBatch => {
    const members = sideBySide(pairs);
    const batch = makeBatch(members, padding);
    const isLearned = (row: TokenRow, i: number): boolean =>
      i > 0 && (job.loss_on === 'all' || row.isScored[i] === 1);
    const learnedCount = (row: TokenRow): number =>
      row.ids.reduce((total, _, i) => total + Number(isLearned(row, i)), 0);
    const count = all.reduce((total, { chosen }) => total + learnedCount(chosen), 0);
    const likelihoods = new Float32Array(batch.rows * batch.length);
    for (const [n, { chosen }] of pairs.entries())
      for (let i = 1; i < chosen.ids.length; i++)
        if (isLearned(chosen, i)) likelihoods[n * batch.length + i - 1] = all.length / count;
    return {
      batch,
      feeds: {
        lengths: vector(Float32Array.from(members, (row) => 1 / scoredCount(row))),
        likelihoods: { dtype: 'float32', shape: [batch.rows, batch.length], data: likelihoods },
      },
      isWanted: pairFlags(pairs.length),
    };
  };
  return {
    ...pairSteps({ ...options, build }),
    longest: longestPair([...rows, ...evaluation]),
  };
}

/**
 * Single answers for KTO. Each batch also has every prompt with the answer of the row before it, whose divergence from the
 * initial weights is what rewards are measured from.
 */
export async function ratedData(options: PreferenceOptions<RatedRow>): Promise<TaskData> {
  const { job, rows, evaluation, stepper } = options;
  const padding: Padding = { maxLength: options.maxLength, multiple: job.pad_to_multiple_of };
  const indicesOf = createStepIndices(
    job,
    rows.map(({ row }) => lengthOf(row)),
  );
  const membersOf = (step: number): RatedRow[][] =>
    indicesOf(step).map((indices) => indices.flatMap((index) => rows[index] ?? []));
  const references = new Map<string, Float32Array>();
  const numbers = new Map([...rows, ...evaluation].map((row, number) => [row, number]));
  const keyOf = (members: readonly RatedRow[]): string =>
    members.map((row) => numbers.get(row)).join(' ');
  const batchesOf = (members: readonly RatedRow[]): { own: Batch; mismatched: Batch } => ({
    own: makeBatch(
      members.map(({ row }) => row),
      padding,
    ),
    mismatched: makeBatch(mismatch(members, padding.maxLength), padding),
  });
  const score = async (members: readonly RatedRow[]): Promise<void> => {
    const key = keyOf(members);
    if (references.has(key)) return;
    const { own, mismatched } = batchesOf(members);
    const [first, second] = [await stepper.scoreRows(own), await stepper.scoreRows(mismatched)];
    references.set(key, Float32Array.from([...first, ...second]));
  };
  const build = (members: readonly RatedRow[]): StepBatch => {
    const { own, mismatched } = batchesOf(members);
    const reference = references.get(keyOf(members)) ?? new Float32Array(2 * members.length);
    const isWanted = Uint8Array.from(members, (row) => Number(row.isWanted));
    return {
      batch: own,
      isWanted,
      mismatched: { batch: mismatched, reference: reference.subarray(members.length) },
      feeds: {
        reference: vector(reference.slice(0, members.length)),
        directions: vector(Float32Array.from(isWanted, (flag) => 2 * flag - 1)),
        importance: vector(
          Float32Array.from(isWanted, (flag) =>
            flag === 1 ? job.desirable_weight : job.undesirable_weight,
          ),
        ),
      },
    };
  };
  const evaluated = chunks(evaluation, job.batch_size);
  for (let step = 0; step < job.max_steps; step++)
    for (const members of membersOf(step)) await score(members);
  for (const members of evaluated) await score(members);
  return {
    longest: Math.max(...rows.map(({ row }) => lengthOf(row))),
    stepBatches: (step) => ({
      batches: membersOf(step).map(build),
      share: 1 / (job.batch_size * job.gradient_accumulation),
    }),
    evaluationBatches: () =>
      evaluated.map((members) => ({ ...build(members), units: members.length })),
  };
}

/** Each prompt with the answer of the row before it; the first with that of the last. */
function mismatch(members: readonly RatedRow[], maxLength: number): TokenRow[] {
  return members.map(({ row }, n) => {
    const other = members.at(n - 1)?.row ?? row;
    const prompt = row.ids.subarray(0, row.isScored.indexOf(1));
    const answer = other.ids.subarray(other.isScored.indexOf(1));
    const ids = Int32Array.from([...prompt, ...answer]).subarray(0, maxLength);
    return {
      ids,
      isScored: new Uint8Array(ids.length).fill(1, Math.min(prompt.length, ids.length)),
    };
  });
}

function pairSteps(
  options: PreferenceOptions<PairRow> & {
    readonly build: (pairs: readonly PairRow[], all: readonly PairRow[]) => StepBatch;
  },
): Pick<TaskData, 'stepBatches' | 'evaluationBatches'> & { readonly met: ReadonlySet<PairRow> } {
  const { job, rows, evaluation, build } = options;
  const indicesOf = createStepIndices(
    job,
    rows.map(({ chosen, rejected }) => Math.max(lengthOf(chosen), lengthOf(rejected))),
  );
  const membersOf = (step: number): PairRow[][] =>
    indicesOf(step).map((indices) => indices.flatMap((index) => rows[index] ?? []));
  const met = new Set<PairRow>();
  for (let step = 0; step < job.max_steps && met.size < rows.length; step++)
    for (const pair of membersOf(step).flat()) met.add(pair);
  return {
    met,
    stepBatches(step) {
      const members = membersOf(step);
      const all = members.flat();
      return {
        batches: members.map((pairs) => build(pairs, all)),
        share: 1 / all.length,
      };
    },
    *evaluationBatches(): Iterable<EvaluationBatch> {
      for (const pairs of chunks(evaluation, job.batch_size))
        yield { ...build(pairs, pairs), units: pairs.length };
    },
  };
}

function sideBySide(pairs: readonly PairRow[]): TokenRow[] {
  return [...pairs.map(({ chosen }) => chosen), ...pairs.map(({ rejected }) => rejected)];
}

function pairFlags(pairs: number): Uint8Array {
  return new Uint8Array(2 * pairs).fill(1, 0, pairs);
}

function longestPair(pairs: readonly PairRow[]): number {
  return Math.max(
    ...pairs.map(({ chosen, rejected }) => Math.max(lengthOf(chosen), lengthOf(rejected))),
  );
}

function chunks<Row>(rows: readonly Row[], size: number): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
    rows.slice(i * size, (i + 1) * size),
  );
}
