import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type * as fs from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectEvents } from '../__fixtures__/collect-events.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { trainingJobSchema } from './job-schema.js';
import type { TrainingEvent } from './train.js';

/** Files that the disk has no room for. */
const full = vi.hoisted(() => ({ isFull: (_file: string): boolean => false }));
vi.mock('node:fs/promises', async (load) => {
  const actual = await load<typeof fs>();
  const open: typeof actual.open = async (file, flags, mode) => {
    const handle = await actual.open(file, flags, mode);
    if (full.isFull(String(file)))
      handle.writeFile = () =>
        Promise.reject(
          Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }),
        );
    return handle;
  };
  return { ...actual, open };
});

const FIXTURES = join(import.meta.dirname, '../__fixtures__');
const ENCODER = join(FIXTURES, 'encoder');
const ADAPTER = 'adapter_model.safetensors';
const MODEL = 'model.safetensors';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-checkpoint-'));
});
afterEach(async () => {
  full.isFull = () => false;
  await rm(folder, { recursive: true, force: true });
});

const fieldsOf = (fields: Record<string, unknown> = {}) => ({
  task: 'sft',
  model: join(FIXTURES, 'models/llama'),
  output_dir: join(folder, 'out'),
  train_data: join(FIXTURES, 'training/rows.jsonl'),
  batch_size: 2,
  gradient_accumulation: 2,
  max_steps: 12,
  checkpoint_steps: 4,
  learning_rate: 3e-3,
  max_length: 32,
  shuffle: true,
  lora: { r: 4, dropout: 0.1 },
  ...fields,
});

const encoderFieldsOf = (fields: Record<string, unknown>) => {
  const { lora: _lora, ...rest } = fieldsOf();
  return { ...rest, model: join(ENCODER, 'embedder'), pad_to_multiple_of: 12, ...fields };
};

const run = async (fields: Record<string, unknown>, isResumed = false): Promise<TrainingEvent[]> =>
  collectEvents({
    job: trainingJobSchema.parse(fields),
    backend: await createOnnxBackend(),
    isResumed,
  });

const stepsOf = (events: readonly TrainingEvent[]) =>
  events.filter((event) => event.type === 'step');

describe('a run that ends before its time', () => {
  it.each([
    ['an adapter of a language model', () => fieldsOf(), ADAPTER],
    [
      'an encoder with negatives of its batch',
      () => encoderFieldsOf({ task: 'embedding', train_data: join(ENCODER, 'retrieval.jsonl') }),
      MODEL,
    ],
    [
      'a new head on an encoder, with an adapter',
      () =>
        encoderFieldsOf({
          task: 'cross-encoder',
          train_data: join(ENCODER, 'judged.jsonl'),
          lora: { r: 2, dropout: 0.1 },
        }),
      ADAPTER,
    ],
    [
      'a classifier',
      () => encoderFieldsOf({ task: 'classification', train_data: join(ENCODER, 'single.jsonl') }),
      MODEL,
    ],
  ])('goes on with the same bits after signal 9: %s', async (_name, fields, result) => {
    const whole = await run(fields());
    const weights = await readFile(join(folder, 'out', result));
    await rm(join(folder, 'out'), { recursive: true });

    const job = join(folder, 'job.json');
    await writeFile(job, JSON.stringify(fields()));
    const child = spawn(
      process.execPath,
      [
        '--no-warnings',
        '--experimental-transform-types',
        '--conditions=@espalier/source',
        '--import',
        join(FIXTURES, 'run-typescript.mjs'),
        join(FIXTURES, 'training-process.ts'),
        job,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    for await (const line of createInterface({ input: child.stdout }))
      if ((JSON.parse(line) as TrainingEvent & { step?: number }).step === 10) break;
    child.kill('SIGKILL');
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    await expect(readFile(join(folder, 'out', result))).rejects.toThrow('ENOENT');

    const rest = await run(fields(), true);
    expect(stepsOf(rest)).toEqual(stepsOf(whole).slice(8));
    expect(await readFile(join(folder, 'out', result))).toEqual(weights);
  });

  it('keeps the checkpoint before when the disk is full, and goes on from it', async () => {
    const whole = await run(fieldsOf());
    const weights = await readFile(join(folder, 'out', ADAPTER));
    await rm(join(folder, 'out'), { recursive: true });

    full.isFull = (file) => file.includes('partial-step-8');
    await expect(run(fieldsOf())).rejects.toMatchObject({
      code: 'ERR_TRAINING_CHECKPOINT_WRITE',
      message: expect.stringContaining('no space left'),
      details: { step: 8 },
    });
    expect(await readdir(join(folder, 'out/checkpoints'))).toEqual(['step-4']);

    full.isFull = () => false;
    const rest = await run(fieldsOf(), true);
    expect(stepsOf(rest)).toEqual(stepsOf(whole).slice(4));
    expect(await readFile(join(folder, 'out', ADAPTER))).toEqual(weights);
  });

  it('refuses a checkpoint of another job, of other data, or without its note', async () => {
    const data = join(folder, 'rows.jsonl');
    const rows = await readFile(join(FIXTURES, 'training/rows.jsonl'), 'utf8');
    await writeFile(data, rows);
    const fields = fieldsOf({ train_data: data });
    await run(fields);
    await expect(run({ ...fields, learning_rate: 1e-3 }, true)).rejects.toMatchObject({
      code: 'ERR_TRAINING_CHECKPOINT',
    });
    await writeFile(data, rows.split('\n').toReversed().join('\n'));
    await expect(run(fields, true)).rejects.toMatchObject({ code: 'ERR_TRAINING_CHECKPOINT' });
    await rm(join(folder, 'out/checkpoints/step-12/run.json'));
    await expect(run(fields, true)).rejects.toMatchObject({
      code: 'ERR_TRAINING_CHECKPOINT',
      message: expect.stringContaining('run.json'),
    });
  });
});
