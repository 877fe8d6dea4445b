import { mkdtemp, rm } from 'node:fs/promises';
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
  folder = await mkdtemp(join(tmpdir(), 'espalier-recompute-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = async (backend: TensorBackend, fields: Record<string, unknown>) => {
  const events = await collectEvents({
    backend,
    job: trainingJobSchema.parse({
      task: 'sft',
      model: join(FIXTURES, 'models/llama'),
      output_dir: join(folder, 'out'),
      train_data: join(FIXTURES, 'training/rows.jsonl'),
      batch_size: 4,
      max_steps: 6,
      learning_rate: 3e-3,
      max_length: 32,
      ...fields,
    }),
  });
  return {
    losses: events.flatMap((event) => (event.type === 'step' ? event.loss : [])),
    memory: events.flatMap((event) => (event.type === 'start' ? event.estimated_memory : []))[0],
  };
};

describe('gradient checkpointing', () => {
  it.each([
    ['llama in JavaScript', createJsBackend, { max_steps: 2 }],
    ['llama', createOnnxBackend, { packing: true }],
    ['an adapter with dropout', createOnnxBackend, { lora: { r: 2, dropout: 0.2 } }],
    ['gpt2', createOnnxBackend, { model: join(FIXTURES, 'models/gpt2') }],
  ])('changes no loss: %s', async (_name, create, fields) => {
    const backend = await create();
    const plain = await run(backend, fields);
    const again = await run(backend, { ...fields, gradient_checkpointing: true });
    expect(plain.losses.length).toBeGreaterThan(1);
    for (const [step, loss] of plain.losses.entries())
      expect(again.losses[step]).toBeCloseTo(loss, 5);
  });

  it('needs less memory where there are several layers', async () => {
    const fields = {
      model: {
        model_type: 'llama',
        vocab_size: 61,
        hidden_size: 16,
        intermediate_size: 64,
        num_hidden_layers: 8,
        num_attention_heads: 4,
        max_position_embeddings: 32,
        rms_norm_eps: 1e-5,
      },
      max_steps: 1,
    };
    const backend = await createOnnxBackend();
    const plain = await run(backend, fields);
    const again = await run(backend, { ...fields, gradient_checkpointing: true });
    expect(again.memory).toBeLessThan((plain.memory ?? 0) / 2);
    expect(again.losses[0]).toBeCloseTo(plain.losses[0] ?? NaN, 5);
  });
});
