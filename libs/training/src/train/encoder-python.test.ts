import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectEvents } from '../__fixtures__/collect-events.js';
import { createModelRunner } from '../models/create-model-runner.js';
import { loadModel } from '../models/load-model.js';
import { loadTextInputs } from '../models/load-text-inputs.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { trainingJobSchema } from './job-schema.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__/encoder');
const SCRIPT = join(import.meta.dirname, '../../scripts/encoder-in-python.py');
const BASE = join(FIXTURES, 'embedder');
/** Any Python that has the packages; the other tests need none. */
const PYTHON = process.env['ESPALIER_TEST_PYTHON'] ?? 'python3';
const PROBE =
  'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ["torch", "transformers", "peft", "sentence_transformers"])))';
const hasPython = spawnSync(PYTHON, ['-c', PROBE]).status === 0;

const TEXTS = [
  'why is the sky blue',
  'red fish swims',
  'a tree grows of stone and the sea is a cloud',
];
const PAIRS: [string, string][] = [
  ['why burns', 'fire burns the red grass of the sea'],
  ['how', 'a bird flies'],
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-encoder-python-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const inPython = (args: readonly string[], texts: unknown): number[][] => {
  const { stdout, stderr } = spawnSync(PYTHON, [SCRIPT, ...args], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  expect(last, stderr).toMatch(/^\[/u);
  return JSON.parse(last) as number[][];
};

const train = async (fields: Record<string, unknown>): Promise<void> => {
  const job = trainingJobSchema.parse({
    model: BASE,
    output_dir: folder,
    max_steps: 5,
    batch_size: 3,
    learning_rate: 1e-2,
    max_length: 12,
    pad_to_multiple_of: 12,
    ...fields,
  });
  await collectEvents({ job, backend: await createOnnxBackend() });
};

const ours = async (
  options: { folder: string; adapterFolder?: string },
  texts: readonly (string | [string, string])[],
  isEmbedded: boolean,
): Promise<number[][]> => {
  const model = await loadModel({ ...options, backend: await createOnnxBackend() });
  const inputs = await loadTextInputs(model, options.adapterFolder);
  const runner = createModelRunner(model);
  const found: number[][] = [];
  for (const one of texts) {
    const [text, textPair] = typeof one === 'string' ? [one] : one;
    const row = await inputs.rowOf({ text, ...(textPair !== undefined && { textPair }) });
    if (isEmbedded) {
      const vector = await runner.embed(row, inputs.pooling);
      found.push(Array.from(vector, (value) => value / Math.hypot(...vector)));
    } else found.push(...(await runner.logits(row)).map((scores) => [...scores]));
  }
  await runner.dispose();
  await model.dispose();
  return found;
};

const farthest = (a: readonly number[][], b: readonly number[][]): number =>
  Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - (b[i]?.[j] ?? NaN)))));

const ROWS = (name: string): string => join(FIXTURES, `${name}.jsonl`);

describe.skipIf(!hasPython)('what training makes of an encoder', () => {
  it.each([
    ['mean pooling', {}, {}],
    ['the first token', { pooling: 'cls' }, {}],
    ['an adapter', {}, { lora: { r: 2 } }],
  ])(
    'gives the vectors of sentence-transformers: %s',
    async (_name, embedding, more) => {
      await train({ task: 'embedding', train_data: ROWS('retrieval'), embedding, ...more });
      const theirs = inPython(['embed', folder], TEXTS);
      const options = 'lora' in more ? { folder: BASE, adapterFolder: folder } : { folder };
      const found = await ours(options, TEXTS, true);
      expect(farthest(found, theirs)).toBeLessThan(1e-4);
      expect(farthest(found, await ours({ folder: BASE }, TEXTS, true))).toBeGreaterThan(1e-2);
    },
    120_000,
  );

  it.each([
    ['a cross-encoder', { task: 'cross-encoder', train_data: ROWS('judged') }, PAIRS],
    ['a classifier', { task: 'classification', train_data: ROWS('single') }, TEXTS],
    [
      'an adapter with a head',
      {
        task: 'classification',
        train_data: ROWS('several'),
        classification: { multi_label: true },
        lora: { r: 2 },
      },
      TEXTS,
    ],
  ])(
    'gives the logits of transformers and peft: %s',
    async (_name, fields, texts) => {
      await train(fields);
      const isAdapter = 'lora' in fields;
      const theirs = inPython(['classify', folder, ...(isAdapter ? [BASE] : [])], texts);
      const options = isAdapter ? { folder: BASE, adapterFolder: folder } : { folder };
      expect(farthest(await ours(options, texts, false), theirs)).toBeLessThan(1e-4);
    },
    120_000,
  );
});
