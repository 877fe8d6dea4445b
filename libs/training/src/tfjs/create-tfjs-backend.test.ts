import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorBackend } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createJsBackend } from '../backends/create-js-backend.js';
import { createModelRunner } from '../models/create-model-runner.js';
import { loadModel } from '../models/load-model.js';
import { add } from '../tensor/elementwise.js';
import { createTrace } from '../tensor/trace.js';
import { trainingJobSchema } from '../train/job-schema.js';
import { train } from '../train/train.js';
import { floats, runEverything } from './__fixtures__/run-everything.js';
import { createTfjsBackend, type TfjsKernels } from './create-tfjs-backend.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');

describe.each<TfjsKernels>(['cpu', 'wasm'])(
  'the TensorFlow.js backend on %s kernels',
  (kernels) => {
    let backend: TensorBackend;
    beforeAll(async () => {
      backend = await createTfjsBackend({ kernels });
    });

    it('gives for every operation and its gradient what plain JavaScript gives', async () => {
      const [found, wanted] = [
        await runEverything(backend),
        await runEverything(createJsBackend()),
      ];
      expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
      for (const [name, { dtype, shape, data }] of Object.entries(wanted)) {
        const value = found[name];
        expect([name, value?.dtype, value?.shape]).toEqual([name, dtype, [...shape]]);
        const largest = Math.max(
          ...data.map(
            (entry, i) => Math.abs(entry - (value?.data[i] ?? NaN)) / (1 + Math.abs(entry)),
          ),
        );
        expect([name, largest < 2e-6]).toEqual([name, true]);
      }
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

    it('changes no state in a step that fails', async () => {
      const trace = createTrace();
      const kept = trace.state('kept', { dtype: 'float32', shape: [2] });
      trace.update('kept', add(kept, trace.feed('x', { dtype: 'float32', shape: [2] })));
      const state = await backend.createState({ kept: floats([2], 1) });
      const before = await state.read('kept');
      const program = await backend.compile(trace.finish(), { state });
      await expect(program.step({ x: floats([3], 1) })).rejects.toMatchObject({
        code: 'ERR_TRAINING_FEED_MISMATCH',
      });
      expect(await state.read('kept')).toEqual(before);
      await program.step({ x: floats([2], 1) });
      const after = await state.read('kept');
      expect([...after.data]).toEqual([...before.data].map((value) => Math.fround(2 * value)));
      await state.dispose();
      await expect(state.read('kept')).rejects.toMatchObject({
        code: 'ERR_TRAINING_FEED_MISMATCH',
      });
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
