import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorState } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { CheckpointError, CheckpointWriteError } from '../errors.js';
import { openSafetensors } from '../files/open-safetensors.js';
import { writeSafetensors } from '../files/write-safetensors.js';

const FOLDER = 'checkpoints';
const NAME = /^step-(\d+)$/u;
const BEST = 'best';
const KEPT = 2;
const progressSchema = z.strictObject({
  /** The evaluation with the least loss. */
  best: z.strictObject({ step: z.int().min(1), loss: z.number() }).optional(),
  /** Evaluations since then. */
  stale: z.int().min(0),
});
const noteSchema = z.strictObject({
  step: z.int().min(1),
  job: z.string(),
  evaluation: progressSchema.default({ stale: 0 }),
  /** Whether the evaluation after this step is still to be made. */
  isEvaluationDue: z.boolean().default(false),
});

/** How the evaluations of a run went so far. */
export type EvaluationProgress = z.infer<typeof progressSchema>;

/** The run that a checkpoint is of. */
export interface CheckpointRun {
  readonly outputFolder: string;
  /** What must be the same for a resumed run. */
  readonly job: string;
  readonly state: TensorState;
}

/**
 * Writes what a run needs to go on after a step: weights that change and what the optimizer keeps of them.
 *
 * Data position and random numbers follow from the step and the seed. A checkpoint appears whole or not at all; the two
 * latest are kept.
 *
 * @throws {CheckpointWriteError} `ERR_TRAINING_CHECKPOINT_WRITE`: no space or permission; earlier checkpoints are whole.
 */
export async function writeCheckpoint(
  options: CheckpointRun & {
    readonly step: number;
    readonly evaluation: EvaluationProgress;
    readonly isEvaluationDue?: boolean;
    readonly names: readonly string[];
  },
): Promise<void> {
  await writeFolder(options, `step-${options.step}`);
  const parent = join(options.outputFolder, FOLDER);
  for (const old of (await steps(parent)).slice(KEPT))
    await rm(join(parent, `step-${old}`), { recursive: true, force: true });
}

/**
 * Keeps the weights of the best evaluation so far.
 *
 * @throws {CheckpointWriteError} `ERR_TRAINING_CHECKPOINT_WRITE`.
 */
export async function writeBestWeights(
  options: CheckpointRun & { readonly step: number; readonly names: readonly string[] },
): Promise<void> {
  await writeFolder({ ...options, evaluation: { stale: 0 } }, BEST);
}

async function writeFolder(
  options: CheckpointRun & {
    readonly step: number;
    readonly evaluation: EvaluationProgress;
    readonly isEvaluationDue?: boolean;
    readonly names: readonly string[];
  },
  name: string,
): Promise<void> {
  const { step, job, state, evaluation, isEvaluationDue = false } = options;
  const parent = join(options.outputFolder, FOLDER);
  const draft = join(parent, `partial-${name}`);
  try {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    const values = await Promise.all(
      options.names.map(async (name) => ({ name, value: await state.read(name) })),
    );
    await writeSafetensors({
      file: join(draft, 'state.safetensors'),
      tensors: values.map(({ name, value }) => ({
        name,
        shape: value.shape,
        dtype: value.dtype === 'uint8' ? ('U8' as const) : ('F32' as const),
        values: () => value.data as Float32Array | Uint8Array,
      })),
    });
    const note = { step, job, evaluation, isEvaluationDue };
    await writeFile(join(draft, 'run.json'), JSON.stringify(note));
    const final = join(parent, name);
    await rm(final, { recursive: true, force: true });
    await rename(draft, final);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw new CheckpointWriteError({ folder: join(parent, name), step, cause });
  }
}

/**
 * Reads the latest checkpoint into a state; undefined where there is none.
 *
 * @throws {CheckpointError} `ERR_TRAINING_CHECKPOINT`: damaged, or of another job.
 */
export async function readCheckpoint(
  options: CheckpointRun,
): Promise<z.infer<typeof noteSchema> | undefined> {
  const [latest] = await steps(join(options.outputFolder, FOLDER));
  return latest === undefined ? undefined : readFolder(options, `step-${latest}`);
}

/**
 * Reads the weights of the best evaluation into a state.
 *
 * @throws {CheckpointError} `ERR_TRAINING_CHECKPOINT`: missing or damaged.
 */
export async function readBestWeights(options: CheckpointRun): Promise<void> {
  await readFolder(options, BEST);
}

async function readFolder(
  options: CheckpointRun,
  name: string,
): Promise<z.infer<typeof noteSchema>> {
  const folder = join(options.outputFolder, FOLDER, name);
  let note: z.infer<typeof noteSchema>;
  try {
    note = noteSchema.parse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
  } catch (cause) {
    throw new CheckpointError({ folder, problem: 'run.json is missing or damaged', cause });
  }
  if (note.job !== options.job)
    throw new CheckpointError({
      folder,
      problem: 'it was written by a job with other model, data or settings',
    });
  const file = await openSafetensors(join(folder, 'state.safetensors'));
  try {
    for (const [name, { shape, dtype }] of file.tensors)
      await options.state.write(
        name,
        dtype === 'U8'
          ? { dtype: 'uint8', shape, data: await file.readBytes(name) }
          : { dtype: 'float32', shape, data: await file.readFloats(name) },
      );
  } finally {
    await file.close();
  }
  return note;
}

/** Removes what earlier runs left. */
export async function removeCheckpoints(outputFolder: string): Promise<void> {
  await rm(join(outputFolder, FOLDER), { recursive: true, force: true });
}

/** Steps with a checkpoint, the latest first. */
async function steps(parent: string): Promise<number[]> {
  const names = await readdir(parent).catch((): string[] => []);
  return names.flatMap((name) => Number(NAME.exec(name)?.[1] ?? []) || []).sort((a, b) => b - a);
}
