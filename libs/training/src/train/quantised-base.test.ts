import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorBackend } from '@espalier/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectEvents } from '../__fixtures__/collect-events.js';
import { createJsBackend } from '../backends/create-js-backend.js';
import { convertModel } from '../convert/convert-model.js';
import { createModelRunner } from '../models/create-model-runner.js';
import { loadModel } from '../models/load-model.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { createTfjsBackend } from '../tfjs/create-tfjs-backend.js';
import { trainingJobSchema } from './job-schema.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');
const LLAMA = join(FIXTURES, 'models/llama');
const IDS = [1, 2, 3, 4, 5, 6];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-quantised-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The losses of a run. */
const run = async (
  backend: TensorBackend,
  fields: Record<string, unknown>,
  isResumed = false,
): Promise<number[]> => {
  const job = trainingJobSchema.parse({
    task: 'sft',
    model: LLAMA,
    output_dir: join(folder, 'out'),
    train_data: join(FIXTURES, 'training/rows.jsonl'),
    batch_size: 2,
    max_steps: 10,
    learning_rate: 3e-3,
    schedule: 'constant',
    max_length: 32,
    ...fields,
  });
  const events = await collectEvents({ job, backend, isResumed });
  return events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
};

const expectSame = (found: readonly number[], wanted: readonly number[]): void => {
  expect(found).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries())
    expect(Math.abs((found[i] ?? NaN) - value)).toBeLessThan(1e-4);
};

const FORMATS = [
  { name: 'llama', kind: 'int8', blockSize: 64, isDouble: false },
  // Its matrices lie the other way round.
  { name: 'gpt2', kind: 'int4', blockSize: 32, isDouble: false },
  { name: 'qwen3', kind: 'nf4', blockSize: 64, isDouble: true },
  // No whole number of blocks fits a matrix.
  { name: 'llama', kind: 'nf4', blockSize: 54, isDouble: false },
] as const;

describe('an adapter on a base in few bits', () => {
  it.each(FORMATS)(
    'learns as on the base that the bits stand for, and merges into that: $name, $kind in blocks of $blockSize',
    async ({ name, ...quantisedBase }) => {
      const from = join(FIXTURES, 'models', name);
      const rounded = join(folder, 'rounded');
      await convertModel({
        from,
        to: 'safetensors',
        out: rounded,
        quant: 'f32',
        quantisedBase,
      });
      const { kind: quantize, blockSize, isDouble } = quantisedBase;
      const bits = { quantize, quantize_block_size: blockSize, quantize_twice: isDouble };
      const adapter = join(folder, 'out');
      const lora = { r: 4, alpha: 8 };
      const wanted = await run(await createOnnxBackend(), {
        model: rounded,
        output_dir: join(folder, 'plain'),
        lora,
      });
      expect(wanted.at(-1)).toBeLessThan(wanted[0] ?? 0);
      const found = await run(await createOnnxBackend(), {
        model: from,
        lora: { ...lora, ...bits },
      });
      expectSame(found, wanted);

      const merged = join(folder, 'merged');
      await convertModel({
        from,
        adapter,
        to: 'safetensors',
        out: merged,
        quant: 'f32',
        quantisedBase,
      });
      const backend = await createOnnxBackend();
      const apart = createModelRunner(
        await loadModel({
          folder: from,
          adapterFolder: adapter,
          backend,
          quantise: quantisedBase,
        }),
      );
      const joined = createModelRunner(await loadModel({ folder: merged, backend }));
      const [a, b] = [await apart.logits({ ids: IDS }), await joined.logits({ ids: IDS })];
      for (const [i, row] of a.entries()) expectSame([...row], [...(b[i] ?? [])]);
      expectSame(
        await apart.generate({ ids: [1], maxTokens: 4 }),
        await joined.generate({ ids: [1], maxTokens: 4 }),
      );
      await apart.dispose();
      await joined.dispose();
    },
  );

  it('learns the same on every backend, with DoRA and recomputed layers too', async () => {
    const lora = { r: 4, use_dora: true, quantize: 'nf4' };
    const fields = { lora, max_steps: 3, gradient_checkpointing: true };
    const wanted = await run(await createOnnxBackend(), {
      ...fields,
      gradient_checkpointing: false,
    });
    expectSame(await run(await createOnnxBackend(), fields), wanted);
    expectSame(await run(createJsBackend(), fields), wanted);
    expectSame(await run(await createTfjsBackend({ kernels: 'wasm' }), fields), wanted);
  });

  it('resumes with the same bits', async () => {
    const fields = { lora: { r: 4, quantize: 'int4' }, checkpoint_steps: 4 };
    const whole = await run(await createOnnxBackend(), fields);
    const weights = await readFile(join(folder, 'out/adapter_model.safetensors'));
    await rm(join(folder, 'out/adapter_model.safetensors'));
    expect(await run(await createOnnxBackend(), fields, true)).toEqual(whole.slice(8));
    expect(await readFile(join(folder, 'out/adapter_model.safetensors'))).toEqual(weights);
  });

  it('keeps the codes alone in memory', async () => {
    const model = await loadModel({
      folder: LLAMA,
      backend: createJsBackend(),
      quantise: { kind: 'nf4', blockSize: 64, isDouble: false },
    });
    const name = 'model.layers.0.mlp.up_proj.weight';
    expect(model.state.names).not.toContain(name);
    const count = (model.shapes.get(name) ?? []).reduce((product, size) => product * size, 1);
    const codes = await model.state.read(`${name}:codes`);
    expect(codes.data.byteLength).toBe(Math.ceil(count / 64) * 32);
    expect(model.storage.get('lm_head.weight')).toBeUndefined();
  });

  it('is refused for a model without weights, and for blocks of an odd size', async () => {
    const model = JSON.parse(await readFile(join(LLAMA, 'config.json'), 'utf8')) as object;
    const lora = { quantize: 'nf4' };
    await expect(run(createJsBackend(), { model, lora })).rejects.toMatchObject({
      code: 'ERR_TRAINING_MODEL_CONFIG',
      message: expect.stringContaining('lora.quantize') as unknown,
    });
    await expect(
      run(createJsBackend(), { lora: { ...lora, quantize_block_size: 33 } }),
    ).rejects.toThrow('multiple of 2');
  });
});

describe('a base in the 16 bits of its file', () => {
  it.each(['mistral-f16', 'llama-tied-bf16'])(
    'stays so below an adapter, which learns as on float32: %s',
    async (name) => {
      const model = join(FIXTURES, 'models', name);
      const loaded = await loadModel({ folder: model, backend: createJsBackend() });
      expect([...loaded.storage.values()].length).toBeGreaterThan(2);
      const wide = join(folder, 'wide');
      await convertModel({ from: model, to: 'safetensors', out: wide, quant: 'f32' });
      const fields = { lora: { r: 4 }, gradient_checkpointing: true };
      const wanted = await run(await createOnnxBackend(), {
        ...fields,
        model: wide,
        output_dir: join(folder, 'plain'),
      });
      expectSame(await run(await createOnnxBackend(), { ...fields, model }), wanted);
      expectSame(
        await run(await createTfjsBackend({ kernels: 'cpu' }), { ...fields, model, max_steps: 3 }),
        wanted.slice(0, 3),
      );
    },
  );
});
