import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { collectEvents } from '../__fixtures__/collect-events.js';
import { createModelRunner } from '../models/create-model-runner.js';
import { loadModel } from '../models/load-model.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { trainingJobSchema } from './job-schema.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');
const SCRIPT = join(import.meta.dirname, '../../scripts/logits-in-python.py');
const IDS = [3, 14, 15, 9, 26, 53, 58, 9];
/** Any Python that has the packages; the tests need none. */
const PYTHON = process.env['ESPALIER_TEST_PYTHON'] ?? 'python3';
const PROBE =
  'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ["torch", "transformers", "peft"])))';
const hasPython = spawnSync(PYTHON, ['-c', PROBE]).status === 0;

const run = promisify(execFile);
const logitsInPython = async (model: string, adapter?: string): Promise<number[][]> => {
  const args = [SCRIPT, model, IDS.join(','), ...(adapter === undefined ? [] : [adapter])];
  const { stdout } = await run(PYTHON, args, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as number[][];
};

const ownLogits = async (folder: string, adapterFolder?: string): Promise<Float32Array[]> => {
  const backend = await createOnnxBackend();
  const model = await loadModel({ folder, backend, ...(adapterFolder && { adapterFolder }) });
  const runner = createModelRunner(model);
  const logits = await runner.logits({ ids: IDS });
  await runner.dispose();
  await model.dispose();
  return logits;
};

describe.skipIf(!hasPython)('what training writes', () => {
  it.each([
    ['a llama', 'llama', undefined],
    ['a GPT-2', 'gpt2', undefined],
    ['a bfloat16 llama with tied weights', 'llama-tied-bf16', undefined],
    ['a LoRA adapter', 'llama', { r: 4 }],
    ['a LoRA adapter of GPT-2', 'gpt2', { r: 2, target_modules: ['c_attn', 'c_proj'] }],
    [
      'an rsLoRA adapter with patterns',
      'qwen2',
      { r: 4, use_rslora: true, rank_pattern: { v_proj: 2 }, alpha_pattern: { q_proj: 3 } },
    ],
    ['a DoRA adapter', 'llama', { r: 4, use_dora: true, modules_to_save: ['lm_head'] }],
  ])(
    'is loaded by transformers and peft with the same logits: %s',
    async (_name, base, lora) => {
      const folder = await mkdtemp(join(tmpdir(), 'espalier-python-'));
      const model = join(FIXTURES, 'models', base);
      try {
        const job = trainingJobSchema.parse({
          task: 'sft',
          model,
          output_dir: folder,
          train_data: join(FIXTURES, 'training/rows.jsonl'),
          max_steps: 3,
          batch_size: 4,
          learning_rate: 1e-2,
          max_length: 32,
          ...(lora && { lora }),
        });
        await collectEvents({ job, backend: await createOnnxBackend() });
        const theirs = await (lora ? logitsInPython(model, folder) : logitsInPython(folder));
        const ours = await (lora ? ownLogits(model, folder) : ownLogits(folder));
        const before = await ownLogits(model);
        const differences = theirs.flatMap((row, i) =>
          row.map((value, j) => Math.abs(value - (ours[i]?.[j] ?? NaN))),
        );
        expect(Math.max(...differences)).toBeLessThan(1e-4);
        expect(ours).not.toEqual(before);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    120_000,
  );
});
