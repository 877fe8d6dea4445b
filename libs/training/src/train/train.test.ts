import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorBackend } from '@espalier/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJsBackend } from '../backends/create-js-backend.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { trainingJobSchema } from './job-schema.js';
import { train, type TrainingEvent } from './train.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');
const curves = JSON.parse(readFileSync(join(FIXTURES, 'training/curves.json'), 'utf8')) as Record<
  string,
  [loss: number, rate: number, norm: number][]
>;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-train-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const jobOf = (fields: Record<string, unknown>) =>
  trainingJobSchema.parse({
    task: 'sft',
    model: join(FIXTURES, 'models/llama'),
    output_dir: join(folder, 'out'),
    train_data: join(FIXTURES, 'training/rows.jsonl'),
    loss_on: 'completion',
    batch_size: 2,
    gradient_accumulation: 2,
    max_steps: 100,
    learning_rate: 3e-3,
    betas: [0.9, 0.95],
    weight_decay: 0.1,
    schedule: 'cosine',
    warmup_steps: 5,
    max_length: 32,
    ...fields,
  });

const run = async (
  backend: TensorBackend,
  fields: Record<string, unknown>,
  options: { isResumed?: boolean; until?: number } = {},
): Promise<Extract<TrainingEvent, { type: 'step' }>[]> => {
  const steps: Extract<TrainingEvent, { type: 'step' }>[] = [];
  for await (const event of train({ job: jobOf(fields), backend, ...options })) {
    if (event.type === 'step') steps.push(event);
    if (event.type === 'step' && event.step === options.until) break;
  }
  return steps;
};

const expectCurve = (steps: Awaited<ReturnType<typeof run>>, name: string): void => {
  const wanted = (curves[name] ?? []).slice(0, steps.length);
  for (const [index, [loss, rate, norm]] of wanted.entries()) {
    const found = steps[index];
    expect(Math.abs((found?.loss ?? NaN) - loss)).toBeLessThan(1e-4 * Math.max(1, loss));
    expect(found?.learning_rate).toBeCloseTo(rate, 9);
    expect(Math.abs((found?.grad_norm ?? NaN) / norm - 1)).toBeLessThan(2e-3);
  }
};

describe('train', () => {
  it.each([
    ['llama', {}],
    ['gpt2', { model: join(FIXTURES, 'models/gpt2'), loss_on: 'all' }],
    ['lora', { lora: { init_from: join(FIXTURES, 'training/adapters/lora') } }],
    ['dora', { lora: { init_from: join(FIXTURES, 'training/adapters/dora') } }],
  ])(
    'follows the loss curve of PyTorch for 100 steps in ONNX Runtime: %s',
    async (name, fields) => {
      const steps = await run(await createOnnxBackend(), fields);
      expect(steps).toHaveLength(100);
      expectCurve(steps, name);
    },
  );

  it('follows the same curve in plain JavaScript', async () => {
    expectCurve(await run(createJsBackend(), {}, { until: 30 }), 'llama');
  });

  it('gives the same bits when it is stopped and resumed', async () => {
    const backend = await createOnnxBackend();
    const fields = { max_steps: 12, checkpoint_steps: 4, shuffle: true, lora: { dropout: 0.1 } };
    const whole = await run(backend, fields);
    const weights = await readFile(join(folder, 'out/adapter_model.safetensors'));
    await rm(join(folder, 'out'), { recursive: true });
    await run(backend, fields, { until: 10 });
    const rest = await run(backend, fields, { isResumed: true });
    expect(rest).toEqual(whole.slice(8));
    expect(await readFile(join(folder, 'out/adapter_model.safetensors'))).toEqual(weights);
  });
});
