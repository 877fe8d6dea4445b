import type { TrainingJob } from './training-job.js';

export type JobStatus = TrainingJob['status'];

/** Whether a job is over. */
export const isFinalJob = (status: JobStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';

/** The colour of a status. */
export function toneOf(status: JobStatus): 'plain' | 'good' | 'notice' | 'bad' {
  if (status === 'succeeded') return 'good';
  if (status === 'failed') return 'bad';
  return status === 'running' ? 'notice' : 'plain';
}
