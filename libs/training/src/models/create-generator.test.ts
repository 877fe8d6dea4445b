import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import type { GeneratedToken, GenerateOptions } from './create-generator.js';
import { createModelRunner, type ModelRunner } from './create-model-runner.js';
import { loadModel, type LoadedModel } from './load-model.js';
import { readStopIds } from './read-stop-ids.js';

interface Logprob {
  readonly id: number;
  readonly logprob: number;
}

const MODELS = join(import.meta.dirname, '../__fixtures__/models');
const PROMPTS = [[5], [3, 14, 15, 9, 26], Array.from({ length: 18 }, (_, i) => (i * 7) % 61)];

const collect = async (
  runner: ModelRunner,
  options: Omit<GenerateOptions, 'maxTokens'> & { maxTokens?: number },
): Promise<GeneratedToken[][]> => {
  const rows: GeneratedToken[][] = options.rows.map(() => []);
  for await (const token of runner.stream({ maxTokens: 10, ...options }))
    rows[token.row]?.push(token);
  return rows;
};
const ids = (tokens: readonly GeneratedToken[] = []): number[] => tokens.map(({ id }) => id);

describe.each(['llama', 'mistral-f16', 'qwen3', 'gpt2'])('generation with %s', (name) => {
  let model: LoadedModel;
  let runner: ModelRunner;
  beforeAll(async () => {
    model = await loadModel({ folder: join(MODELS, name), backend: await createOnnxBackend() });
    runner = createModelRunner(model);
  });
  afterAll(async () => {
    await runner.dispose();
    await model.dispose();
  });

  it('gives prompts of several lengths side by side what each gets alone', async () => {
    for (const sampling of [{}, { temperature: 0.9, topK: 20, repetitionPenalty: 1.2 }]) {
      const together = await collect(runner, { rows: PROMPTS, sampling, seed: 7 });
      for (const [row, prompt] of PROMPTS.entries()) {
        const [alone] = await collect(runner, { rows: [prompt], sampling, seed: 7 + row });
        expect(ids(together[row])).toEqual(ids(alone));
        together[row]?.forEach(({ logProbability }, i) => {
          expect(logProbability).toBeCloseTo(alone?.[i]?.logProbability ?? NaN, 4);
        });
      }
    }
  });

  it('tells the log-probabilities that the whole text has', async () => {
    const [tokens = []] = await collect(runner, { rows: [PROMPTS[1] ?? []] });
    const logits = await runner.logits({ ids: [...(PROMPTS[1] ?? []), ...ids(tokens)] });
    tokens.forEach(({ id, logProbability }, i) => {
      const scores = logits[(PROMPTS[1]?.length ?? 0) + i - 1] ?? new Float32Array();
      const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
      expect(logProbability).toBeCloseTo((scores[id] ?? 0) - Math.log(sum), 3);
    });
  });
});

describe.each(['llama', 'gpt2', 'llama-dynamic'])('log-probabilities of %s', (name) => {
  it('are those of transformers, with the likeliest tokens beside each', async () => {
    const backend = await createOnnxBackend();
    const model = await loadModel({ folder: join(MODELS, name), backend });
    const runner = createModelRunner(model);
    // Made by scripts/make-log-probability-fixtures.py.
    const { prompt, tokens } = JSON.parse(
      readFileSync(join(MODELS, name, 'log-probabilities.json'), 'utf8'),
    ) as { prompt: number[]; tokens: (Logprob & { top: Logprob[] })[] };
    const options = { rows: [prompt, [5]], maxTokens: 12, stopIds: await readStopIds(model) };
    const [found = []] = await collect(runner, { ...options, alternatives: 3 });
    expect(ids(found)).toEqual(tokens.map(({ id }) => id));
    for (const [i, { logprob, top }] of tokens.entries()) {
      expect(found[i]?.logProbability).toBeCloseTo(logprob, 4);
      expect(found[i]?.alternatives?.map(({ id }) => id)).toEqual(top.map(({ id }) => id));
      for (const [rank, wanted] of top.entries())
        expect(found[i]?.alternatives?.[rank]?.logProbability).toBeCloseTo(wanted.logprob, 4);
    }
    const [plain = []] = await collect(runner, { ...options, maxTokens: 1 });
    expect(plain[0]).not.toHaveProperty('alternatives');
    await runner.dispose();
    await model.dispose();
  });
});

describe('the end of a text', () => {
  let model: LoadedModel;
  let runner: ModelRunner;
  beforeAll(async () => {
    model = await loadModel({ folder: join(MODELS, 'llama'), backend: await createOnnxBackend() });
    runner = createModelRunner(model);
  });
  afterAll(async () => {
    await runner.dispose();
    await model.dispose();
  });

  it('comes with a token, a text, the limit or the last position, for each row apart', async () => {
    const { generated, logits } = JSON.parse(
      readFileSync(join(MODELS, 'llama/expected.json'), 'utf8'),
    ) as { generated: number[]; logits: { ids: number[] }[] };
    const prompt = logits[1]?.ids ?? [];
    const text = generated.slice(prompt.length);
    const decode = (tokens: readonly number[]): string => tokens.map((id) => `<${id}>`).join('');
    const ends = async (options: Partial<GenerateOptions>) => {
      const [first = []] = await collect(runner, { rows: [prompt, [5]], ...options });
      return [first.length, first.at(-1)?.stop];
    };
    const stopAt = text.indexOf(text[3] ?? -1) + 1;
    expect(await ends({ stopIds: [text[3] ?? -1] })).toEqual([stopAt, 'token']);
    expect(await ends({ stopTexts: [`<${text[3]}>`], decode })).toEqual([stopAt, 'text']);
    expect(await ends({ maxTokens: 4 })).toEqual([4, 'length']);
    expect(await ends({ maxTokens: 1000 })).toEqual([32 - prompt.length, 'length']);
    expect(await collect(runner, { rows: [prompt], maxTokens: 0 })).toEqual([[]]);
  });

  it('comes when the caller says so', async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    const run = async (): Promise<void> => {
      const options = { rows: [[5]], maxTokens: 10, abortSignal: abort.signal };
      for await (const { id } of runner.stream(options)) {
        seen.push(id);
        abort.abort();
      }
    };
    await expect(run()).rejects.toThrow('aborted');
    expect(seen).toHaveLength(1);
  });

  it('names the row that the model does not take', () => {
    expect(() => runner.stream({ rows: [[1], [99]], maxTokens: 1 })).toThrow(/row 1/u);
  });
});
