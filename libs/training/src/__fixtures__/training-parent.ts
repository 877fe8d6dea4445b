import { join } from 'node:path';
import { runTrainingProcess } from '../jobs/run-training-process.js';
import { trainingJobSchema } from '../train/job-schema.js';

// Starts a long training process, prints its number once it takes steps, and waits to be killed.
const [file = '', output = ''] = process.argv.slice(2);
let pid = 0;
await runTrainingProcess({
  job: trainingJobSchema.parse({
    task: 'sft',
    model: join(import.meta.dirname, 'models/llama'),
    output_dir: output,
    train_data: join(import.meta.dirname, 'training/rows.jsonl'),
    batch_size: 2,
    max_steps: 1_000_000,
    max_length: 32,
  }),
  program: { file, execArgv: process.execArgv },
  onStart(number) {
    pid = number;
  },
  onEvent(event) {
    if (event.type === 'step' && event.step === 1) process.stdout.write(`${pid}\n`);
  },
});
