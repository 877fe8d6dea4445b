// Loading and first token of a model of random bfloat16 weights in the shape of Llama 3.2 1B: time and peak memory.
//
//   node bench/model-load/run.mjs [--folder FOLDER] [--layers 16] [--vocabulary 128256] [--tokens 4]
//     [--prompt 16], after `npx nx build training`
//
// Writes the model if the folder (default: one in the system's folder for such files) has none (2.5 GB), then loads it in a process of its own; the folder stays.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSeededRandom } from '@espalier/core';
import { createModelRunner, loadModel, writeSafetensors } from '@espalier/training';
import { createOnnxBackend } from '@espalier/training/onnx';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: join(tmpdir(), 'espalier-model-load') },
    layers: { type: 'string', default: '16' },
    vocabulary: { type: 'string', default: '128256' },
    tokens: { type: 'string', default: '4' },
    prompt: { type: 'string', default: '16' },
    child: { type: 'boolean', default: false },
  },
});
const { folder } = values;
const weights = join(folder, 'model.safetensors');

async function make() {
  const [width, inner, heads, keyHeads, headWidth] = [2048, 8192, 32, 8, 64];
  const vocabulary = Number(values.vocabulary);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      torch_dtype: 'bfloat16',
      hidden_size: width,
      intermediate_size: inner,
      num_hidden_layers: Number(values.layers),
      num_attention_heads: heads,
      num_key_value_heads: keyHeads,
      head_dim: headWidth,
      hidden_act: 'silu',
      max_position_embeddings: 131072,
      rms_norm_eps: 1e-5,
      rope_theta: 500000,
      tie_word_embeddings: true,
      vocab_size: vocabulary,
    }),
  );
  const random = createSeededRandom(1);
  // Normal numbers of deviation 0.02, drawn once; tensors are filled from random places of them.
  const drawn = Uint16Array.from({ length: 2 ** 20 }, () => {
    const normal =
      0.02 * Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    return new Uint32Array(Float32Array.of(normal).buffer)[0] >>> 16;
  });
  const matrix = (name, ...shape) => ({
    name,
    shape,
    dtype: 'BF16',
    values: () => {
      const bits = new Uint16Array(shape.reduce((product, size) => product * size, 1));
      for (let at = 0; at < bits.length; at += 65536) {
        const start = Math.floor(random.next() * (drawn.length - 65536));
        bits.set(drawn.subarray(start, start + Math.min(65536, bits.length - at)), at);
      }
      return new Uint8Array(bits.buffer);
    },
  });
  const ones = (name) => ({
    name,
    shape: [width],
    dtype: 'BF16',
    values: () => new Uint8Array(new Uint16Array(width).fill(0x3f80).buffer),
  });
  await writeSafetensors({
    file: weights,
    tensors: [
      matrix('model.embed_tokens.weight', vocabulary, width),
      ...Array.from({ length: Number(values.layers) }, (_, layer) => {
        const at = `model.layers.${layer}`;
        return [
          ones(`${at}.input_layernorm.weight`),
          matrix(`${at}.self_attn.q_proj.weight`, heads * headWidth, width),
          matrix(`${at}.self_attn.k_proj.weight`, keyHeads * headWidth, width),
          matrix(`${at}.self_attn.v_proj.weight`, keyHeads * headWidth, width),
          matrix(`${at}.self_attn.o_proj.weight`, width, heads * headWidth),
          ones(`${at}.post_attention_layernorm.weight`),
          matrix(`${at}.mlp.gate_proj.weight`, inner, width),
          matrix(`${at}.mlp.up_proj.weight`, inner, width),
          matrix(`${at}.mlp.down_proj.weight`, width, inner),
        ];
      }).flat(),
      ones('model.norm.weight'),
    ],
  });
}

async function measure() {
  const began = performance.now();
  const backend = await createOnnxBackend();
  const model = await loadModel({ folder, backend });
  const loaded = performance.now();
  const peakAfterLoading = process.resourceUsage().maxRSS * 1024;
  const runner = createModelRunner(model);
  const times = [];
  const rows = [Array.from({ length: Number(values.prompt) }, (_, i) => i + 1)];
  for await (const _token of runner.stream({ rows, maxTokens: Number(values.tokens) }))
    times.push(performance.now());
  const fileBytes = statSync(weights).size;
  const peak = process.resourceUsage().maxRSS * 1024;
  const seconds = (time) => Number((time / 1000).toFixed(2));
  console.log(
    JSON.stringify({
      file_bytes: fileBytes,
      load_seconds: seconds(loaded - began),
      first_token_seconds: seconds(times[0] - loaded),
      next_token_seconds:
        times.length > 1 ? seconds((times.at(-1) - times[0]) / (times.length - 1)) : null,
      peak_bytes_after_loading: peakAfterLoading,
      peak_bytes: peak,
      peak_to_file: Number((peak / fileBytes).toFixed(3)),
      cpu_seconds: seconds((process.cpuUsage().user + process.cpuUsage().system) / 1000),
    }),
  );
}

if (values.child) await measure();
else {
  if (!existsSync(weights)) await make();
  const child = [import.meta.filename, ...process.argv.slice(2), '--child'];
  console.log(
    execFileSync(process.execPath, [...process.execArgv, ...child], { encoding: 'utf8' }).trim(),
  );
}
