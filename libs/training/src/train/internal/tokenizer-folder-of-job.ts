import type { TrainingJob } from '../job-schema.js';

/** The folder whose tokenizer cuts a job's text; undefined where there is none. */
export function tokenizerFolderOf({ model, tokenizer }: TrainingJob): string | undefined {
  if (tokenizer === 'characters') return undefined;
  if (tokenizer !== 'model') return tokenizer;
  return typeof model === 'string' ? model : undefined;
}
