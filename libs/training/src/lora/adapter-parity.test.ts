import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convertModel } from '../convert/convert-model.js';
import { createModelRunner } from '../models/create-model-runner.js';
import { loadModel } from '../models/load-model.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');
const ADAPTERS = join(FIXTURES, 'training/adapters');

interface Expected {
  base: string;
  ids: number[];
  logits: number[][];
}

const logitsOf = async (folder: string, ids: number[], adapterFolder?: string) => {
  const backend = await createOnnxBackend();
  const model = await loadModel({ folder, backend, ...(adapterFolder && { adapterFolder }) });
  const runner = createModelRunner(model);
  const logits = await runner.logits({ ids });
  await runner.dispose();
  await model.dispose();
  return logits;
};

const difference = (found: readonly Float32Array[], wanted: readonly number[][]): number =>
  Math.max(
    ...wanted.flatMap((row, i) => row.map((value, j) => Math.abs(value - (found[i]?.[j] ?? NaN)))),
  );

describe('adapters of peft', () => {
  it.each(readdirSync(ADAPTERS))(
    'give the logits of peft, apart, merged and written again: %s',
    async (name) => {
      const adapter = join(ADAPTERS, name);
      const { base, ids, logits } = JSON.parse(
        readFileSync(join(adapter, 'expected.json'), 'utf8'),
      ) as Expected;
      const from = join(FIXTURES, 'models', base);
      const folder = await mkdtemp(join(tmpdir(), 'espalier-adapter-'));
      try {
        expect(difference(await logitsOf(from, ids, adapter), logits)).toBeLessThan(1e-4);
        const merged = join(folder, 'merged');
        await convertModel({ from, adapter, to: 'safetensors', out: merged });
        expect(difference(await logitsOf(merged, ids), logits)).toBeLessThan(1e-4);
        const again = join(folder, 'again');
        await convertModel({ from, adapter, to: 'peft', out: again });
        expect(difference(await logitsOf(from, ids, again), logits)).toBeLessThan(1e-4);
        expect(
          JSON.parse(await readFile(join(again, 'adapter_config.json'), 'utf8')),
        ).toMatchObject({
          peft_type: 'LORA',
          task_type: 'CAUSAL_LM',
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});
