import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorBackend } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createModelRunner } from '../models/create-model-runner.js';
import { loadModel } from '../models/load-model.js';
import { trainingJobSchema } from '../train/job-schema.js';
import { train } from '../train/train.js';
import { createTfjsBackend, type TfjsKernels } from './create-tfjs-backend.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');

describe.each<TfjsKernels>(['cpu', 'wasm'])(
  'the TensorFlow.js backend on %s kernels',
  (kernels) => {
    let backend: TensorBackend;
    beforeAll(async () => {
      backend = await createTfjsBackend({ kernels });
    });

    it('gives the logits of transformers for every family', async () => {
      const models = (await readdir(join(FIXTURES, 'models'))).filter((name) => name !== 'bert');
      for (const name of models) {
        const folder = join(FIXTURES, 'models', name);
        const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as {
          logits: { ids: number[]; logits: number[][] }[];
        };
        const model = await loadModel({ folder, backend });
        const runner = createModelRunner(model);
        for (const { ids, logits } of expected.logits.slice(0, 1)) {
          const found = await runner.logits({ ids });
          const largest = Math.max(
            ...logits.flatMap((row, i) =>
              row.map((value, j) => Math.abs(value - (found[i]?.[j] ?? NaN))),
            ),
          );
          expect([name, largest < 1e-4]).toEqual([name, true]);
        }
        await runner.dispose();
        await model.dispose();
      }
    });

    it('follows the loss curve of PyTorch, and keeps no tensor of a step', async () => {
      const curves = JSON.parse(
        await readFile(join(FIXTURES, 'training/curves.json'), 'utf8'),
      ) as Record<string, [loss: number, rate: number, norm: number][]>;
      const folder = await mkdtemp(join(tmpdir(), 'espalier-tfjs-'));
      try {
        const job = trainingJobSchema.parse({
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
        });
        const held: number[] = [];
        for await (const event of train({ job, backend })) {
          if (event.type !== 'step') continue;
          held.push(tf.memory().numTensors);
          const [loss = NaN] = curves['llama']?.[event.step - 1] ?? [];
          expect(Math.abs(event.loss - loss)).toBeLessThan(1e-4 * Math.max(1, loss));
          if (event.step === 8) break;
        }
        expect(held).toHaveLength(8);
        expect(new Set(held.slice(3)).size).toBe(1);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  },
);

describe('the TensorFlow.js backend', () => {
  it('says what it needs where its kernels do not start', async () => {
    await expect(createTfjsBackend({ kernels: 'webgpu' })).rejects.toMatchObject({
      code: 'ERR_TRAINING_BACKEND_MISSING',
      message: expect.stringContaining('@tensorflow/tfjs-backend-webgpu') as string,
    });
  });
});
