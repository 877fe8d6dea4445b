import { readFile } from 'node:fs/promises';
import { ConfigError, parseConfig } from '@espalier/core';
import { parse } from 'yaml';
import { TrainingDataError } from '../errors.js';
import { trainingJobSchema, type TrainingJob } from './job-schema.js';

/**
 * Reads a job file, YAML or JSON.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: no such file, or no YAML.
 * @throws {ConfigError} `ERR_CORE_CONFIG_INVALID`: unknown, missing, wrong or contradictory fields, all named.
 */
export async function readTrainingJob(file: string): Promise<TrainingJob> {
  let value: unknown;
  try {
    value = parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new TrainingDataError({ file, problem: `it cannot be read: ${problem}`, cause });
  }
  const job = parseConfig(trainingJobSchema, value, { source: file });
  const contradict = (path: string, message: string, found: unknown): never => {
    throw new ConfigError({
      source: file,
      issues: [{ path, message, value: JSON.stringify(found) }],
    });
  };
  if (job.warmup_steps > job.max_steps)
    contradict('warmup_steps', `Is more than max_steps, ${job.max_steps}.`, job.warmup_steps);
  if (job.task === 'dpo' && job.packing)
    contradict('packing', 'Pairs of dpo cannot be packed.', true);
  if (job.task !== 'pretrain' && job.tokenizer === 'characters')
    contradict('tokenizer', 'Characters are for the task pretrain.', job.tokenizer);
  if (typeof job.model !== 'string' && job.lora !== undefined)
    contradict('lora', 'An adapter needs a trained model: name a folder in model.', job.lora);
  return job;
}
