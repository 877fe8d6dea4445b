import { join } from 'node:path';
import { parseConfig } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { jobFields, renderJobReference } from '../__fixtures__/render-job-reference.js';
import { trainingJobSchema } from './job-schema.js';

const PAGE = join(import.meta.dirname, '../../../../docs/reference/training-job.md');
const JOB = { task: 'sft', model: 'm', output_dir: 'o', train_data: 't', max_steps: 1 };

describe('the reference of job files', () => {
  it('is the page in the documentation', async () => {
    await expect(renderJobReference()).toMatchFileSnapshot(PAGE);
  });

  it('says of every field what it takes and what it does', () => {
    const fields = jobFields();
    expect(fields.length).toBeGreaterThan(50);
    expect(fields.filter(({ range, effect }) => range === '' || !effect)).toEqual([]);
  });

  it.each([
    [{ max_step: 1 }, 'max_step'],
    [{ lora: { rank: 8 } }, 'rank'],
    [{ task: 'embedding', embedding: { temprature: 1 } }, 'temprature'],
  ])('tells the truth that unknown fields are refused by name: %j', (fields, name) => {
    expect(() =>
      parseConfig(trainingJobSchema, { ...JOB, ...fields }, { source: 'job.yaml' }),
    ).toThrow(name);
  });
});
