import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TensorBackend } from '@espalier/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJsBackend } from '../backends/create-js-backend.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { createModelRunner } from './create-model-runner.js';
import { loadModel } from './load-model.js';

const MODELS = join(import.meta.dirname, '../__fixtures__/models');
const decoders = readdirSync(MODELS).filter((name) => name !== 'bert');

interface Expected {
  logits: { ids: number[]; logits: number[][] }[];
  generated: number[];
}

const readExpected = <T>(name: string): T =>
  JSON.parse(readFileSync(join(MODELS, name, 'expected.json'), 'utf8')) as T;

const largestDifference = (found: readonly Float32Array[], wanted: readonly number[][]): number =>
  Math.max(
    ...wanted.flatMap((row, i) => row.map((value, j) => Math.abs(value - (found[i]?.[j] ?? NaN)))),
  );

describe.each(['js', 'onnx'])('models on the %s backend', (id) => {
  let backend: TensorBackend;
  beforeAll(async () => {
    backend = id === 'js' ? createJsBackend() : await createOnnxBackend();
  });
  afterAll(() => backend.dispose());

  it.each(decoders)('gives the logits and the greedy text of transformers: %s', async (name) => {
    const model = await loadModel({ folder: join(MODELS, name), backend });
    const runner = createModelRunner(model);
    const expected = readExpected<Expected>(name);
    for (const { ids, logits } of expected.logits)
      expect(largestDifference(await runner.logits({ ids }), logits)).toBeLessThan(1e-4);
    const ids = expected.logits[1]?.ids ?? [];
    const maxTokens = expected.generated.length - ids.length;
    expect(await runner.generate({ ids, maxTokens })).toEqual(expected.generated);
    await runner.dispose();
    await model.dispose();
  });

  it('gives the states of transformers: bert', async () => {
    const model = await loadModel({ folder: join(MODELS, 'bert'), backend });
    const runner = createModelRunner(model);
    const rows = readExpected<{ ids: number[]; type_ids: number[]; states: number[][] }[]>('bert');
    for (const { ids, type_ids: typeIds, states } of rows)
      expect(largestDifference(await runner.logits({ ids, typeIds }), states)).toBeLessThan(1e-4);
    await runner.dispose();
    await model.dispose();
  });
});
