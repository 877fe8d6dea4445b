import { fileURLToPath } from 'node:url';
import type { TrainingProgram } from '@espalier/training';

/** The training process of a test server, run from the sources. */
export const SOURCE_TRAINING_PROGRAM: TrainingProgram = {
  file: fileURLToPath(new URL('../training/training-worker.ts', import.meta.url)),
  execArgv: [
    '--no-warnings',
    '--conditions=@espalier/source',
    '--import',
    new URL('./source-hooks.mjs', import.meta.url).href,
  ],
};
