import type { TrainingJob } from './job-schema.js';

/** The tasks that train an encoder. */
export type EncoderTask = 'embedding' | 'cross-encoder' | 'classification';

/** Whether a task trains an encoder. */
export function isEncoderTask(task: TrainingJob['task']): task is EncoderTask {
  return task === 'embedding' || task === 'cross-encoder' || task === 'classification';
}
