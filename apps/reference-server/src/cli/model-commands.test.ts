import { mkdir, readFile, rm, truncate, cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';

const FIXTURES = join(import.meta.dirname, '../../../../libs/training/src/__fixtures__');
const LLAMA = join(FIXTURES, 'models/llama');

const cli = createCommandLine();
const { folder } = cli;

const run = async (...args: string[]) => {
  const code = await cli.run(args);
  return { code, out: cli.out, err: cli.err };
};

describe('espalier model', () => {
  it('prints logits for ids, and a line for each row of a file', async () => {
    const one = await run('model', 'logits', '--model', LLAMA, '--ids', '3,14,15', '--json');
    expect(one.code).toBe(0);
    const { logits } = JSON.parse(one.out) as { logits: number[][] };
    expect(logits.map((row) => row.length)).toEqual([61, 61, 61]);
    await writeFile(join(folder, 'rows.jsonl'), '{"ids":[3,14,15]}\n{"ids":[1]}\n');
    const rows = await run('model', 'logits', '--model', LLAMA, '--file', 'rows.jsonl', '--json');
    expect(rows.out.trim().split('\n')).toHaveLength(2);
    expect(JSON.parse(rows.out.split('\n')[0] ?? '')).toEqual({ logits });
  });

  it('embeds rows and generates ids', async () => {
    await writeFile(join(folder, 'rows.jsonl'), '{"ids":[3,14],"type_ids":[0,1]}\n');
    const bert = join(FIXTURES, 'models/bert');
    const embedded = await run('model', 'embed', '--model', bert, '--file', 'rows.jsonl');
    expect((JSON.parse(embedded.out) as { embedding: number[] }).embedding).toHaveLength(24);
    const made = await run(
      'model',
      'generate',
      '--model',
      LLAMA,
      '--ids',
      '1,2',
      '--max-tokens',
      '3',
    );
    expect((JSON.parse(made.out) as { ids: number[] }).ids).toHaveLength(5);
  });

  it('tells log-probabilities, ends where the model ends, and continues each row of a file', async () => {
    const make = ['model', 'generate', '--model', LLAMA, '--max-tokens', '4'];
    const told = await run(...make, '--ids', '3,14,15,9,26', '--logprobs', '2', '--json');
    const { ids, logprobs } = JSON.parse(told.out) as {
      ids: number[];
      logprobs: { id: number; logprob: number; top: { id: number; logprob: number }[] }[];
    };
    expect(logprobs.map(({ id }) => id)).toEqual(ids.slice(5));
    for (const { id, logprob, top } of logprobs) expect(top[0]).toEqual({ id, logprob });
    expect(logprobs.every(({ top }) => top.length === 2)).toBe(true);
    await writeFile(join(folder, 'rows.jsonl'), '{"ids":[3,14,15,9,26]}\n{"ids":[1]}\n');
    const rows = await run(...make, '--file', 'rows.jsonl', '--logprobs');
    const [first, second] = rows.out.trim().split('\n');
    expect(JSON.parse(first ?? '')).toEqual({
      ids,
      logprobs: logprobs.map(({ id, logprob }) => ({ id, logprob })),
    });
    expect((JSON.parse(second ?? '') as { ids: number[] }).ids).toHaveLength(5);
    const ended = join(folder, 'ended');
    await cp(LLAMA, ended, { recursive: true });
    await writeFile(
      join(ended, 'generation_config.json'),
      JSON.stringify({ eos_token_id: ids[5] }),
    );
    const stopped = ['model', 'generate', '--model', ended, '--ids', '3,14,15,9,26'];
    expect((JSON.parse((await run(...stopped)).out) as { ids: number[] }).ids).toEqual(
      ids.slice(0, 6),
    );
    const going = await run(...stopped, '--ignore-eos', '--max-tokens', '4');
    expect((JSON.parse(going.out) as { ids: number[] }).ids).toEqual(ids);
    const wrong = await run(...make, '--ids', '1', '--logprobs', '-1');
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).toContain('--logprobs');
  });

  it('embeds, classifies and scores texts', async () => {
    const encoders = join(FIXTURES, 'encoder');
    const rows = '{"text":"why is the sky blue"}\n{"text":"red fish","text_pair":"sea"}\n';
    await writeFile(join(folder, 'rows.jsonl'), rows);
    const embedder = join(encoders, 'embedder');
    const embed = ['model', 'embed', '--model', embedder, '--file', 'rows.jsonl', '--normalize'];
    const { embedding } = JSON.parse((await run(...embed)).out.split('\n')[0] ?? '') as {
      embedding: number[];
    };
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 6);
    const classifier = join(encoders, 'classifier');
    const labelled = await run('model', 'classify', '--model', classifier, '--text', 'red fish');
    const found = JSON.parse(labelled.out) as { label: string; scores: Record<string, number> };
    expect(Object.keys(found.scores)).toEqual(['air', 'earth', 'water']);
    expect(found.scores[found.label]).toBe(Math.max(...Object.values(found.scores)));
    expect(Object.values(found.scores).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    await writeFile(join(folder, 'pairs.jsonl'), '{"text_a":"why burns","text_b":"fire"}\n');
    const scorer = join(encoders, 'scorer');
    const scored = await run('model', 'score', '--model', scorer, '--file', 'pairs.jsonl');
    const { score, logit } = JSON.parse(scored.out) as { score: number; logit: number };
    expect(score).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6);
    const many = await run('model', 'score', '--model', classifier, '--file', 'pairs.jsonl');
    expect(many.code).toBe(2);
    expect(many.err).toContain('3 labels');
    expect((await run('model', 'classify', '--model', embedder, '--text', 'red')).err).toContain(
      'no classifier',
    );
  });

  it('makes pairs of headings, and of first sentences, and holds some out', async () => {
    const model = join(FIXTURES, 'encoder/embedder');
    await mkdir(join(folder, 'docs'));
    const body = 'The sky is blue because of the sea. Fire burns the grass and a bird flies away.';
    await writeFile(
      join(folder, 'docs/sky.md'),
      `# Colours\n\n## Why is it blue?\n\n${body}\n\n${body.replace('blue', 'red')}\n`,
    );
    const make = ['model', 'pairs', '--documents', 'docs', '--model', model, '--out', 'rows.jsonl'];
    const made = await run(...make, '--tokens', '30');
    expect(made.code).toBe(0);
    const rows = (await readFile(join(folder, 'rows.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { query: string; positive: string });
    expect(rows[0]).toEqual({ query: 'Colours: Why is it blue?', positive: body });
    expect(rows[1]).toEqual({
      query: 'The sky is red because of the sea.',
      positive: 'Fire burns the grass and a bird flies away.',
    });
    const split = await run(
      ...make,
      '--held-out',
      '0.5',
      '--held-out-file',
      'held.jsonl',
      '--json',
    );
    const counts = JSON.parse(split.out) as { rows: number; held_out: number };
    expect(counts.rows + counts.held_out).toBeGreaterThan(0);
    expect((await run(...make, '--held-out', '0.5')).err).toContain('--held-out-file');
    await mkdir(join(folder, 'empty'));
    const empty = await run(...make.with(3, 'empty'));
    expect(empty.code).toBe(2);
    expect(empty.err).toContain('no .md or .txt');
    // The retrieval library is loaded from source, which takes its time on a busy machine.
  }, 180_000);

  it('runs and merges an adapter on the base in few bits that it was trained on', async () => {
    const lora = { r: 2, quantize: 'int4', quantize_block_size: 32, quantize_twice: true };
    await writeFile(
      join(folder, 'job.json'),
      JSON.stringify({
        task: 'sft',
        model: LLAMA,
        output_dir: 'lora',
        train_data: join(FIXTURES, 'training/rows.jsonl'),
        max_steps: 2,
        batch_size: 2,
        learning_rate: 1e-2,
        lora,
      }),
    );
    expect((await run('train', 'job.json')).code).toBe(0);
    const bits = ['--base-quantize', 'int4', '--base-block-size', '32', '--base-quantize-twice'];
    const logitsOf = async (...args: string[]): Promise<number[]> => {
      const { out } = await run('model', 'logits', ...args, '--ids', '3,14,15');
      return (JSON.parse(out) as { logits: number[][] }).logits.flat();
    };
    const apart = (a: readonly number[], b: readonly number[]): number =>
      Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));
    const adapted = await logitsOf('--model', LLAMA, '--adapter', 'lora', ...bits);
    const exact = await logitsOf('--model', LLAMA, '--adapter', 'lora');
    expect(apart(adapted, exact)).toBeGreaterThan(1e-2);
    const convert = ['model', 'convert', '--from', LLAMA, '--adapter', 'lora', '--out', 'merged'];
    const to = ['--to', 'safetensors'];
    expect((await run(...convert, ...to, ...bits)).code).toBe(0);
    expect(apart(await logitsOf('--model', 'merged'), adapted)).toBeLessThan(1e-4);
    const generate = ['model', 'generate', '--ids', '3,14', '--max-tokens', '4', '--model'];
    const alone = await run(...generate, LLAMA, '--adapter', 'lora', ...bits);
    expect(alone.out).toBe((await run(...generate, 'merged')).out);
    const odd = await run(...convert, ...to, '--base-quantize', 'int8', '--base-block-size', '7');
    expect(odd).toMatchObject({ code: 2 });
    expect(odd.err).toContain('--base-block-size is 7');
    // Nine commands, each with programs of its own to compile.
  }, 180_000);

  it('names file, tensor, field, token or line of what it cannot use', async () => {
    const broken = join(folder, 'broken');
    await cp(join(FIXTURES, 'models/qwen2'), broken, { recursive: true });
    await truncate(join(broken, 'model.safetensors'), 20_000);
    const cut = await run('model', 'logits', '--model', broken, '--ids', '1');
    expect(cut).toMatchObject({ code: 1, out: '' });
    expect(cut.err).toMatch(/model\.safetensors.*cut off/u);
    await writeFile(join(broken, 'config.json'), '{"model_type":"mamba"}');
    expect((await run('model', 'logits', '--model', broken, '--ids', '1')).err).toMatch(
      /model_type.*mamba/u,
    );
    await writeFile(join(folder, 'rows.jsonl'), '{"ids":[1]}\n{"ids":[61]}\n');
    const outside = await run('model', 'logits', '--model', LLAMA, '--file', 'rows.jsonl');
    expect(outside.code).toBe(1);
    expect(outside.err).toMatch(/line 2.*61/u);
  });
});

