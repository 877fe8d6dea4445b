import { readTrainingJob } from '../train/read-job.js';
import { train } from '../train/train.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';

// Runs the job of a file and prints its events, to be killed by a test.
const job = await readTrainingJob(process.argv[2] ?? '');
for await (const event of train({ job, backend: await createOnnxBackend() }))
  process.stdout.write(`${JSON.stringify(event)}\n`);
