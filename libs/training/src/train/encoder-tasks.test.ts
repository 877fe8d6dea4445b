import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTokenizer } from '@espalier/encoders';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectEvents } from '../__fixtures__/collect-events.js';
import * as ort from 'onnxruntime-node';
import { convertModel } from '../convert/convert-model.js';
import { openModelWeights } from '../files/open-model-weights.js';
import { createModelRunner } from '../models/create-model-runner.js';
import { loadTextInputs } from '../models/load-text-inputs.js';
import { loadModel } from '../models/load-model.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { encodeText } from './encode-text.js';
import { readTrainingJob } from './read-job.js';
import { trainingJobSchema } from './job-schema.js';
import type { TrainingEvent } from './train.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__/encoder');
const readJson = <T>(name: string): T =>
  JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as T;
const curves = readJson<Record<string, [loss: number, norm: number][]>>('curves.json');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-encoder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const jobOf = (fields: Record<string, unknown>) => ({
  output_dir: join(folder, 'out'),
  max_steps: 20,
  batch_size: 3,
  learning_rate: 2e-3,
  schedule: 'constant',
  max_length: 12,
  pad_to_multiple_of: 12,
  ...fields,
});
const run = async (fields: Record<string, unknown>): Promise<TrainingEvent[]> =>
  collectEvents({
    job: trainingJobSchema.parse(jobOf(fields)),
    backend: await createOnnxBackend(),
  });

const embedder = (embedding: object, data = 'retrieval') => ({
  task: 'embedding',
  model: join(FIXTURES, 'embedder'),
  train_data: join(FIXTURES, `${data}.jsonl`),
  embedding,
});
const scorer = (loss: string, data: string, more = {}) => ({
  task: 'cross-encoder',
  model: join(FIXTURES, 'scorer'),
  train_data: join(FIXTURES, `${data}.jsonl`),
  cross_encoder: { loss, ...more },
});
const classifier = (classification: object, data: string) => ({
  task: 'classification',
  model: join(FIXTURES, 'classifier'),
  train_data: join(FIXTURES, `${data}.jsonl`),
  classification,
});
const TEMPERATURE = { temperature: 0.1 };
const WEIGHTS = { class_weights: { earth: 3, water: 0.5 } };

