import type { JsonObject } from '@espalier/core';
import { registerTrainedModel, type ModelRegistry, type RegistryEntry } from '@espalier/mlops';
import type { TrainingJob } from '@espalier/training';

/** Registers what a job wrote to its `output_dir`, with its settings. */
export function registerTrainedJob(options: {
  readonly registry: ModelRegistry;
  readonly job: TrainingJob;
  readonly name: string;
  readonly id?: string;
  readonly baseName?: string;
  readonly codeVersion: string;
  readonly metrics: Readonly<Record<string, number>>;
}): Promise<RegistryEntry> {
  const { job, ...rest } = options;
  const { output_dir: folder, logging_dir: _logs, register: _name, ...settings } = job;
  return registerTrainedModel({
    ...rest,
    folder,
    ...(typeof job.model === 'string' && { modelFolder: job.model }),
    dataFiles: [job.train_data, job.eval_data].filter((file) => file !== undefined),
    config: JSON.parse(JSON.stringify(settings)) as JsonObject,
  });
}
