import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorBackend } from '@espalier/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectEvents } from '../__fixtures__/collect-events.js';
import { createJsBackend } from '../backends/create-js-backend.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { trainingJobSchema } from './job-schema.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-eight-bit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A model whose layers are large enough for moments in eight bits. */
const model = {
  model_type: 'llama',
  vocab_size: 64,
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  max_position_embeddings: 64,
};

const run = async (
  backend: TensorBackend,
  fields: Record<string, unknown>,
  isResumed = false,
): Promise<number[]> => {
  const job = trainingJobSchema.parse({
    task: 'sft',
    model,
    output_dir: join(folder, 'out'),
    train_data: join(FIXTURES, 'training/rows.jsonl'),
    batch_size: 4,
    max_steps: 40,
    learning_rate: 3e-3,
    schedule: 'constant',
    weight_decay: 0.1,
    max_length: 32,
    ...fields,
  });
  const events = await collectEvents({ job, backend, isResumed });
  return events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
};

describe('AdamW with moments in eight bits', () => {
  it('follows the curve of AdamW', async () => {
    const wanted = await run(await createOnnxBackend(), { optimizer: 'adamw' });
    const found = await run(await createOnnxBackend(), { optimizer: 'adamw_8bit' });
    expect(found).not.toEqual(wanted);
    const fall = (wanted[0] ?? 0) - (wanted.at(-1) ?? 0);
    expect(fall).toBeGreaterThan(0.5);
    for (const [i, loss] of wanted.entries())
      expect(Math.abs((found[i] ?? NaN) - loss)).toBeLessThan(0.05 * fall);
  });

  it('is the same in plain JavaScript', async () => {
    const fields = { optimizer: 'adamw_8bit', max_steps: 2, batch_size: 1 };
    const wanted = await run(await createOnnxBackend(), fields);
    for (const [i, loss] of (await run(createJsBackend(), fields)).entries())
      expect(Math.abs(loss - (wanted[i] ?? NaN))).toBeLessThan(1e-4);
  });

  it('resumes with the same bits, from a checkpoint with moments of a byte', async () => {
    const fields = { optimizer: 'adamw_8bit', max_steps: 10, checkpoint_steps: 4 };
    const whole = await run(await createOnnxBackend(), fields);
    const result = join(folder, 'out/model.safetensors');
    const weights = await readFile(result);
    await rm(result);
    expect(await run(await createOnnxBackend(), fields, true)).toEqual(whole.slice(8));
    expect(await readFile(result)).toEqual(weights);
  });
});
