import type { Tokenizer } from '@espalier/encoders';
import { MASKED } from '../../models/attention-bias.js';
import type { EncodedText } from '../encode-text.js';
import type { RetrievalRow } from '../encoder-rows.js';
import type { TrainingJob } from '../job-schema.js';
import { readRetrievalRows } from '../read-encoder-rows.js';
import { encodeAll } from './encode-all.js';
import { groupShape, longestOf, makeEncoderBatch } from './encoder-batch.js';
import type { EncoderDataOptions } from './encoder-data.js';
import { encoderSteps } from './encoder-steps.js';
import { rankingMetrics } from './ranking-metrics.js';
import type { StepBatch } from './create-stepper.js';
import type { TaskData } from './prepare-data.js';

/** Queries and passages of the task `embedding`. */
export async function embeddingData(
  options: EncoderDataOptions & { readonly embedding: NonNullable<TrainingJob['embedding']> },
): Promise<TaskData> {
  const { job, embedding, maxLength, stepper } = options;
  const padding = { maxLength, multiple: job.pad_to_multiple_of };
  const isTriplet = embedding.loss === 'triplet';
  const read = (file: string, tokenizer: Tokenizer): Promise<RetrievalRow[]> =>
    readRetrievalRows({
      ...options,
      file,
      tokenizer,
      queryPrefix: embedding.query_prefix,
      passagePrefix: embedding.passage_prefix,
      needsNegatives: isTriplet,
    });
  const { rows, evaluation } = await options.read(read);
  const all = [...rows, ...evaluation];
  const passagesOf = (row: RetrievalRow): EncodedText[] => [row.positive, ...row.negatives];
  const largest = all.reduce((most, { negatives }) => Math.max(most, negatives.length), 0);
  const longestPassage = longestOf(all.flatMap(passagesOf));
  const size = job.batch_size;
  return {
    ...encoderSteps({
      job,
      rows,
      evaluation,
      lengthOf: (row) => longestOf([row.query, ...passagesOf(row)]),
      unitsOf: (members) => (isTriplet ? negativesOf(members).length : members.length),
      build: (members) => (isTriplet ? triplets(members) : contrasts(members)),
    }),
    largest: [
      groupShape(size, longestOf(all.map(({ query }) => query)), padding),
      ...(isTriplet
        ? [
            groupShape(size, longestPassage, padding),
            groupShape(size * largest, longestPassage, padding),
          ]
        : [groupShape(size * (1 + largest), longestPassage, padding)]),
    ],
    cutTexts: all.flatMap((row) => [row.query, ...passagesOf(row)]).filter(({ isCut }) => isCut)
      .length,
    ...(evaluation.length === 0 ? {} : { measure: () => measure(evaluation) }),
  };

  function contrasts(members: readonly RetrievalRow[]): StepBatch {
    const candidates = [...members.map(({ positive }) => positive), ...negativesOf(members)];
    const apart = new Float32Array(members.length * candidates.length);
    for (const [i, { positive }] of members.entries())
      for (const [j, candidate] of candidates.entries())
        if (i !== j && candidate === positive) apart[i * candidates.length + j] = MASKED;
    return {
      batch: makeEncoderBatch([members.map(({ query }) => query), candidates], padding),
      feeds: {
        apart: { dtype: 'float32', shape: [members.length, candidates.length], data: apart },
      },
    };
  }

  function triplets(members: readonly RetrievalRow[]): StepBatch {
    const negatives = negativesOf(members);
    const anchors = members.flatMap((row, i) => row.negatives.map(() => i));
    return {
      batch: makeEncoderBatch(
        [members.map(({ query }) => query), members.map(({ positive }) => positive), negatives],
        padding,
      ),
      feeds: {
        anchors: { dtype: 'int32', shape: [anchors.length], data: Int32Array.from(anchors) },
      },
    };
  }

  /** Each query against all passages of the evaluation. */
  async function measure(judged: readonly RetrievalRow[]) {
    const passages = [...new Set(judged.flatMap(passagesOf))];
    const encode = async (texts: readonly EncodedText[]): Promise<Float32Array[]> =>
      (await encodeAll({ texts, stepper, padding, batchSize: job.batch_size })).map(unit);
    const queries = await encode(judged.map(({ query }) => query));
    const vectors = await encode(passages);
    return rankingMetrics(
      judged.map(({ positive }, n) => ({
        scores: vectors.map((vector) => dot(queries[n] ?? vector, vector)),
        gains: passages.map((passage) => Number(passage === positive)),
      })),
    );
  }
}

function negativesOf(rows: readonly RetrievalRow[]): EncodedText[] {
  return rows.flatMap(({ negatives }) => negatives);
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
}
