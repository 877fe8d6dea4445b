import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { convertModel, type ConvertQuant } from '../convert/convert-model.js';

const MODELS = join(import.meta.dirname, '../__fixtures__/models');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-onnx-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Row {
  readonly ids: readonly number[];
  readonly type_ids?: readonly number[];
}
const expectedOf = (name: string): unknown =>
  JSON.parse(readFileSync(join(MODELS, name, 'expected.json'), 'utf8'));

const open = async (name: string, quant: ConvertQuant = 'f32') => {
  await convertModel({ from: join(MODELS, name), to: 'onnx', quant, out: folder });
  return ort.InferenceSession.create(join(folder, 'model.onnx'));
};

/** Runs rows side by side, padded on the right. */
const run = async (session: ort.InferenceSession, rows: readonly Row[]) => {
  const length = Math.max(...rows.map(({ ids }) => ids.length));
  const tensor = (of: (row: Row) => readonly number[]): ort.Tensor =>
    new ort.Tensor(
      'int64',
      BigInt64Array.from(
        rows.flatMap((row) => Array.from({ length }, (_, i) => BigInt(of(row)[i] ?? 0))),
      ),
      [rows.length, length],
    );
  const outputs = await session.run({
    input_ids: tensor(({ ids }) => ids),
    attention_mask: tensor(({ ids }) => ids.map(() => 1)),
    ...(session.inputNames.includes('token_type_ids') && {
      token_type_ids: tensor(({ type_ids: types }) => types ?? []),
    }),
  });
  const rowsOf = (name: string): number[][][] => {
    const { data, dims } = outputs[name] as ort.Tensor;
    const width = dims.at(-1) ?? 1;
    return rows.map((row, r) =>
      row.ids.map((_, i) => {
        const at = (r * length + i) * width;
        return [...(data as Float32Array).subarray(at, at + width)];
      }),
    );
  };
  return { outputs, rowsOf };
};

const difference = (found: readonly number[][], wanted: readonly number[][]): number =>
  Math.max(...wanted.flatMap((row, i) => row.map((v, j) => Math.abs(v - (found[i]?.[j] ?? NaN)))));

describe('a model as ONNX', () => {
  it.each([
    'llama',
    'llama-tied-bf16',
    'llama-llama3',
    'llama-yarn',
    'mistral-f16',
    'qwen2',
    'qwen3',
    'gpt2',
  ])('gives the logits of transformers, also for rows of several lengths: %s', async (name) => {
    const session = await open(name);
    const rows = (expectedOf(name) as { logits: (Row & { logits: number[][] })[] }).logits;
    const { rowsOf } = await run(session, rows);
    for (const [r, found] of rowsOf('logits').entries())
      expect(difference(found, rows[r]?.logits ?? [])).toBeLessThan(1e-4);
    await session.release();
  });

  it('gives the states of an encoder and their mean at length 1', async () => {
    const session = await open('bert');
    const rows = expectedOf('bert') as (Row & { states: number[][] })[];
    const { rowsOf, outputs } = await run(session, rows);
    for (const [r, found] of rowsOf('last_hidden_state').entries())
      expect(difference(found, rows[r]?.states ?? [])).toBeLessThan(1e-4);
    const [first] = rows;
    const sum = first?.states[0]?.map((_, j) =>
      first.states.reduce((s, row) => s + (row[j] ?? 0), 0),
    );
    const size = Math.hypot(...(sum ?? []));
    const mean = outputs['sentence_embedding']?.data as Float32Array;
    sum?.forEach((value, j) => {
      expect(mean[j]).toBeCloseTo(value / size, 5);
    });
    await session.release();
  });

  it.each(['llama', 'gpt2', 'llama-tied-bf16'])('stays near in eight bits: %s', async (name) => {
    const session = await open(name, 'int8');
    const [row] = (expectedOf(name) as { logits: (Row & { logits: number[][] })[] }).logits.slice(
      1,
    );
    if (row === undefined) throw new Error('no row');
    const { rowsOf } = await run(session, [row]);
    const all = row.logits.flat();
    const spread = Math.sqrt(all.reduce((sum, v) => sum + v * v, 0) / all.length);
    const errors = rowsOf('logits')
      .flat(2)
      .map((value, i) => (value - (all[i] ?? 0)) ** 2);
    expect(Math.sqrt(errors.reduce((a, b) => a + b, 0) / errors.length)).toBeLessThan(0.1 * spread);
    await session.release();
  });

  it('refuses types that it does not write', async () => {
    await expect(open('llama', 'q4_k')).rejects.toThrow(/f32 or int8 for onnx/u);
  });
});
