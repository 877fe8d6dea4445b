import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeRerankerConformance } from '@espalier/testing/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../tokenizer/load-tokenizer.js';
import { createOnnxCrossEncoder, type OnnxCrossEncoder } from './create-onnx-cross-encoder.js';

const FIXTURES = new URL('../__fixtures__/cross-encoders/', import.meta.url).pathname;
/** Random weights answer nothing: the suite is told which text this model happens to prefer. */
const QUERY = 'How do I change a bicycle tyre?';

interface Expected {
  readonly maxTokens: number;
  readonly cases: readonly {
    readonly query: string;
    readonly text: string;
    readonly ids: readonly number[];
    readonly logits: readonly number[];
  }[];
}
const expectedOf = async (name: string): Promise<Expected> =>
  JSON.parse(await readFile(join(FIXTURES, name, 'expected.json'), 'utf8')) as Expected;

const opened: OnnxCrossEncoder[] = [];
async function open(
  name: string,
  options: Partial<Parameters<typeof createOnnxCrossEncoder>[0]> = {},
): Promise<OnnxCrossEncoder> {
  const encoder = await createOnnxCrossEncoder({
    folder: join(FIXTURES, name),
    threads: 1,
    ...options,
  });
  opened.push(encoder);
  return encoder;
}
afterAll(async () => {
  for (const encoder of opened) await encoder.dispose();
});

describe.each(['bert', 'roberta'])('createOnnxCrossEncoder over %s', (name) => {
  it('reads the pairs that transformers reads, and gives what it gives', async () => {
    const { maxTokens, cases } = await expectedOf(name);
    const tokenizer = await loadTokenizer({ folder: join(FIXTURES, name) });
    const encoder = await open(name, { maxTokens, activation: 'identity' });
    for (const { query, text, ids, logits } of cases) {
      expect(tokenizer.encodeInputs({ text: query, textPair: text, maxTokens }).ids).toEqual(ids);
      const { ranking } = await encoder.doRerank({ query, texts: [text] });
      const [first = 0, second] = logits;
      expect(ranking[0]?.score).toBeCloseTo(second === undefined ? first : second - first, 4);
    }
  });

  it('gives 0 to 1 in the same order unless told otherwise', async () => {
    const { cases } = await expectedOf(name);
    const texts = cases.filter(({ query }) => query === QUERY).map(({ text }) => text);
    const shares = await (await open(name)).doRerank({ query: QUERY, texts });
    const plain = await (
      await open(name, { activation: 'identity' })
    ).doRerank({ query: QUERY, texts });
    expect(shares.ranking.map(({ index }) => index)).toEqual(
      plain.ranking.map(({ index }) => index),
    );
    for (const [place, { score }] of shares.ranking.entries())
      expect(score).toBeCloseTo(1 / (1 + Math.exp(-(plain.ranking[place]?.score ?? 0))), 6);
  });
});

describe('createOnnxCrossEncoder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cross-encoder-test-'));
    await cp(join(FIXTURES, 'bert'), folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const changeConfig = async (change: Record<string, unknown>): Promise<void> => {
    const config = JSON.parse(
      await readFile(join(FIXTURES, 'bert', 'config.json'), 'utf8'),
    ) as Record<string, unknown>;
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, ...change }));
  };

  it('leaves scores as they are where the config says so', async () => {
    await changeConfig({
      sentence_transformers: { activation_fn: 'torch.nn.modules.linear.Identity' },
    });
    const { cases } = await expectedOf('bert');
    const { query = '', text = '', logits } = cases[0] ?? {};
    const { ranking } = await (await open('bert', { folder })).doRerank({ query, texts: [text] });
    expect(ranking[0]?.score).toBeCloseTo(logits?.[0] ?? 0, 4);
  });

  it('reads no more tokens than the model has positions for', async () => {
    const encoder = await open('bert', { maxTokens: 4096 });
    const long = 'wheel '.repeat(500);
    expect((await encoder.doRerank({ query: long, texts: [long] })).ranking).toHaveLength(1);
  });

  it('refuses a model of more than two labels, and a config that is none', async () => {
    await changeConfig({ id2label: { 0: 'a', 1: 'b', 2: 'c' } });
    await expect(open('bert', { folder })).rejects.toMatchObject({
      code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT',
      message: expect.stringContaining('3 labels') as string,
    });
    await writeFile(join(folder, 'config.json'), '{');
    await expect(open('bert', { folder })).rejects.toMatchObject({
      code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT',
    });
  });

  it('refuses a folder without a model, and an activation that is none', async () => {
    await expect(open('bert', { folder: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'ERR_ENCODERS_MODEL_FILE_MISSING',
    });
    await expect(open('bert', { activation: 'tanh' as 'auto' })).rejects.toMatchObject({
      code: 'ERR_CORE_INVALID_ARGUMENT',
    });
  });
});

const sample = {
  query: QUERY,
  texts: ['The moon has no air.', 'To change a bicycle tyre, take the wheel off first.', ''],
};
const { cases } = await expectedOf('bert');
const logitOf = (text: string): number =>
  cases.find((one) => one.query === QUERY && one.text === text)?.logits[0] ?? 0;
const best = sample.texts.reduce(
  (chosen, text, index) => (logitOf(text) > logitOf(sample.texts[chosen] ?? '') ? index : chosen),
  0,
);
describeRerankerConformance('createOnnxCrossEncoder', {
  create: () => open('bert'),
  sample: { ...sample, best },
});
