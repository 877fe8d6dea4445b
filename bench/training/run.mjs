// Character model on one text, and LoRA, against PyTorch eager on one thread, and TensorFlow, in the same run.
//
//   node bench/training/run.mjs --data <input.txt of TinyShakespeare>, after `npx nx build training`
//     [--python <python with torch, transformers, peft>] [--steps 200: of each engine, timed] [--seeds 0: whole runs of
//     examples/tinyshakespeare.yaml to evaluate] [--peer-validation: evaluate torch's 2,000 steps too] [--lora-steps 40]
//     [--tensorflow <folder that `espalier tensorflow install` has filled>] [--no-torch: only ours, and TensorFlow]
//
// Prints CPU seconds a step, their ratios (PyTorch / ours: above 1 is faster than PyTorch), and validation losses.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSeededRandom } from '@espalier/core';
import { readTrainingJob, train, trainingJobSchema } from '@espalier/training';
import { createOnnxBackend } from '@espalier/training/onnx';
import { createTfjsNodeBackend } from '@espalier/training/tfjs-node';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    steps: { type: 'string', default: '200' },
    seeds: { type: 'string', default: '0' },
    'peer-validation': { type: 'boolean', default: false },
    'lora-steps': { type: 'string', default: '40' },
    tensorflow: { type: 'string' },
    'no-torch': { type: 'boolean', default: false },
  },
});
if (values.data === undefined) throw new Error('Give the text with --data.');
const WARM = 20;
/** nanoGPT's budget. */
const PEER_STEPS = 2000;
const steps = Number(values.steps);
const withTorch = !values['no-torch'];
const peer = (...options) =>
  JSON.parse(
    execFileSync(
      values.python,
      [join(import.meta.dirname, 'torch-peer.py'), ...options.map(String)],
      { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } },
    )
      .trim()
      .split('\n')
      .at(-1),
  );
const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const figure = (value) => value.toFixed(4);
const folder = mkdtempSync(join(tmpdir(), 'espalier-bench-'));

/** CPU seconds a step after the first ones, and what else the run told. */
async function timed(job, warm, open = createOnnxBackend) {
  const backend = await open();
  const losses = [];
  let began = 0;
  let cpu = 0;
  let validation;
  for await (const event of train({ job, backend })) {
    if (event.type === 'step') {
      losses.push(event.loss);
      if (event.step === warm) began = seconds();
      if (event.step === job.max_steps) cpu = (seconds() - began) / (job.max_steps - warm);
    }
    if (event.type === 'eval') validation = event.loss;
  }
  await backend.dispose();
  return { cpu, losses, validation };
}

try {
  const example = await readTrainingJob(
    join(import.meta.dirname, '../../examples/tinyshakespeare.yaml'),
  );
  const base = { ...example, train_data: values.data, output_dir: join(folder, 'gpt') };

  const brief = { ...base, max_steps: steps, eval_batches: 0 };
  const ours = await timed({ ...brief, optimizer: 'adamw', betas: [0.9, 0.99] }, WARM);
  const recipe = await timed(brief, WARM);
  console.log(
    `character model, CPU seconds a step over ${steps - WARM} steps: ours ${figure(ours.cpu)}`,
  );
  if (values.tensorflow !== undefined) {
    const folder = values.tensorflow;
    const adamw = { ...brief, optimizer: 'adamw', betas: [0.9, 0.99] };
    const other = await timed(adamw, WARM, () => createTfjsNodeBackend({ folder }));
    console.log(
      `  tfjs-node ${figure(other.cpu)}, ratio ${(other.cpu / ours.cpu).toFixed(2)}; last loss ${figure(ours.losses.at(-1))} and ${figure(other.losses.at(-1))}`,
    );
  }
  if (withTorch) {
    const theirs = peer('gpt', '--data', values.data, '--steps', steps);
    console.log(
      `  PyTorch eager ${figure(theirs.cpu_per_step)}, ratio ${(theirs.cpu_per_step / ours.cpu).toFixed(2)}; ours / PyTorch ${(ours.cpu / theirs.cpu_per_step).toFixed(2)}`,
    );
    const [whole, peerWhole] = [recipe.cpu * base.max_steps, theirs.cpu_per_step * PEER_STEPS];
    console.log(
      `  the example's ${base.max_steps} steps of ${base.optimizer}: ${figure(recipe.cpu)} a step, ${whole.toFixed(1)} in all; PyTorch eager's ${PEER_STEPS} steps ${peerWhole.toFixed(1)}; ours / PyTorch ${(whole / peerWhole).toFixed(2)}`,
    );
  }

  const found = [];
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const whole = await timed({ ...base, seed }, WARM);
    found.push(whole.validation);
    console.log(
      `  seed ${seed}: validation ${figure(whole.validation)} after ${base.max_steps} steps of ${figure(whole.cpu)} CPU seconds`,
    );
  }
  if (found.length > 0)
    console.log(`  mean ${figure(found.reduce((a, b) => a + b) / found.length)}`);
  if (withTorch && values['peer-validation']) {
    const whole = peer('gpt', '--data', values.data, '--steps', PEER_STEPS, '--evaluate');
    console.log(
      `  PyTorch eager, ${PEER_STEPS} steps of nanoGPT's recipe: validation ${figure(whole.validation)}, ${figure(whole.cpu_per_step)} CPU seconds a step`,
    );
  }

  const loraSteps = withTorch ? Number(values['lora-steps']) : 0;
  if (loraSteps > 0) {
    const model = join(folder, 'gpt-base');
    await timed(
      trainingJobSchema.parse({
        ...base,
        model: {
          ...base.model,
          vocab_size: 2048,
          hidden_size: 256,
          intermediate_size: 688,
          max_position_embeddings: 128,
        },
        tokenizer: 'characters',
        output_dir: model,
        max_steps: 1,
        eval_batches: 0,
      }),
      0,
    );
    const random = createSeededRandom(1);
    const batches = Array.from({ length: 10 }, () =>
      Array.from({ length: 8 }, () => {
        const start = Math.floor(random.next() * 1000);
        return Array.from({ length: 128 }, (_, i) => (start + 7 * i) % 2048);
      }),
    );
    writeFileSync(join(folder, 'batches.json'), JSON.stringify(batches));
    writeFileSync(
      join(folder, 'rows.jsonl'),
      batches
        .flat()
        .map((ids) => `${JSON.stringify({ ids })}\n`)
        .join(''),
    );
    for (const [name, lora] of [
      ['LoRA r 8', { r: 8, alpha: 16 }],
      ['full fine-tuning', undefined],
    ]) {
      const run = await timed(
        trainingJobSchema.parse({
          task: 'sft',
          model,
          output_dir: join(folder, 'tuned'),
          train_data: join(folder, 'rows.jsonl'),
          batch_size: 8,
          max_length: 128,
          max_steps: loraSteps,
          learning_rate: 1e-3,
          schedule: 'constant',
          ...(lora === undefined ? {} : { lora }),
        }),
        5,
      );
      const other = peer(
        'lora',
        ...['--model', model, '--rows', join(folder, 'batches.json')],
        ...['--steps', loraSteps, '--full', lora === undefined ? 1 : 0],
      );
      console.log(`${name}, 4 layers of 256, batch 8 × 128, CPU seconds a step`);
      console.log(
        `  ours ${figure(run.cpu)}  PyTorch and peft ${figure(other.cpu_per_step)}  ratio ${(other.cpu_per_step / run.cpu).toFixed(2)}; last loss ${figure(run.losses.at(-1))} and ${figure(other.losses.at(-1))}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
