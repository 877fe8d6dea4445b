import { basename } from 'node:path';
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
  // Whoever reads the registry learns names, not where this machine keeps its files.
  const adapterFolder =
    job.lora !== undefined && 'init_from' in job.lora ? job.lora.init_from : undefined;
  const named = {
    ...settings,
    ...(typeof job.model === 'string' && { model: options.baseName ?? basename(job.model) }),
    train_data: basename(job.train_data),
    ...(job.eval_data !== undefined && { eval_data: basename(job.eval_data) }),
    ...(adapterFolder !== undefined && {
      lora: { ...job.lora, init_from: basename(adapterFolder) },
    }),
  };
  return registerTrainedModel({
    ...rest,
    folder,
    ...(typeof job.model === 'string' && { modelFolder: job.model }),
    ...(adapterFolder !== undefined && { adapterFolder }),
    dataFiles: [job.train_data, job.eval_data].filter((file) => file !== undefined),
    config: JSON.parse(JSON.stringify(named)) as JsonObject,
  });
}