describe('model files that cannot be used', () => {
  /** Changes a copy of a model folder and tells what `espalier model logits` says to it. */
  const damaged = async (change: (copy: string) => Promise<void>) => {
    const copy = join(folder, 'damaged');
    await cp(join(FIXTURES, 'models/qwen2'), copy, { recursive: true });
    await change(copy);
    return run('model', 'logits', '--model', copy, '--ids', '1', '--json');
  };
  const configured = (fields: object) => async (copy: string) => {
    const file = join(copy, 'config.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...config, ...fields }));
  };
  const weights = (copy: string): string => join(copy, 'model.safetensors');

  it.each<[string, RegExp, (copy: string) => Promise<void>]>([
    ['shapes', /mlp\.\w+_proj.*model\.safetensors.*shape/u, configured({ intermediate_size: 44 })],
    [
      'a tensor',
      /model\.layers\.2.*model\.safetensors.*missing/u,
      configured({ num_hidden_layers: 3 }),
    ],
    ['a field', /hidden_size.*config\.json/u, configured({ hidden_size: 'wide' })],
    ['a head count', /num_key_value_heads.*config\.json/u, configured({ num_key_value_heads: 3 })],
    [
      'rotary frequencies',
      /rope_type.*config\.json.*longrope/u,
      configured({ rope_parameters: { rope_type: 'longrope', factor: 2 } }),
    ],
    [
      'the header',
      /model\.safetensors/u,
      async (copy) => {
        const bytes = await readFile(weights(copy));
        bytes.writeBigUInt64LE(2n ** 50n);
        await writeFile(weights(copy), bytes);
      },
    ],
    [
      'the header’s text',
      /model\.safetensors/u,
      async (copy) => {
        const bytes = await readFile(weights(copy));
        bytes.fill(0x7b, 8, 40);
        await writeFile(weights(copy), bytes);
      },
    ],
    ['an empty file', /model\.safetensors/u, (copy) => truncate(weights(copy), 0)],
    ['the configuration', /config\.json/u, (copy) => writeFile(join(copy, 'config.json'), '{')],
    ['the folder', /damaged/u, (copy) => rm(copy, { recursive: true })],
    [
      'a shard',
      /model-00002-of-00002\.safetensors/u,
      async (copy) => {
        const index = { weight_map: { 'lm_head.weight': 'model-00002-of-00002.safetensors' } };
        await rm(weights(copy));
        await writeFile(`${weights(copy)}.index.json`, JSON.stringify(index));
      },
    ],
  ])('are refused where they are wrong: %s', async (_what, message, change) => {
    const { code, err } = await damaged(change);
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });
});

describe('espalier train', () => {
  const job = {
    task: 'sft',
    model: LLAMA,
    output_dir: 'out',
    train_data: join(FIXTURES, 'training/rows.jsonl'),
    max_steps: 3,
    batch_size: 2,
    lora: { r: 2 },
  };

  it('prints a line for each step and writes an adapter that logits take', async () => {
    await writeFile(join(folder, 'job.json'), JSON.stringify(job));
    const { code, out } = await run('train', 'job.json', '--json');
    expect(code).toBe(0);
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; step?: number });
    expect(events.filter(({ type }) => type === 'step').map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(events.at(-1)).toEqual({ type: 'done', output_dir: join(folder, 'out') });
    expect(await readFile(join(folder, 'out/adapter_config.json'), 'utf8')).toContain('"LORA"');
    const used = await run('model', 'logits', '--model', LLAMA, '--adapter', 'out', '--ids', '1');
    expect(used.code).toBe(0);
  });

  it('refuses unknown fields by name and malformed rows by line', async () => {
    await writeFile(join(folder, 'job.json'), JSON.stringify({ ...job, learning_rat: 1 }));
    const unknown = await run('train', 'job.json');
    expect(unknown.code).toBe(3);
    expect(unknown.err).toContain('learning_rat');
    await writeFile(join(folder, 'rows.jsonl'), '{"ids":[1,2]}\n{"prompt":"x"}\n');
    await writeFile(join(folder, 'job.json'), JSON.stringify({ ...job, train_data: 'rows.jsonl' }));
    const malformed = await run('train', 'job.json', '--json');
    expect(malformed.code).toBe(1);
    expect(malformed.err).toMatch(/line 2.*prompt/u);
  });

  it.each<[string, RegExp, number, string, object]>([
    ['no row', /rows\.jsonl/u, 1, '', {}],
    ['a row that is no JSON', /rows\.jsonl.*line 2/u, 1, '{"ids":[1,2]}\n{"ids":', {}],
    [
      'a row over the limit',
      /line 2.*4/u,
      1,
      '{"ids":[1,2]}\n{"ids":[1,2,3,4,5]}',
      { max_length: 4 },
    ],
    ['a foreign token', /line 1.*61/u, 1, '{"ids":[1,61]}', {}],
    ['a text without a tokenizer', /tokenizer/u, 1, '{"text":"abc"}', {}],
    ['a conversation without turns', /line 1/u, 1, '{"messages":[]}', {}],
    ['a warm-up beyond the end', /warmup_steps.*max_steps/u, 3, '', { warmup_steps: 9 }],
    ['packs of pairs', /packing/u, 3, '', { task: 'dpo', packing: true }],
    ['a second tokenizer', /tokenizer/u, 3, '', { tokenizer: './other' }],
    ['a rank below one', /lora/u, 3, '', { lora: { r: 0 } }],
    [
      'an unknown module',
      /nowhere/u,
      1,
      '{"ids":[1,2]}',
      { lora: { target_modules: ['nowhere'] } },
    ],
    [
      'a missing adapter',
      /adapter_config\.json/u,
      1,
      '{"ids":[1,2]}',
      { lora: { init_from: './no' } },
    ],
    ['a missing model', /config\.json/u, 1, '{"ids":[1,2]}', { model: './no', lora: undefined }],
  ])('refuses %s before the first step', async (_what, message, code, rows, fields) => {
    await writeFile(join(folder, 'rows.jsonl'), `${rows}\n`);
    await writeFile(
      join(folder, 'job.json'),
      JSON.stringify({ ...job, train_data: 'rows.jsonl', ...fields }),
    );
    const found = await run('train', 'job.json', '--json');
    expect(found.err).toMatch(message);
    expect(found.code).toBe(code);
    expect(found.out).not.toContain('"step"');
  });

  it('writes a job for Kubernetes, and says what it lacks', async () => {
    await writeFile(join(folder, 'my_job.json'), JSON.stringify(job));
    const on = ['train', 'my_job.json', '--on', 'kubernetes'];
    const written = await run(...on, '--image', 'trl:1', '--volume', 'data:/data', '--json');
    expect(written.code).toBe(0);
    const list = JSON.parse(written.out) as { kind: string; items: { metadata: object }[] };
    expect(list.kind).toBe('List');
    expect(list.items[1]).toMatchObject({ kind: 'Job', metadata: { name: 'my-job' } });
    const text = await run(...on, '--image', 'trl:1');
    expect(text.out).toContain('kind: ConfigMap');
    expect(text.out).toContain('---\n');
    expect((await run(...on)).err).toContain('--image');
    const volume = await run(...on, '--image', 'trl:1', '--volume', 'data');
    expect(volume).toMatchObject({ code: 2 });
    expect(volume.err).toContain('data:/data');
    const name = await run(...on, '--image', 'trl:1', '--name', 'Böt');
    expect(name.err).toContain('no name for Kubernetes');
  });

  it('tells that no Ray answers', async () => {
    await writeFile(join(folder, 'job.json'), JSON.stringify(job));
    const { code, err } = await run(
      'train',
      'job.json',
      '--on',
      'ray',
      '--address',
      'http://127.0.0.1:1',
    );
    expect(code).toBe(1);
    expect(err).toContain('ray start');
  });
});
