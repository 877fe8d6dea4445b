import { describe, expect, it } from 'vitest';
import { trainingJobSchema } from '../job-schema.js';
import { createStepIndices } from './step-indices.js';

const jobOf = (fields: Record<string, unknown>) =>
  trainingJobSchema.parse({
    task: 'sft',
    model: 'm',
    output_dir: 'o',
    train_data: 'd',
    batch_size: 4,
    max_steps: 6,
    ...fields,
  });

const LENGTHS = Array.from({ length: 32 }, (_, i) => (i * 13) % 32);

/** The most that a row of a batch is padded by, summed over an epoch. */
const paddingOf = (fields: Record<string, unknown>): number => {
  const indicesOf = createStepIndices(jobOf(fields), LENGTHS);
  let padding = 0;
  for (let step = 0; step < 8; step++)
    for (const batch of indicesOf(step)) {
      const lengths = batch.map((index) => LENGTHS[index] ?? 0);
      padding += lengths.reduce((total, length) => total + Math.max(...lengths) - length, 0);
    }
  return padding;
};

const epochOf = (fields: Record<string, unknown>): number[] => {
  const indicesOf = createStepIndices(jobOf(fields), LENGTHS);
  return Array.from({ length: 8 }, (_, step) => indicesOf(step)).flat(2);
};

describe('the rows of a step', () => {
  it('go in file order, epoch after epoch', () => {
    const indicesOf = createStepIndices(jobOf({ gradient_accumulation: 2 }), LENGTHS.slice(0, 6));
    expect(indicesOf(0)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 0, 1],
    ]);
    expect(indicesOf(1)[0]).toEqual([2, 3, 4, 5]);
  });

  it.each([{ shuffle: true }, { group_by_length: true }, { group_by_length: true, shuffle: true }])(
    'are each row once an epoch, the same for the same seed: %o',
    (fields) => {
      const epoch = epochOf(fields);
      expect(epoch.toSorted((a, b) => a - b)).toEqual(LENGTHS.map((_, i) => i));
      expect(epochOf(fields)).toEqual(epoch);
      if ('shuffle' in fields) expect(epochOf({ ...fields, seed: 1 })).not.toEqual(epoch);
    },
  );

  it('are padded less when grouped by length', () => {
    expect(paddingOf({ group_by_length: true })).toBeLessThan(paddingOf({}) * 0.7);
    expect(paddingOf({ group_by_length: true, shuffle: true })).toBeLessThan(paddingOf({}) * 0.7);
  });
});
