import { describe, expect, it } from 'vitest';
import { createJsBackend } from '../backends/create-js-backend.js';
import { trainingJobSchema } from './job-schema.js';
import { train } from './train.js';

describe('the precision of a job', () => {
  it.each(['bfloat16', 'float16'])(
    'is refused before anything is read where the backend has another: %s',
    async (precision) => {
      const job = trainingJobSchema.parse({
        task: 'sft',
        model: '/nowhere/model',
        train_data: '/nowhere/rows.jsonl',
        output_dir: '/nowhere/out',
        max_steps: 1,
        precision,
      });
      await expect(train({ job, backend: createJsBackend() }).next()).rejects.toMatchObject({
        code: 'ERR_TRAINING_PRECISION',
        message: expect.stringContaining('tfjs-node') as string,
        details: { backend: 'js', asked: precision, found: 'float32' },
      });
    },
  );
});
