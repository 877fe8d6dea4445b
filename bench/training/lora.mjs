// LoRA against full fine-tuning on the tasks of examples/fine-tune, from a base that `espalier train examples/fine-tune/base.yaml`
// (or the guide "Fine-tune a model") made.
//
//   node bench/training/lora.mjs --base <folder of the base>, after `npx nx build training`
//     [--task speeches | chats] [--steps 60] [--batch 8] [--seeds 1] [--ways 'full,LoRA r 16']
//
// Each way takes the learning rate that is best on the dev rows; then it is trained anew for each seed and its loss on the
// test rows, which decide nothing, is printed with the distance to full fine-tuning.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { train, trainingJobSchema } from '@espalier/training';
import { createOnnxBackend } from '@espalier/training/onnx';

const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    task: { type: 'string', default: 'speeches' },
    steps: { type: 'string', default: '60' },
    batch: { type: 'string', default: '8' },
    seeds: { type: 'string', default: '1' },
    ways: { type: 'string' },
  },
});
if (values.base === undefined) throw new Error('Give the folder of the base with --base.');
const DATA = join(import.meta.dirname, '../../examples/fine-tune');
const lora = (r, further = {}) => ({ lora: { r, alpha: 2 * r, ...further } });
const FULL = 'full';
const WAYS = {
  [FULL]: { rates: [3e-4, 1e-3, 3e-3], fields: {} },
  'LoRA r 16': { rates: [1e-3, 3e-3, 1e-2], fields: lora(16) },
  'LoRA r 8': { rates: [1e-3, 3e-3, 1e-2], fields: lora(8) },
  'LoRA r 16 on nf4': { rates: [1e-3, 3e-3, 1e-2], fields: lora(16, { quantize: 'nf4' }) },
};
const folder = mkdtempSync(join(tmpdir(), 'espalier-lora-'));

/** What a run on rows tells: its least evaluation loss, and how many weights it trains. */
async function run(fields) {
  const backend = await createOnnxBackend();
  const job = trainingJobSchema.parse({
    task: 'sft',
    model: values.base,
    train_data: join(DATA, `${values.task}.jsonl`),
    loss_on: 'assistant',
    max_length: 128,
    pad_to_multiple_of: 32,
    batch_size: Number(values.batch),
    ...fields,
  });
  let [loss, trainable] = [Infinity, 0];
  for await (const event of train({ job, backend })) {
    if (event.type === 'start') trainable = event.trainable_parameters;
    if (event.type === 'eval') loss = Math.min(loss, event.loss);
  }
  await backend.dispose();
  return { loss, trainable };
}

/** Trains and keeps the weights that did best on the dev rows. */
async function tune(fields, rate, seed) {
  const steps = Number(values.steps);
  const out = join(folder, `${String(rate)}-${seed}`);
  rmSync(out, { recursive: true, force: true });
  const { loss, trainable } = await run({
    output_dir: out,
    eval_data: join(DATA, `${values.task}-dev.jsonl`),
    eval_steps: Math.ceil(steps / 4),
    load_best_model_at_end: true,
    shuffle: true,
    seed,
    max_steps: steps,
    learning_rate: rate,
    warmup_steps: 5,
    ...fields,
  });
  return { out, rate, loss, trainable };
}

/** The loss on the test rows: what one step of no length leaves. */
async function test(made, fields) {
  const { loss } = await run({
    output_dir: join(folder, 'tested'),
    eval_data: join(DATA, `${values.task}-test.jsonl`),
    max_steps: 1,
    optimizer: 'sgd',
    learning_rate: 0,
    ...(fields.lora === undefined
      ? { model: made }
      : {
          lora: {
            init_from: made,
            ...(fields.lora.quantize && { quantize: fields.lora.quantize }),
          },
        }),
  });
  return loss;
}

try {
  console.log(`${values.task}: base ${(await test(values.base, {})).toFixed(4)} on the test rows`);
  let whole;
  for (const way of values.ways?.split(',') ?? Object.keys(WAYS)) {
    const { rates, fields } = WAYS[way];
    const tried = [];
    for (const rate of rates) tried.push(await tune(fields, rate, 0));
    const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a));
    const losses = [await test(best.out, fields)];
    for (let seed = 1; seed < Number(values.seeds); seed++)
      losses.push(await test((await tune(fields, best.rate, seed)).out, fields));
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    whole ??= mean;
    console.log(
      `${way}: test ${mean.toFixed(4)} (${(100 * (mean / whole - 1)).toFixed(2)} % of ${FULL}), dev ${tried.map(({ rate, loss }) => `${rate}: ${loss.toFixed(4)}`).join(', ')}; ${best.trainable} weights trained`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
