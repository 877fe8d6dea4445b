import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTokenizer } from '@espalier/encoders';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectEvents } from '../__fixtures__/collect-events.js';
import { createJsBackend } from '../backends/create-js-backend.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { trainingJobSchema } from './job-schema.js';
import { train, type TrainingEvent } from './train.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');
const ROWS = join(FIXTURES, 'training/rows.jsonl');
const WEIGHTS = 'model.safetensors';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-evaluation-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = async (
  fields: Record<string, unknown>,
  options: { isResumed?: boolean; until?: number; availableMemory?: number } = {},
): Promise<TrainingEvent[]> => {
  const job = trainingJobSchema.parse({
    task: 'sft',
    model: join(FIXTURES, 'models/llama'),
    output_dir: join(folder, 'out'),
    train_data: ROWS,
    batch_size: 5,
    max_steps: 12,
    learning_rate: 3e-3,
    schedule: 'constant',
    max_length: 32,
    ...fields,
  });
  const { until, ...others } = options;
  const events: TrainingEvent[] = [];
  for await (const event of train({ job, backend: await createOnnxBackend(), ...others })) {
    events.push(event);
    if (event.type === 'step' && event.step === until) break;
  }
  return events;
};

const typed = <Type extends TrainingEvent['type']>(events: readonly TrainingEvent[], type: Type) =>
  events.filter((event): event is Extract<TrainingEvent, { type: Type }> => event.type === type);

