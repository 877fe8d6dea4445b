import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TrainingProgram } from '@espalier/training';

/** Beside this file in the sources; in its folder of the build. */
const PLACES = ['./training-worker.ts', './training/training-worker.js', './training-worker.js'];

/** The program of training processes, run as this process is run. */
export function findTrainingProgram(): TrainingProgram {
  const files = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return {
    file: files.find((file) => existsSync(file)) ?? files[0] ?? '',
    execArgv: process.execArgv,
  };
}
