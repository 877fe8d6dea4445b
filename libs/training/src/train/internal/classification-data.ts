import type { TrainingJob } from '../job-schema.js';
import { TrainingDataError } from '../../errors.js';
import type { LabelledRow } from '../encoder-rows.js';
import { readLabelledRows } from '../read-encoder-rows.js';
import { classificationMetrics } from './classification-metrics.js';
import type { StepBatch } from './create-stepper.js';
import { encodeAll } from './encode-all.js';
import { groupShape, longestOf, makeEncoderBatch } from './encoder-batch.js';
import type { EncoderDataOptions } from './encoder-data.js';
import { encoderSteps } from './encoder-steps.js';
import type { TaskData } from './prepare-data.js';

/** Texts with one label, or with any number of them. */
export async function classificationData(
  options: EncoderDataOptions & {
    readonly labels: readonly string[];
    readonly classification: NonNullable<TrainingJob['classification']>;
  },
): Promise<TaskData> {
  const { job, maxLength, stepper, labels, classification } = options;
  const isMulti = classification.multi_label;
  const padding = { maxLength, multiple: job.pad_to_multiple_of };
  const { rows, evaluation } = await options.read<LabelledRow>((file, tokenizer) =>
    readLabelledRows({ ...options, file, tokenizer, isMulti }),
  );
  const texts = [...rows, ...evaluation].map(({ text }) => text);
  const weights = labelWeights(options, rows);
  const weightOf = ({ labels: [label = 0] }: LabelledRow): number => weights[label] ?? 1;
  const build = (members: readonly LabelledRow[]): StepBatch => {
    const batch = makeEncoderBatch([members.map(({ text }) => text)], padding);
    const shape = [members.length];
    if (!isMulti)
      return {
        batch,
        feeds: {
          labels: {
            dtype: 'int32',
            shape,
            data: Int32Array.from(members, (row) => row.labels[0] ?? 0),
          },
          weights: { dtype: 'float32', shape, data: Float32Array.from(members, weightOf) },
        },
      };
    const gains = new Float32Array(members.length * labels.length);
    const costs = new Float32Array(gains.length).fill(1);
    for (const [n, row] of members.entries())
      for (const label of row.labels) {
        gains[n * labels.length + label] = weights[label] ?? 1;
        costs[n * labels.length + label] = 0;
      }
    const full = [members.length, labels.length];
    return {
      batch,
      feeds: {
        gains: { dtype: 'float32', shape: full, data: gains },
        costs: { dtype: 'float32', shape: full, data: costs },
      },
    };
  };
  return {
    ...encoderSteps({
      job,
      rows,
      evaluation,
      lengthOf: ({ text }) => text.ids.length,
      unitsOf: (members) =>
        isMulti
          ? members.length * labels.length
          : members.reduce((total, row) => total + weightOf(row), 0),
      build,
    }),
    largest: [groupShape(job.batch_size, longestOf(texts), padding)],
    cutTexts: texts.filter(({ isCut }) => isCut).length,
    ...(evaluation.length === 0
      ? {}
      : {
          measure: async () =>
            classificationMetrics({
              scores: await encodeAll({
                texts: evaluation.map(({ text }) => text),
                stepper,
                padding,
                batchSize: job.batch_size,
              }),
              labels: evaluation.map((row) => row.labels),
              count: labels.length,
              isMulti,
            }),
        }),
  };
}

/** What a text counts by its label; with several labels, what it counts that a text has one. */
function labelWeights(
  {
    job,
    labels,
    classification,
  }: {
    readonly job: TrainingJob;
    readonly labels: readonly string[];
    readonly classification: NonNullable<TrainingJob['classification']>;
  },
  rows: readonly LabelledRow[],
): number[] {
  const { multi_label: isMulti } = classification;
  const given = (isMulti ? classification.pos_weight : classification.class_weights) ?? 1;
  if (typeof given === 'number') return labels.map(() => given);
  if (given === 'balanced')
    return labels.map((name, label) => {
      const count = rows.filter((row) => row.labels.includes(label)).length;
      if (count === 0)
        throw new TrainingDataError({
          file: job.train_data,
          problem: `no row has the label ${name}, so that it cannot be balanced`,
        });
      return isMulti ? (rows.length - count) / count : rows.length / (labels.length * count);
    });
  const unknown = Object.keys(given).find((name) => !labels.includes(name));
  if (unknown !== undefined)
    throw new TrainingDataError({
      file: job.train_data,
      problem: `${isMulti ? 'pos_weight' : 'class_weights'} names the label ${unknown}, but the labels are ${labels.join(', ')}`,
    });
  return labels.map((name) => given[name] ?? 1);
}
