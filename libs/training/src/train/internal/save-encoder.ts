import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModelWeights } from '../../files/open-model-weights.js';
import { ModelFileError } from '../../errors.js';
import type { LoadedModel } from '../../models/load-model.js';
import {
  writeSentenceSettings,
  writeTokenizerLimit,
} from '../../models/sentence-transformer-files.js';
import type { TrainingJob } from '../job-schema.js';
import type { EncoderSettings } from './prepare-encoder.js';

/** The `config.json` of what is written: that of the base with its head and labels. */
export function encoderConfigText(
  configText: string,
  { task, labels }: EncoderSettings,
  job: TrainingJob,
): string {
  const config = JSON.parse(configText) as Record<string, unknown>;
  const { num_labels: _count, ...rest } = config;
  if (task === 'embedding')
    return `${JSON.stringify({ ...rest, architectures: ['BertModel'] }, null, 2)}\n`;
  const full = {
    ...rest,
    architectures: ['BertForSequenceClassification'],
    id2label: Object.fromEntries(labels.map((name, i) => [i, name])),
    label2id: Object.fromEntries(labels.map((name, i) => [name, i])),
    ...(task === 'classification'
      ? {
          problem_type:
            job.classification?.multi_label === true
              ? 'multi_label_classification'
              : 'single_label_classification',
        }
      : {
          sentence_transformers: {
            activation_fn: 'torch.nn.modules.activation.Sigmoid',
          },
        }),
  };
  return `${JSON.stringify(full, null, 2)}\n`;
}

/** Writes the files beside the weights by which sentence-transformers and classifiers find their way. */
export async function saveEncoderFiles(options: {
  readonly job: TrainingJob;
  readonly model: LoadedModel;
  readonly encoder: EncoderSettings;
}): Promise<void> {
  const { job, model, encoder } = options;
  const folder = job.output_dir;
  await writeTokenizerLimit(folder, encoder.maxLength);
  if (encoder.task === 'embedding')
    await writeSentenceSettings({
      folder,
      width: model.config.width,
      pooling: encoder.pooling,
      maxLength: encoder.maxLength,
      queryPrefix: job.embedding?.query_prefix ?? '',
      passagePrefix: job.embedding?.passage_prefix ?? '',
    });
  else if (model.adapter !== undefined)
    try {
      await writeFile(
        join(folder, 'config.json'),
        encoderConfigText(model.configText, encoder, job),
      );
    } catch (cause) {
      throw new ModelFileError({ file: folder, problem: 'it cannot be written', cause });
    }
}

/** The pooler of a plain encoder, which no vector depends on, but which belongs to the model's class. */
export async function readPooler(
  model: LoadedModel,
): Promise<{ name: string; shape: readonly number[]; values: Float32Array }[]> {
  const weights = await openModelWeights(model.folder);
  try {
    const stored = [...weights.tensors].filter(([name]) =>
      /^(?:bert\.)?pooler\.dense\.(?:weight|bias)$/u.test(name),
    );
    return await Promise.all(
      stored.map(async ([name, { shape }]) => ({
        name: name.replace(/^bert\./u, ''),
        shape,
        values: await weights.readFloats(name),
      })),
    );
  } finally {
    await weights.close();
  }
}
