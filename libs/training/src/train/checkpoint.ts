import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorState } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { CheckpointError } from '../errors.js';
import { openSafetensors } from '../files/open-safetensors.js';
import { writeSafetensors } from '../files/write-safetensors.js';

const FOLDER = 'checkpoints';
const NAME = /^step-(\d+)$/u;
const KEPT = 2;
const noteSchema = z.strictObject({ step: z.int().min(1), job: z.string() });

/**
 * Writes what a run needs to go on after a step: weights that change and what the optimizer keeps of them.
 *
 * Data position and random numbers follow from the step and the seed. A checkpoint appears whole or not at all; the two
 * latest are kept.
 */
export async function writeCheckpoint(options: {
  readonly outputFolder: string;
  readonly step: number;
  /** What must be the same for a resumed run. */
  readonly job: string;
  readonly state: TensorState;
  readonly names: readonly string[];
}): Promise<void> {
  const { step, job, state } = options;
  const parent = join(options.outputFolder, FOLDER);
  const draft = join(parent, `partial-${step}`);
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
      dtype: 'F32',
      values: () => value.data as Float32Array,
    })),
  });
  await writeFile(join(draft, 'run.json'), JSON.stringify({ step, job }));
  const final = join(parent, `step-${step}`);
  await rm(final, { recursive: true, force: true });
  await rename(draft, final);
  for (const old of (await steps(parent)).slice(KEPT))
    await rm(join(parent, `step-${old}`), { recursive: true, force: true });
}

/**
 * Reads the latest checkpoint into a state and returns its step; undefined where there is none.
 *
 * @throws {CheckpointError} `ERR_TRAINING_CHECKPOINT`: damaged, or of another job.
 */
export async function readCheckpoint(options: {
  readonly outputFolder: string;
  readonly job: string;
  readonly state: TensorState;
}): Promise<number | undefined> {
  const parent = join(options.outputFolder, FOLDER);
  const [latest] = await steps(parent);
  if (latest === undefined) return undefined;
  const folder = join(parent, `step-${latest}`);
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
    for (const [name, { shape }] of file.tensors)
      await options.state.write(name, {
        dtype: 'float32',
        shape,
        data: await file.readFloats(name),
      });
  } finally {
    await file.close();
  }
  return note.step;
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
