import { readFile } from 'node:fs/promises';
import { ConfigError, parseConfig } from '@espalier/core';
import { parse } from 'yaml';
import { TrainingDataError } from '../errors.js';
import { isEncoderTask } from './encoder-task.js';
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
  if (job.packing && job.task !== 'sft')
    contradict('packing', `Only rows of sft are packed, not those of ${job.task}.`, true);
  if (job.loss_on === 'assistant' && job.task !== 'sft')
    contradict('loss_on', 'Only sft scores the assistant’s turns.', job.loss_on);
  if (job.task === 'kto' && job.batch_size < 2)
    contradict('batch_size', 'kto compares the answers of a batch: give it 2 or more.', 1);
  if (job.eval_data !== undefined && job.task === 'pretrain')
    contradict('eval_data', 'pretrain evaluates on validation_split of its text.', job.eval_data);
  const isEvaluated =
    job.task === 'pretrain'
      ? job.validation_split > 0 && job.eval_batches > 0
      : job.eval_data !== undefined;
  if ((job.early_stopping_patience > 0 || job.load_best_model_at_end) && !isEvaluated)
    contradict('eval_data', 'Early stopping and the best model need an evaluation.', job.eval_data);
  if (job.early_stopping_patience > 0 && job.eval_steps === 0)
    contradict('eval_steps', 'Early stopping needs evaluations on the way.', 0);
  if (job.task !== 'pretrain' && job.tokenizer === 'characters')
    contradict('tokenizer', 'Characters are for the task pretrain.', job.tokenizer);
  if (job.tokenizer !== 'model' && job.tokenizer !== 'characters' && typeof job.model === 'string')
    contradict('tokenizer', 'A model folder has its own: leave it out.', job.tokenizer);
  checkEncoderTask(job, contradict);
  if (typeof job.model !== 'string' && job.lora !== undefined)
    contradict('lora', 'An adapter needs a trained model: name a folder in model.', job.lora);
  return job;
}

const SECTIONS = {
  embedding: 'embedding',
  cross_encoder: 'cross-encoder',
  classification: 'classification',
} as const;

/** Encoders have sections of their own, and none of what is about generated text. */
function checkEncoderTask(
  job: TrainingJob,
  contradict: (path: string, message: string, found: unknown) => never,
): void {
  for (const [section, task] of Object.entries(SECTIONS)) {
    const found = job[section as keyof typeof SECTIONS];
    if (found !== undefined && job.task !== task)
      contradict(section, `Is for the task ${task}, not ${job.task}.`, found);
  }
  if (!isEncoderTask(job.task)) return;
  if (typeof job.model !== 'string')
    contradict('model', 'An encoder is trained further: name a folder.', job.model);
  if (job.loss_on !== 'all')
    contradict('loss_on', `The task ${job.task} scores texts, not tokens.`, job.loss_on);
  if (job.eval_prompts.length > 0)
    contradict('eval_prompts', `The task ${job.task} generates nothing.`, job.eval_prompts);
  const { embedding, classification } = job;
  if (job.task === 'embedding' && embedding?.loss !== 'triplet' && job.batch_size < 2)
    contradict('batch_size', 'The negatives are the other rows of a batch: give it 2 or more.', 1);
  if (classification?.multi_label === true && classification.class_weights !== undefined)
    contradict(
      'classification.class_weights',
      'Is for one label a text; set pos_weight instead.',
      classification.class_weights,
    );
  if (classification?.multi_label !== true && classification?.pos_weight !== undefined)
    contradict(
      'classification.pos_weight',
      'Is for multi_label; set class_weights instead.',
      classification.pos_weight,
    );
}
