import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertModel } from '../convert/convert-model.js';

/** As far as it is used here; the package is no dependency, install it with its scripts blocked to run these tests. */
interface LlamaCpp {
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      createContext(options: object): Promise<{
        getSequence(): {
          controlledEvaluate(
            input: unknown[],
          ): Promise<{ next: { logits: ReadonlyMap<number, number> } }[]>;
        };
        dispose(): Promise<void>;
      }>;
      dispose(): Promise<void>;
    }>;
    dispose(): Promise<void>;
  }>;
}

const PACKAGE = 'node-llama-cpp';
const peer = await (import(PACKAGE) as Promise<LlamaCpp>).catch(() => undefined);
const reason = peer === undefined ? ` (skipped: ${PACKAGE} is not installed)` : '';
const FIXTURES = join(import.meta.dirname, '../__fixtures__');

interface Row {
  ids: number[];
  logits: number[][];
}
const expectedOf = (path: string): unknown =>
  JSON.parse(readFileSync(join(FIXTURES, path, 'expected.json'), 'utf8'));

const probabilities = (logits: readonly number[]): number[] => {
  const top = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - top));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
};

describe.skipIf(peer === undefined)(`llama.cpp computes what transformers does${reason}`, () => {
  let folder: string;
  let llama: Awaited<ReturnType<LlamaCpp['getLlama']>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'espalier-gguf-'));
    if (peer !== undefined)
      llama = await peer.getLlama({
        gpu: false,
        build: 'never',
        skipDownload: true,
        maxThreads: 1,
      });
  });
  afterAll(async () => {
    await llama.dispose();
    await rm(folder, { recursive: true });
  });

  const largestError = async (modelPath: string, row: Row, adapter?: string): Promise<number> => {
    const model = await llama.loadModel({ modelPath, gpuLayers: 0, useMmap: false });
    const context = await model.createContext({
      contextSize: 64,
      threads: 1,
      flashAttention: false,
      experimentalKvCacheKeyType: 'F32',
      experimentalKvCacheValueType: 'F32',
      ...(adapter && { lora: { adapters: [{ filePath: adapter, scale: 1 }] } }),
    });
    // Without the limits of its sampler, the scores of all tokens are told.
    const options = { temperature: 1, topK: 0, topP: 1, minP: 0 };
    const results = await context
      .getSequence()
      .controlledEvaluate(row.ids.map((id) => [id, { generateNext: { logits: true, options } }]));
    await context.dispose();
    await model.dispose();
    return Math.max(
      ...results.flatMap(({ next }, position) => {
        const wanted = probabilities(row.logits[position] ?? []);
        const found = probabilities(wanted.map((_, id) => next.logits.get(id) ?? -Infinity));
        return wanted.map((value, id) => Math.abs(value - (found[id] ?? 1)));
      }),
    );
  };

  it.each([
    'llama',
    'llama-tied-bf16',
    'llama-llama3',
    'llama-linear',
    'llama-yarn',
    'qwen2',
    'qwen3',
  ])('%s', async (name) => {
    const file = join(folder, `${name}.gguf`);
    await convertModel({
      from: join(FIXTURES, 'models', name),
      to: 'gguf',
      quant: 'f32',
      out: file,
    });
    const rows = (expectedOf(`models/${name}`) as { logits: Row[] }).logits;
    for (const row of rows) expect(await largestError(file, row)).toBeLessThan(1e-5);
  });

  it.each(['lora', 'rslora-pattern'])('with an adapter of its own file: %s', async (name) => {
    const adapter = join(FIXTURES, 'training/adapters', name);
    const { base, ...row } = expectedOf(`training/adapters/${name}`) as Row & { base: string };
    const from = join(FIXTURES, 'models', base);
    const [file, out] = [join(folder, `${name}-base.gguf`), join(folder, `${name}.gguf`)];
    await convertModel({ from, to: 'gguf', quant: 'f32', out: file });
    await convertModel({ from, adapter, to: 'gguf-lora', out });
    expect(await largestError(file, row, out)).toBeLessThan(1e-5);
  });
});
