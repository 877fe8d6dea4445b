// Perplexity of a trained model in the types of GGUF, computed by llama.cpp.
//
//   node bench/training/perplexity.mjs --model <folder> --text <input.txt>, after `npx nx build training` and
//     `npm install --no-save --ignore-scripts node-llama-cpp` (or --llama <folder with its node_modules>)
//     [--windows 40] [--length 64]
//
// Windows of the text's last tenth, which pretraining leaves out; each token but the first of a window is scored. Prints each
// type's perplexity, its size, and its distance to float32.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTokenizer } from '@espalier/encoders';
import { convertModel } from '@espalier/training';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    text: { type: 'string' },
    llama: { type: 'string', default: '.' },
    windows: { type: 'string', default: '40' },
    length: { type: 'string', default: '64' },
  },
});
if (values.model === undefined || values.text === undefined)
  throw new Error('Give the model with --model and the text with --text.');
const require = createRequire(join(resolve(values.llama), 'package.json'));
const { getLlama } = await import(pathToFileURL(require.resolve('node-llama-cpp')).href);

const VALIDATION = 0.1;
const [count, length] = [Number(values.windows), Number(values.length)];
const tokenizer = await loadTokenizer({ folder: values.model });
const ids = tokenizer.encode(readFileSync(values.text, 'utf8'));
const held = ids.slice(Math.floor(ids.length * (1 - VALIDATION)));
const windows = Array.from({ length: count }, (_, i) => {
  const at = Math.floor((i * (held.length - length)) / count);
  return held.slice(at, at + length);
});

/** Mean of -log p over the scored tokens. */
async function lossOf(llama, modelPath) {
  const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
  const context = await model.createContext({ contextSize: length, threads: 1 });
  // Without the limits of its sampler, the scores of all tokens are told.
  const options = { temperature: 1, topK: 0, topP: 1, minP: 0 };
  const sequence = context.getSequence();
  let total = 0;
  for (const window of windows) {
    await sequence.clearHistory();
    const told = await sequence.controlledEvaluate(
      window.map((id) => [id, { generateNext: { logits: true, options } }]),
    );
    for (let i = 0; i + 1 < window.length; i++) {
      const { logits } = told[i].next;
      const top = Math.max(...logits.values());
      let sum = 0;
      for (const value of logits.values()) sum += Math.exp(value - top);
      total -= logits.get(window[i + 1]) - top - Math.log(sum);
    }
  }
  await context.dispose();
  await model.dispose();
  return total / (count * (length - 1));
}

const folder = mkdtempSync(join(tmpdir(), 'espalier-perplexity-'));
try {
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, maxThreads: 1 });
  let exact;
  for (const quant of ['f32', 'f16', 'q8_0', 'q4_k']) {
    const out = join(folder, `${quant}.gguf`);
    const { warnings } = await convertModel({ from: values.model, to: 'gguf', quant, out });
    for (const warning of warnings) console.log(`${quant}: ${warning}`);
    const perplexity = Math.exp(await lossOf(llama, out));
    exact ??= perplexity;
    console.log(
      `${quant}: perplexity ${perplexity.toFixed(4)}, ${(100 * (perplexity / exact - 1)).toFixed(2)} % from f32, ${(statSync(out).size / 1e6).toFixed(2)} MB`,
    );
  }
  await llama.dispose();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