describe('training an encoder', () => {
  it.each([
    ['contrastive', embedder(TEMPERATURE)],
    ['contrastive-symmetric', embedder({ ...TEMPERATURE, symmetric: true, dimensions: [6, 16] })],
    ['contrastive-accumulated', { ...embedder(TEMPERATURE), gradient_accumulation: 2 }],
    ['triplet-cosine', embedder({ loss: 'triplet' }, 'lists')],
    [
      'triplet-euclidean',
      embedder({ loss: 'triplet', distance: 'euclidean', margin: 2, pooling: 'cls' }, 'lists'),
    ],
    ['binary', scorer('binary', 'judged', { pos_weight: 2 })],
    ['listwise', scorer('listwise', 'lists')],
    ['margin-mse', scorer('margin-mse', 'taught')],
    ['categorical', classifier(WEIGHTS, 'single')],
    ['categorical-accumulated', { ...classifier(WEIGHTS, 'single'), gradient_accumulation: 2 }],
    [
      'several',
      classifier({ multi_label: true, pos_weight: { air: 2, earth: 0.5, water: 1.5 } }, 'several'),
    ],
  ])('follows the curve of PyTorch: %s', async (name, fields) => {
    const steps = (await run(fields)).filter((event) => event.type === 'step');
    expect(steps).toHaveLength(20);
    for (const [index, [loss, norm]] of (curves[name] ?? []).entries()) {
      const found = steps[index];
      expect(Math.abs((found?.loss ?? NaN) - loss)).toBeLessThan(1e-4 * Math.max(1, loss));
      expect(Math.abs((found?.grad_norm ?? NaN) - norm)).toBeLessThan(2e-3 * Math.max(1, norm));
    }
  });

  it('cuts texts and pairs where transformers cuts them', async () => {
    const tokenizer = await loadTokenizer({ folder: join(FIXTURES, 'embedder') });
    const rows =
      readJson<{ text: string; text_pair: string | null; ids: number[]; type_ids: number[] }[]>(
        'cut.json',
      );
    for (const { text, text_pair: textPair, ids, type_ids: typeIds } of rows) {
      const inputs = { text, ...(textPair !== null && { textPair }) };
      const found = encodeText(tokenizer, inputs, 12);
      expect([...found.ids]).toEqual(ids);
      expect([...found.typeIds]).toEqual(typeIds);
    }
  });

  it('evaluates an embedder by its ranking and writes a folder for sentence-transformers', async () => {
    const events = await run({
      ...embedder({ ...TEMPERATURE, query_prefix: 'why ' }),
      eval_data: join(FIXTURES, 'retrieval.jsonl'),
      eval_steps: 10,
    });
    expect(events[0]).toMatchObject({ type: 'start', cut_texts: expect.any(Number) as number });
    const evaluations = events.filter((event) => event.type === 'eval');
    expect(evaluations).toHaveLength(2);
    expect(evaluations[1]).toMatchObject({
      recall_at_10: expect.any(Number) as number,
      mrr_at_10: expect.any(Number) as number,
      ndcg_at_10: expect.any(Number) as number,
    });
    expect(evaluations[1]?.ndcg_at_10).toBeGreaterThan(evaluations[0]?.ndcg_at_10 ?? 0);
    expect(evaluations[1]).not.toHaveProperty('perplexity');
    const read = async (name: string): Promise<unknown> =>
      JSON.parse(await readFile(join(folder, 'out', name), 'utf8'));
    expect(await read('modules.json')).toHaveLength(3);
    expect(await read('1_Pooling/config.json')).toMatchObject({ pooling_mode_mean_tokens: true });
    expect(await read('sentence_bert_config.json')).toMatchObject({ max_seq_length: 12 });
    expect(await read('config_sentence_transformers.json')).toMatchObject({
      prompts: { query: 'why ' },
    });
    expect(await read('config.json')).toMatchObject({ architectures: ['BertModel'] });
    // The pooler that no vector depends on is kept.
    const weights = await openModelWeights(join(folder, 'out'));
    expect([...weights.tensors.keys()]).toContain('pooler.dense.weight');
    await weights.close();
  });

  it('puts a head on an encoder and writes a classifier with its labels and measures', async () => {
    const events = await run({
      ...classifier({ class_weights: 'balanced' }, 'single'),
      model: join(FIXTURES, 'embedder'),
      eval_data: join(FIXTURES, 'single.jsonl'),
      max_steps: 30,
      learning_rate: 1e-2,
    });
    expect(events.find((event) => event.type === 'eval')).toMatchObject({
      accuracy: 1,
      macro_f1: 1,
      macro_auprc: 1,
    });
    const config = JSON.parse(await readFile(join(folder, 'out/config.json'), 'utf8')) as object;
    expect(config).toMatchObject({
      architectures: ['BertForSequenceClassification'],
      id2label: { 0: 'air', 1: 'earth', 2: 'water' },
      problem_type: 'single_label_classification',
    });
    const weights = await openModelWeights(join(folder, 'out'));
    expect([...weights.tensors.keys()]).toEqual(
      expect.arrayContaining(['bert.embeddings.word_embeddings.weight', 'classifier.weight']),
    );
    await weights.close();
    const again = await run({
      ...classifier({}, 'single'),
      model: join(folder, 'out'),
      output_dir: join(folder, 'again'),
      max_steps: 1,
    });
    const [, step] = again;
    expect(step).toMatchObject({ type: 'step' });
    expect((step as { loss: number }).loss).toBeLessThan(0.3);
  });

  it('trains an adapter with a new head, which loads, merges and exports to ONNX alike', async () => {
    const base = join(FIXTURES, 'embedder');
    const events = await run({
      ...scorer('listwise', 'lists'),
      model: base,
      eval_data: join(FIXTURES, 'lists.jsonl'),
      lora: { r: 2 },
      learning_rate: 1e-2,
    });
    expect(events.find((event) => event.type === 'eval')).toHaveProperty('mrr_at_10');
    const adapterFolder = join(folder, 'out');
    const adapter = JSON.parse(
      await readFile(join(adapterFolder, 'adapter_config.json'), 'utf8'),
    ) as object;
    expect(adapter).toMatchObject({ task_type: 'SEQ_CLS', modules_to_save: ['classifier'] });
    const logitsOf = async (options: { folder: string; adapterFolder?: string }) => {
      const backend = await createOnnxBackend();
      const model = await loadModel({ ...options, backend });
      const texts = await loadTextInputs(model, options.adapterFolder);
      const runner = createModelRunner(model);
      const row = await texts.rowOf({
        text: 'why is the sky blue',
        textPair: 'blue sky is the sea',
      });
      const [logits] = await runner.logits(row);
      await runner.dispose();
      await model.dispose();
      return { row, logits: [...(logits ?? [])] };
    };
    const { row, logits } = await logitsOf({ folder: base, adapterFolder });
    expect(logits).toHaveLength(1);

    const merged = join(folder, 'merged');
    await convertModel({ from: base, adapter: adapterFolder, to: 'safetensors', out: merged });
    expect((await logitsOf({ folder: merged })).logits[0]).toBeCloseTo(logits[0] ?? NaN, 5);

    const graph = join(folder, 'onnx');
    await convertModel({ from: base, adapter: adapterFolder, to: 'onnx', out: graph });
    const session = await ort.InferenceSession.create(join(graph, 'model.onnx'));
    const tensor = (values: readonly number[]): ort.Tensor =>
      new ort.Tensor('int64', BigInt64Array.from(values.map(BigInt)), [1, values.length]);
    const found = await session.run({
      input_ids: tensor(row.ids),
      attention_mask: tensor(row.ids.map(() => 1)),
      token_type_ids: tensor(row.typeIds ?? []),
    });
    expect(found['logits']?.dims).toEqual([1, 1]);
    expect((found['logits']?.data as Float32Array)[0]).toBeCloseTo(logits[0] ?? NaN, 5);
    await session.release();
  });

  it.each([
    ['no positive', embedder({}), '{"query":"red"}', /line 2.*query and positive/u],
    ['an empty text', embedder({}), '{"query":"red","positive":""}', /line 2/u],
    [
      'no negatives for a triplet',
      embedder({ loss: 'triplet' }),
      '{"query":"red","positive":"sky","negatives":[]}',
      /line 2.*negatives/u,
    ],
    [
      'the positive among the negatives',
      embedder({}),
      '{"query":"red","positive":"sky","negatives":["sky"]}',
      /line 2.*among the negatives/u,
    ],
    [
      'a label beyond 1',
      scorer('binary', 'judged'),
      '{"text_a":"red","text_b":"sky","label":2}',
      /line 2.*label from 0 to 1/u,
    ],
    [
      'another number of scores',
      scorer('margin-mse', 'taught'),
      '{"query":"red","positive":"sky","negatives":["sea"],"scores":[1,2,3]}',
      /line 2.*3 scores for 2 passages/u,
    ],
    [
      'an unknown label',
      classifier({}, 'single'),
      '{"text":"red","label":"fire"}',
      /line 2.*"fire".*air, earth, water/u,
    ],
    [
      'a list where there is one label',
      classifier({}, 'single'),
      '{"text":"red","labels":["air"]}',
      /line 2.*text.*label/u,
    ],
  ])('names the line of a row with %s', async (_name, fields, row, message) => {
    const [first = ''] = (await readFile(fields.train_data, 'utf8')).split('\n');
    const sound = `{"query":"a","positive":"b","negatives":["c"]}`;
    await writeFile(
      join(folder, 'rows.jsonl'),
      `${fields.task === 'embedding' ? sound : first}\n${row}\n`,
    );
    await expect(run({ ...fields, train_data: join(folder, 'rows.jsonl') })).rejects.toMatchObject({
      code: 'ERR_TRAINING_DATA',
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses a head of another size, and a model that is no encoder', async () => {
    await expect(
      run({ ...scorer('binary', 'judged'), model: join(FIXTURES, 'classifier') }),
    ).rejects.toMatchObject({
      code: 'ERR_TRAINING_MODEL_CONFIG',
      message: expect.stringContaining('num_labels') as string,
    });
    await expect(
      run({ ...embedder({}), model: join(FIXTURES, '../models/llama') }),
    ).rejects.toMatchObject({ code: 'ERR_TRAINING_MODEL_CONFIG' });
  });

  it.each([
    [{ task: 'sft', embedding: {} }, /embedding/u],
    [{ task: 'embedding', batch_size: 1 }, /batch_size/u],
    [{ task: 'embedding', eval_prompts: ['red'] }, /eval_prompts/u],
    [{ task: 'classification', classification: { pos_weight: 2 } }, /pos_weight/u],
  ])('refuses contradictory fields: %j', async (fields, message) => {
    const file = join(folder, 'job.json');
    const rest = { model: 'm', output_dir: 'o', train_data: 't', max_steps: 1 };
    await writeFile(file, JSON.stringify({ ...rest, ...fields }));
    await expect(readTrainingJob(file)).rejects.toThrow(message);
  });
});
