import { truncateValue } from '@espalier/core';
import { RequestError } from './request-error.js';

/** No training job has this id, or it belongs to another key. */
export function trainingJobUnknown(id: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_TRAINING_JOB_UNKNOWN',
    status: 404,
    message: `There is no training job ${truncateValue(id)} that this key may see. GET /api/v1/training/jobs lists them.`,
  });
}

/** The training job is not in the state that the call needs. */
export function trainingJobState(id: string, status: string, needed: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_TRAINING_JOB_STATE',
    status: 409,
    message: `Training job ${truncateValue(id)} is ${status}, but this call needs it to be ${needed}.`,
  });
}

/** The model of a training job is neither configured nor registered. */
export function trainingModelUnknown(model: string, known: readonly string[]): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_TRAINING_MODEL_UNKNOWN',
    status: 404,
    message: `There is no model ${truncateValue(model)} to train. Known: ${known.slice(0, 20).join(', ') || 'none'}. Add its folder under "training.models" of the configuration.`,
  });
}

/** The settings of a training job are not those of a job file. */
export function trainingSettingsInvalid(problem: string, cause?: unknown): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_TRAINING_SETTINGS',
    status: 422,
    message: `The settings of the training job cannot be used: ${problem}`,
    cause,
  });
}

/** The folder of a training job takes no files: the disk is full, or permissions are missing. */
export function trainingFolderFailed(id: string, cause: unknown): RequestError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new RequestError({
    code: 'ERR_SERVER_TRAINING_FOLDER',
    status: 507,
    message: `The folder of training job ${truncateValue(id)} cannot be written: ${truncateValue(problem, 300)}. Free space or correct the permissions of the data folder, then create the job again.`,
    cause,
  });
}

/** No uploaded file has this id, or it belongs to another key. */
export function fileUnknown(id: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_FILE_UNKNOWN',
    status: 404,
    message: `There is no file ${truncateValue(id)} that this key may see. Upload it first.`,
  });
}
