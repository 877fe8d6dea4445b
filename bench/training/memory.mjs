// Peak memory of fine-tuning one bfloat16 model whole, with LoRA, and with LoRA on a base in few bits; each in a process of its own.
//
//   node bench/training/memory.mjs [--width 1024] [--layers 8] [--vocabulary 8192] [--steps 3]
//     [--only int8,nf4: the ways whose names hold one of these, beside the first], after `npx nx build training`
//
// Prints the peak resident memory of each, what of it was there before the model was loaded, and CPU seconds a step.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSeededRandom } from '@espalier/core';
import { train, trainingJobSchema, writeSafetensors } from '@espalier/training';
import { createOnnxBackend } from '@espalier/training/onnx';

const { values } = parseArgs({
  options: {
    width: { type: 'string', default: '1024' },
    layers: { type: 'string', default: '8' },
    vocabulary: { type: 'string', default: '8192' },
    steps: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    child: { type: 'string' },
  },
});
const WAYS = {
  'whole, adamw': {},
  'whole, adamw_8bit': { optimizer: 'adamw_8bit' },
  'LoRA r 8': { lora: { r: 8 } },
  'LoRA r 8 on int8': { lora: { r: 8, quantize: 'int8' } },
  'LoRA r 8 on int4': { lora: { r: 8, quantize: 'int4' } },
  'LoRA r 8 on nf4': { lora: { r: 8, quantize: 'nf4' } },
  'LoRA r 8 on nf4, scales in 8 bits': { lora: { r: 8, quantize: 'nf4', quantize_twice: true } },
};

async function make(folder) {
  const [width, layers, vocabulary] = [values.width, values.layers, values.vocabulary].map(Number);
  const inner = 4 * width;
  mkdirSync(join(folder, 'model'));
  writeFileSync(
    join(folder, 'model/config.json'),
    JSON.stringify({
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      torch_dtype: 'bfloat16',
      hidden_size: width,
      intermediate_size: inner,
      num_hidden_layers: layers,
      num_attention_heads: width / 64,
      num_key_value_heads: width / 64,
      max_position_embeddings: 512,
      rms_norm_eps: 1e-5,
      tie_word_embeddings: true,
      vocab_size: vocabulary,
    }),
  );
  const random = createSeededRandom(1);
  const tensor = (name, ...shape) => ({
    name,
    shape,
    dtype: 'BF16',
    values: () =>
      Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () =>
        shape.length === 1 ? 1 : 0.04 * (random.next() + random.next() + random.next() - 1.5),
      ),
  });
  await writeSafetensors({
    file: join(folder, 'model/model.safetensors'),
    tensors: [
      tensor('model.embed_tokens.weight', vocabulary, width),
      ...Array.from({ length: layers }, (_, layer) => {
        const at = `model.layers.${layer}`;
        return [
          tensor(`${at}.input_layernorm.weight`, width),
          ...['q', 'k', 'v', 'o'].map((part) =>
            tensor(`${at}.self_attn.${part}_proj.weight`, width, width),
          ),
          tensor(`${at}.post_attention_layernorm.weight`, width),
          tensor(`${at}.mlp.gate_proj.weight`, inner, width),
          tensor(`${at}.mlp.up_proj.weight`, inner, width),
          tensor(`${at}.mlp.down_proj.weight`, width, inner),
        ];
      }).flat(),
      tensor('model.norm.weight', width),
    ],
  });
  const rows = Array.from({ length: 8 }, () => ({
    ids: Array.from({ length: 64 }, () => Math.floor(random.next() * vocabulary)),
  }));
  writeFileSync(join(folder, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

async function measure(way, folder) {
  const backend = await createOnnxBackend();
  const before = process.resourceUsage().maxRSS * 1024;
  const job = trainingJobSchema.parse({
    task: 'sft',
    model: join(folder, 'model'),
    output_dir: join(folder, 'out'),
    train_data: join(folder, 'rows.jsonl'),
    batch_size: 1,
    max_length: 64,
    max_steps: Number(values.steps),
    learning_rate: 1e-4,
    schedule: 'constant',
    ...WAYS[way],
  });
  const losses = [];
  let peak = 0;
  let began = 0;
  let cpu = 0;
  for await (const event of train({ job, backend })) {
    if (event.type !== 'step') continue;
    losses.push(event.loss);
    const { user, system } = process.cpuUsage();
    if (event.step === 1) began = user + system;
    // Writing the result comes after.
    if (event.step === job.max_steps) {
      cpu = (user + system - began) / 1e6 / (job.max_steps - 1);
      peak = process.resourceUsage().maxRSS * 1024;
    }
  }
  console.log(JSON.stringify({ way, before, peak, cpu, losses }));
}

if (values.child !== undefined) {
  const [way, folder] = JSON.parse(values.child);
  await measure(way, folder);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-memory-'));
  try {
    await make(folder);
    const file = statSync(join(folder, 'model/model.safetensors')).size;
    console.log(`bfloat16 file: ${(file / 1e6).toFixed(0)} MB`);
    let whole;
    const [first, ...others] = Object.keys(WAYS);
    const only = values.only.split(',');
    for (const way of [
      first,
      ...others.filter((name) => only.some((part) => name.includes(part))),
    ]) {
      const child = [...process.execArgv, process.argv[1], ...process.argv.slice(2)];
      const text = execFileSync(
        process.execPath,
        [...child, '--child', JSON.stringify([way, folder])],
        {
          encoding: 'utf8',
        },
      );
      const found = JSON.parse(text.trim().split('\n').at(-1));
      whole ??= found.peak;
      console.log(
        `${way}: peak ${(found.peak / 1e6).toFixed(0)} MB (${(found.before / 1e6).toFixed(0)} before loading), ${(found.peak / whole).toFixed(2)} of whole; ${found.cpu.toFixed(2)} CPU seconds a step; first loss ${found.losses[0].toFixed(4)}`,
      );
      rmSync(join(folder, 'out'), { recursive: true, force: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
