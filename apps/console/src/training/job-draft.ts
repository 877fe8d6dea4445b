import type { EspalierClient } from '@espalier/sdk-ts';
import { readJobFile } from './read-job-file.js';

type CreateOptions = Parameters<EspalierClient['training']['create']>[0];
export type JobTask = NonNullable<CreateOptions['task']>;

/** The tasks that the server trains. */
export const TASKS: readonly { readonly task: JobTask; readonly label: string }[] = [
  { task: 'sft', label: 'Examples (sft)' },
  { task: 'dpo', label: 'Better and worse answers (dpo)' },
  { task: 'orpo', label: 'Better and worse answers, in one go (orpo)' },
  { task: 'kto', label: 'Rated answers (kto)' },
];

/** What a person has filled in for a new job; numbers as typed. */
export interface JobDraft {
  readonly model: string;
  readonly task: JobTask;
  readonly register: string;
  readonly settingsFrom: 'form' | 'file';
  readonly maxSteps: string;
  readonly batchSize: string;
  readonly learningRate: string;
  readonly lossOn: 'all' | 'completion' | 'assistant';
  /** Empty: the whole model is trained. */
  readonly rank: string;
  /** Empty or 0: only at the end. */
  readonly evalSteps: string;
  /** YAML or JSON. */
  readonly file: string;
}

export const NEW_JOB: JobDraft = {
  model: '',
  task: 'sft',
  register: '',
  settingsFrom: 'form',
  maxSteps: '200',
  batchSize: '8',
  learningRate: '2e-4',
  lossOn: 'assistant',
  rank: '16',
  evalSteps: '',
  file: '',
};

/**
 * What the server is asked for, but the files.
 *
 * @throws {Error} where the job file cannot be read.
 */
export function toJobRequest(
  draft: JobDraft,
): Pick<CreateOptions, 'model' | 'task' | 'register' | 'settings'> {
  const register = draft.register.trim();
  const named = {
    model: draft.model.trim(),
    task: draft.task,
    ...(register !== '' && { register }),
  };
  if (draft.settingsFrom === 'file') {
    const file = readJobFile(draft.file);
    const settings = file.settings as NonNullable<CreateOptions['settings']>;
    const task = TASKS.find((known) => known.task === file.task)?.task;
    if (file.task !== undefined && task === undefined)
      throw new Error(`The server does not train the task “${file.task}”; “espalier train” does.`);
    return {
      ...named,
      model: named.model === '' ? (file.model ?? '') : named.model,
      task: task ?? named.task,
      ...(register === '' && file.register !== undefined && { register: file.register }),
      settings,
    };
  }
  return {
    ...named,
    settings: {
      max_steps: Number(draft.maxSteps),
      batch_size: Number(draft.batchSize),
      learning_rate: Number(draft.learningRate),
      ...(draft.task === 'sft' && { loss_on: draft.lossOn }),
      ...(draft.rank !== '' && { lora: { r: Number(draft.rank), alpha: Number(draft.rank) * 2 } }),
      ...(draft.evalSteps !== '' && { eval_steps: Number(draft.evalSteps) }),
    },
  };
}
