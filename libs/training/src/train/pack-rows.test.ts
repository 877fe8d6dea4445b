import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { trainingJobSchema } from './job-schema.js';
import { packRows } from './pack-rows.js';
import { train } from './train.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');

const rowOf = (length: number, first: number) => ({
  ids: Int32Array.from({ length }, (_, i) => first + i),
  isScored: new Uint8Array(length).fill(1, 1),
});

describe('packing', () => {
  it('fills packs the longest row first, each into the fullest that has room', () => {
    const packs = packRows([rowOf(3, 0), rowOf(6, 10), rowOf(4, 20), rowOf(2, 30)], 8);
    expect(packs.map(({ ids }) => [...ids])).toEqual([
      [10, 11, 12, 13, 14, 15, 30, 31],
      [20, 21, 22, 23, 0, 1, 2],
    ]);
    expect(packs[1]).toMatchObject({
      segments: Int32Array.of(0, 0, 0, 0, 1, 1, 1),
      positions: Int32Array.of(0, 1, 2, 3, 0, 1, 2),
      isScored: Uint8Array.of(0, 1, 1, 1, 0, 1, 1),
    });
  });

  it.each(['llama', 'gpt2', 'mistral-f16'])(
    'lets no token see another row: one step over packs is one step over the rows, %s',
    async (model) => {
      const folder = await mkdtemp(join(tmpdir(), 'espalier-pack-'));
      try {
        const stepOf = async (fields: Record<string, unknown>) => {
          const job = trainingJobSchema.parse({
            task: 'sft',
            model: join(FIXTURES, 'models', model),
            output_dir: join(folder, 'out'),
            train_data: join(FIXTURES, 'training/rows.jsonl'),
            loss_on: 'completion',
            max_steps: 1,
            max_length: 32,
            ...fields,
          });
          for await (const event of train({ job, backend: await createOnnxBackend() }))
            if (event.type === 'step') return event;
          return undefined;
        };
        const plain = await stepOf({ batch_size: 10 });
        // Ten rows of 4 to 30 tokens make five packs of at most 32.
        const packed = await stepOf({ batch_size: 5, packing: true });
        expect(packed?.loss).toBeCloseTo(plain?.loss ?? NaN, 5);
        expect((packed?.grad_norm ?? NaN) / (plain?.grad_norm ?? NaN)).toBeCloseTo(1, 4);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});
