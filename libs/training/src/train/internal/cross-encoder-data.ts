import type { TensorData } from '@espalier/core';
import { MASKED } from '../../models/attention-bias.js';
import type { JudgedRow, RankedRow } from '../encoder-rows.js';
import { readJudgedRows, readRankedRows } from '../read-encoder-rows.js';
import { averagePrecision, harmonicMean } from './classification-metrics.js';
import type { StepBatch } from './create-stepper.js';
import { encodeAll } from './encode-all.js';
import { groupShape, longestOf, makeEncoderBatch } from './encoder-batch.js';
import type { EncoderDataOptions } from './encoder-data.js';
import { encoderSteps } from './encoder-steps.js';
import type { TaskData } from './prepare-data.js';
import { rankingMetrics } from './ranking-metrics.js';

/** Pairs with a label from 0 to 1, each on its own. */
export async function judgedData(
  options: EncoderDataOptions & { readonly positiveWeight: number },
): Promise<TaskData> {
  const { job, maxLength, stepper, positiveWeight } = options;
  const padding = { maxLength, multiple: job.pad_to_multiple_of };
  const { rows, evaluation } = await options.read<JudgedRow>((file, tokenizer) =>
    readJudgedRows({ ...options, file, tokenizer }),
  );
  const all = [...rows, ...evaluation].map(({ pair }) => pair);
  const build = (members: readonly JudgedRow[]): StepBatch => {
    const column = (of: (label: number) => number): TensorData => ({
      dtype: 'float32',
      shape: [members.length, 1],
      data: Float32Array.from(members, ({ label }) => of(label)),
    });
    return {
      batch: makeEncoderBatch([members.map(({ pair }) => pair)], padding),
      feeds: {
        gains: column((label) => positiveWeight * label),
        costs: column((label) => 1 - label),
      },
    };
  };
  return {
    ...encoderSteps({
      job,
      rows,
      evaluation,
      lengthOf: ({ pair }) => pair.ids.length,
      unitsOf: (members) => members.length,
      build,
    }),
    largest: [groupShape(job.batch_size, longestOf(all), padding)],
    cutTexts: all.filter(({ isCut }) => isCut).length,
    ...(evaluation.length === 0
      ? {}
      : {
          measure: async () => {
            const texts = evaluation.map(({ pair }) => pair);
            const batchSize = job.batch_size;
            const found = await encodeAll({ texts, stepper, padding, batchSize });
            return judgedMetrics(
              evaluation,
              found.map(([score = 0]) => score),
            );
          },
        }),
  };
}

/** Where the same first text stands in several pairs, those are also ranked. */
function judgedMetrics(rows: readonly JudgedRow[], scores: readonly number[]) {
  const isRight = rows.map(({ label }) => label > 0.5);
  const found = scores.map((score) => score > 0);
  const lists = new Map<string, { scores: number[]; gains: number[] }>();
  for (const [n, { query, label }] of rows.entries()) {
    const list = lists.get(query) ?? { scores: [], gains: [] };
    list.scores.push(scores[n] ?? 0);
    list.gains.push(label);
    lists.set(query, list);
  }
  const ranked = [...lists.values()].filter((list) => list.scores.length > 1);
  const precision = averagePrecision(scores, isRight);
  return {
    accuracy: found.filter((is, n) => is === isRight[n]).length / rows.length,
    f1: harmonicMean(found, isRight),
    ...(precision === undefined ? {} : { average_precision: precision }),
    ...rankingMetrics(ranked),
  };
}

/** Lists of pairs of which the first is right; with a teacher's scores, their differences. */
export async function rankedData(
  options: EncoderDataOptions & { readonly isTaught: boolean },
): Promise<TaskData> {
  const { job, maxLength, stepper, isTaught } = options;
  const padding = { maxLength, multiple: job.pad_to_multiple_of };
  const { rows, evaluation } = await options.read<RankedRow>((file, tokenizer) =>
    readRankedRows({ ...options, file, tokenizer, isTaught }),
  );
  const all = [...rows, ...evaluation];
  const pairs = all.flatMap((row) => row.pairs);
  const most = Math.max(...all.map((row) => row.pairs.length));
  const build = (members: readonly RankedRow[]): StepBatch => {
    const size = Math.max(...members.map((row) => row.pairs.length));
    const matrix = (of: (row: RankedRow, place: number) => number): TensorData => ({
      dtype: 'float32',
      shape: [members.length, size],
      data: Float32Array.from({ length: members.length * size }, (_, i) => {
        const row = members[Math.floor(i / size)];
        return row === undefined ? 0 : of(row, i % size);
      }),
    });
    const first = members.flatMap((row) => row.pairs[0] ?? []);
    // A list that has ended is filled with its first pair, which then counts nothing.
    const others = members.flatMap(({ pairs: [head, ...rest] }) =>
      Array.from({ length: size - 1 }, (_, i) => rest[i] ?? head).filter(
        (pair) => pair !== undefined,
      ),
    );
    const isThere = (row: RankedRow, place: number): boolean => place < row.pairs.length;
    return {
      batch: makeEncoderBatch([first, others], padding),
      feeds: isTaught
        ? {
            weights: matrix((row, place) => Number(place > 0 && isThere(row, place))),
            margins: matrix((row, place) => (row.scores[0] ?? 0) - (row.scores[place] ?? 0)),
          }
        : { apart: matrix((row, place) => (isThere(row, place) ? 0 : MASKED)) },
    };
  };
  const groups = [
    groupShape(job.batch_size, longestOf(pairs), padding),
    groupShape(job.batch_size * (most - 1), longestOf(pairs), padding),
  ];
  return {
    ...encoderSteps({
      job,
      rows,
      evaluation,
      lengthOf: (row) => longestOf(row.pairs),
      unitsOf: (members) =>
        isTaught ? members.reduce((total, row) => total + row.pairs.length - 1, 0) : members.length,
      build,
    }),
    largest: groups,
    cutTexts: pairs.filter(({ isCut }) => isCut).length,
    ...(evaluation.length === 0
      ? {}
      : {
          measure: async () => {
            const texts = evaluation.flatMap((row) => row.pairs);
            const batchSize = job.batch_size;
            const found = await encodeAll({ texts, stepper, padding, batchSize });
            let at = 0;
            return rankingMetrics(
              evaluation.map((row) => ({
                scores: row.pairs.map(() => found[at++]?.[0] ?? 0),
                gains: row.pairs.map((_, place) => Number(place === 0)),
              })),
            );
          },
        }),
  };
}
