import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError, parseConfig } from '@espalier/core';
import type { TrainingJob } from '@espalier/training';
import type { ModelRegistry } from '@espalier/mlops';
import { trainingModelUnknown, trainingSettingsInvalid } from '../errors/training-errors.js';
import type { TrainingRequest } from './training-record.js';

/** What the server says, and no caller. */
const OWN_FIELDS = [
  'model',
  'task',
  'output_dir',
  'train_data',
  'eval_data',
  'logging_dir',
  'register',
  'tokenizer',
];
/** Parts of a run between two checkpoints, where the job names no number. */
const CHECKPOINTS = 10;

/** Where a job's model and the adapter that it goes on with stand. */
export interface TrainingBase {
  readonly folder: string;
  readonly adapterFolder?: string;
  /** Its name as the base of an adapter. */
  readonly name: string;
}

/**
 * The folder of a configured model, or of a registered one.
 *
 * @throws {RequestError} `ERR_SERVER_TRAINING_MODEL_UNKNOWN`
 */
export function findTrainingBase(
  model: string,
  options: { models: Readonly<Record<string, string>>; registry: ModelRegistry },
): TrainingBase {
  const { models, registry } = options;
  const configured = Object.hasOwn(models, model) ? models[model] : undefined;
  if (configured !== undefined) return { folder: resolve(configured), name: model };
  const entry = registry.find(model);
  if (entry === undefined)
    throw trainingModelUnknown(model, [
      ...Object.keys(models),
      ...new Set(registry.list().map(({ name }) => name)),
    ]);
  const folder = registry.folderOf(entry);
  if (entry.base === undefined) return { folder, name: entry.name };
  const base = registry.get(entry.base);
  return { folder: registry.folderOf(base), adapterFolder: folder, name: base.name };
}

/**
 * Makes the job file's fields of a request and checks them.
 *
 * @throws {RequestError} `ERR_SERVER_TRAINING_SETTINGS`
 */
export async function buildTrainingJob(options: {
  readonly request: Pick<TrainingRequest, 'task' | 'settings'>;
  readonly base: TrainingBase;
  readonly folder: string;
  readonly trainData: string;
  readonly evalData: string | undefined;
}): Promise<TrainingJob> {
  const { request, base, folder } = options;
  const own = Object.keys(request.settings).find((name) => OWN_FIELDS.includes(name));
  if (own !== undefined)
    throw trainingSettingsInvalid(`"${own}" is set by the server. Leave it out of settings.`);
  const lora = request.settings['lora'];
  if (typeof lora === 'object' && lora !== null && 'init_from' in lora)
    throw trainingSettingsInvalid(
      '"lora.init_from" is a path. Name the registered adapter as the model instead.',
    );
  const maxSteps = request.settings['max_steps'];
  // Loaded where a server trains, not where one only answers.
  const { trainingJobSchema } = await import('@espalier/training');
  try {
    return parseConfig(
      trainingJobSchema,
      {
        ...(typeof maxSteps === 'number' && {
          checkpoint_steps: Math.max(1, Math.ceil(maxSteps / CHECKPOINTS)),
        }),
        ...request.settings,
        ...(base.adapterFolder !== undefined && { lora: { init_from: base.adapterFolder } }),
        task: request.task,
        model: base.folder,
        output_dir: join(folder, 'output'),
        logging_dir: join(folder, 'runs'),
        train_data: options.trainData,
        ...(options.evalData !== undefined && { eval_data: options.evalData }),
      },
      { source: 'settings' },
    );
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    throw trainingSettingsInvalid(error.message, error);
  }
}

/** Writes the job as a file that `espalier train` takes. */
export async function writeJobFile(folder: string, job: TrainingJob): Promise<void> {
  await writeFile(join(folder, 'job.json'), `${JSON.stringify(job, null, 2)}\n`);
}