describe('evaluation of a run', () => {
  it('tells the loss and perplexity of rows that are not trained on, weighted by their tokens', async () => {
    // With a rate of 0 the loss over all rows is what training sees of them in one batch.
    const events = await run({
      eval_data: ROWS,
      eval_steps: 1,
      batch_size: 10,
      max_steps: 1,
      learning_rate: 0,
    });
    const [{ loss } = { loss: NaN }] = typed(events, 'step');
    const [evaluation] = typed(events, 'eval');
    expect(evaluation).toMatchObject({ step: 1, is_best: true });
    expect(evaluation?.loss).toBeCloseTo(loss, 5);
    expect(evaluation?.perplexity).toBeCloseTo(Math.exp(loss), 2);
    const again = await run({
      eval_data: ROWS,
      batch_size: 3,
      max_steps: 1,
      learning_rate: 0,
    });
    expect(typed(again, 'eval')[0]?.loss).toBeCloseTo(loss, 5);
  });

  it('stops early when evaluations bring nothing, and says so', async () => {
    const events = await run({
      eval_data: ROWS,
      eval_steps: 2,
      learning_rate: 0,
      early_stopping_patience: 2,
    });
    expect(typed(events, 'eval').map(({ is_best: isBest }) => isBest)).toEqual([
      true,
      false,
      false,
    ]);
    expect(typed(events, 'stopped')).toEqual([{ type: 'stopped', step: 6, best_step: 2 }]);
    expect(typed(events, 'step')).toHaveLength(6);
    expect(typed(events, 'done')).toHaveLength(1);
  });

  it('counts only what falls by more than the threshold', async () => {
    const events = await run({
      eval_data: ROWS,
      eval_steps: 1,
      early_stopping_patience: 1,
      early_stopping_threshold: 100,
    });
    expect(typed(events, 'stopped')).toEqual([{ type: 'stopped', step: 2, best_step: 1 }]);
  });

  it('writes the best weights at the end, also after an interruption', async () => {
    // The rate rises until the loss does.
    const diverging = {
      eval_data: ROWS,
      eval_steps: 2,
      checkpoint_steps: 3,
      learning_rate: 0.5,
      warmup_steps: 12,
      load_best_model_at_end: true,
    };
    const events = await run(diverging);
    const best = typed(events, 'eval').findLast(({ is_best: isBest }) => isBest);
    expect(best?.step).toBeLessThan(12);
    const weights = await readFile(join(folder, 'out', WEIGHTS));
    const model = join(folder, 'best');
    await rename(join(folder, 'out'), model);
    const again = await run({ model, eval_data: ROWS, max_steps: 1, learning_rate: 0 });
    expect(typed(again, 'eval')[0]?.loss).toBeCloseTo(best?.loss ?? NaN, 5);
    await rm(join(folder, 'out'), { recursive: true });
    await run(diverging, { until: 8 });
    const rest = await run(diverging, { isResumed: true });
    expect(typed(rest, 'start')[0]?.first_step).toBe(6);
    expect(await readFile(join(folder, 'out', WEIGHTS))).toEqual(weights);
  });

  it('continues prompts, and conversations by the chat template', async () => {
    const events = await run({
      model: join(FIXTURES, 'tuning/chat'),
      train_data: join(FIXTURES, 'tuning/chats.jsonl'),
      max_length: 128,
      max_steps: 2,
      eval_prompts: ['What', [{ role: 'user', content: 'hm' }]],
      eval_max_tokens: 5,
    });
    const samples = typed(events, 'sample');
    expect(samples.map(({ prompt }) => prompt)).toEqual([
      'What',
      '<|im_start|>user\nhm<|im_end|>\n<|im_start|>assistant\n',
    ]);
    expect(samples.every(({ step, text }) => step === 2 && text.length > 0)).toBe(true);
  });

  it('refuses to begin when there is too little memory', async () => {
    await expect(run({}, { availableMemory: 1000 })).rejects.toMatchObject({
      code: 'ERR_TRAINING_RESOURCES',
      details: { resource: 'memory', availableBytes: 1000 },
    });
    const [start] = typed(await run({ max_steps: 1 }), 'start');
    expect(start?.estimated_memory).toBeGreaterThan(1000);
  });

  it('trains a model from nothing on windows of a text and evaluates on its end', async () => {
    const text = join(folder, 'text.txt');
    await writeFile(text, 'abcdefgh'.repeat(80));
    const job = trainingJobSchema.parse({
      task: 'pretrain',
      tokenizer: 'characters',
      model: {
        model_type: 'llama',
        hidden_size: 16,
        intermediate_size: 32,
        num_hidden_layers: 1,
        num_attention_heads: 2,
        max_position_embeddings: 16,
        rms_norm_eps: 1e-5,
      },
      output_dir: join(folder, 'out'),
      train_data: text,
      max_length: 8,
      batch_size: 4,
      max_steps: 60,
      learning_rate: 2e-2,
      eval_batches: 3,
      eval_prompts: ['abc'],
      eval_max_tokens: 5,
    });
    const events = await collectEvents({ job, backend: createJsBackend() });
    const steps = typed(events, 'step');
    expect(steps[0]?.loss).toBeCloseTo(Math.log(8), 0);
    const [evaluation] = typed(events, 'eval');
    expect(evaluation?.loss).toBeLessThan(0.7);
    expect(typed(events, 'sample')).toEqual([
      { type: 'sample', step: 60, prompt: 'abc', text: 'defgh' },
    ]);
    const tokenizer = JSON.parse(await readFile(join(folder, 'out/tokenizer.json'), 'utf8')) as {
      model: { vocab: object };
    };
    expect(Object.keys(tokenizer.model.vocab)).toHaveLength(8);
  });

  it('begins a model around a tokenizer that stands in a folder, and refuses one that is too large', async () => {
    const tokenizer = join(FIXTURES, 'tuning/chat');
    const text = join(folder, 'text.txt');
    await writeFile(text, 'what is the answer '.repeat(40));
    const model = {
      model_type: 'llama',
      hidden_size: 16,
      intermediate_size: 32,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      max_position_embeddings: 16,
    };
    const job = trainingJobSchema.parse({
      task: 'pretrain',
      tokenizer,
      model,
      output_dir: join(folder, 'out'),
      train_data: text,
      max_length: 8,
      batch_size: 2,
      max_steps: 1,
      eval_batches: 1,
    });
    await collectEvents({ job, backend: createJsBackend() });
    const read = async (name: string) => readFile(join(folder, 'out', name), 'utf8');
    expect(await read('tokenizer.json')).toBe(
      await readFile(join(tokenizer, 'tokenizer.json'), 'utf8'),
    );
    expect(await read('chat_template.jinja')).not.toBe('');
    const config = JSON.parse(await read('config.json')) as Record<string, unknown>;
    const { eos_token: end } = JSON.parse(await read('tokenizer_config.json')) as {
      eos_token: string;
    };
    const opened = await loadTokenizer({ folder: tokenizer });
    expect(config).toMatchObject({
      vocab_size: opened.vocabularySize,
      eos_token_id: opened.idOf(end),
    });
    const small = { ...job, model: { ...model, vocab_size: 3 } };
    await expect(collectEvents({ job: small, backend: createJsBackend() })).rejects.toThrow(
      /outside the vocabulary of 3/u,
    );
  });
});
