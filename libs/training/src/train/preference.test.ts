import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectEvents } from '../__fixtures__/collect-events.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { trainingJobSchema } from './job-schema.js';
import type { TrainingEvent } from './train.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');
const TUNING = join(FIXTURES, 'tuning');
const curves = JSON.parse(readFileSync(join(TUNING, 'curves.json'), 'utf8')) as Record<
  string,
  [loss: number, norm: number, margin: number | null][]
>;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-preference-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = async (fields: Record<string, unknown>): Promise<TrainingEvent[]> => {
  const job = trainingJobSchema.parse({
    model: join(FIXTURES, 'models/llama'),
    output_dir: join(folder, 'out'),
    train_data: join(TUNING, 'pairs.jsonl'),
    batch_size: 2,
    gradient_accumulation: 2,
    max_steps: 20,
    learning_rate: 2e-3,
    schedule: 'constant',
    max_length: 32,
    beta: 0.3,
    ...fields,
  });
  const backend = await createOnnxBackend();
  return collectEvents({ job, backend });
};

const stepsOf = (events: readonly TrainingEvent[]) =>
  events.filter((event) => event.type === 'step');

describe('preference tuning', () => {
  it.each([
    ['dpo', { task: 'dpo' }],
    ['orpo', { task: 'orpo' }],
    ['orpo-completion', { task: 'orpo', loss_on: 'completion' }],
    ['kto', { task: 'kto', train_data: join(TUNING, 'rated.jsonl'), undesirable_weight: 1.5 }],
  ])("follows the curve of TRL's formulas in PyTorch: %s", async (name, fields) => {
    const steps = stepsOf(await run(fields));
    expect(steps).toHaveLength(20);
    for (const [index, [loss, norm, margin]] of (curves[name] ?? []).entries()) {
      const found = steps[index];
      expect(Math.abs((found?.loss ?? NaN) - loss)).toBeLessThan(1e-4 * Math.max(1, loss));
      expect(Math.abs((found?.grad_norm ?? NaN) - norm)).toBeLessThan(2e-3 * Math.max(1, norm));
      if (margin !== null) expect(found?.reward_margin).toBeCloseTo(margin, 3);
    }
  });

  it('tells rewards and their accuracy, and evaluates on other pairs', async () => {
    const events = await run({
      task: 'dpo',
      eval_data: join(TUNING, 'pairs.jsonl'),
      eval_steps: 10,
      batch_size: 3,
      gradient_accumulation: 1,
    });
    const [first] = stepsOf(events);
    expect(first).toMatchObject({ loss: expect.closeTo(Math.LN2, 6), reward_margin: 0 });
    const evaluations = events.filter((event) => event.type === 'eval');
    expect(evaluations.map(({ step }) => step)).toEqual([10, 20]);
    expect(evaluations[1]).toMatchObject({ reward_accuracy: 1, is_best: true });
    expect(evaluations[1]).not.toHaveProperty('perplexity');
    expect(evaluations[1]?.loss).toBeLessThan(evaluations[0]?.loss ?? 0);
  });
});
