import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readGguf } from '../__fixtures__/read-gguf.js';
import { convertModel } from '../convert/convert-model.js';
import { ModelConfigError } from '../errors.js';
import { openModelWeights } from '../files/open-model-weights.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');
const LLAMA = join(FIXTURES, 'models/llama');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-gguf-'));
});
afterEach(() => rm(folder, { recursive: true }));

const written = async (options: Partial<Parameters<typeof convertModel>[0]> = {}) => {
  const out = join(folder, 'out.gguf');
  const { warnings } = await convertModel({
    from: LLAMA,
    to: 'gguf',
    quant: 'f32',
    out,
    ...options,
  });
  return { warnings, ...readGguf(out) };
};
const floats = (bytes: Uint8Array | undefined): Float32Array =>
  new Float32Array(Uint8Array.from(bytes ?? []).buffer);

/** A folder with the model and a tokeniser of its own. */
const withTokenizer = async (tokenizer: object, settings: object = {}): Promise<string> => {
  const from = join(folder, 'model');
  await cp(LLAMA, from, { recursive: true });
  await writeFile(join(from, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(from, 'tokenizer_config.json'), JSON.stringify(settings));
  return from;
};
const SPECIALS = [
  { id: 0, content: '<unk>', special: true },
  { id: 1, content: '<s>', special: true },
  { id: 2, content: '</s>', special: true },
  { id: 6, content: '<tool>', special: false },
].map((token) => ({
  ...token,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
}));
const VOCABULARY = { '<unk>': 0, '<s>': 1, '</s>': 2, a: 3, b: 4, ab: 5 };

describe('a model as GGUF', () => {
  it('has the names, sizes and rows that llama.cpp expects', async () => {
    const { metadata, tensors } = await written();
    expect(metadata).toMatchObject({
      'general.architecture': 'llama',
      'llama.block_count': 2,
      'llama.attention.head_count_kv': 2,
      'llama.rope.dimension_count': 6,
      'llama.vocab_size': 61,
    });
    expect([...tensors.keys()].slice(0, 5).toSorted()).toEqual([
      'blk.0.attn_k.weight',
      'blk.0.attn_norm.weight',
      'blk.0.attn_q.weight',
      'blk.0.attn_v.weight',
      'token_embd.weight',
    ]);
    expect(tensors.get('blk.0.ffn_up.weight')?.sizes).toEqual([24, 40]);
    const weights = await openModelWeights(LLAMA);
    const stored = await weights.readFloats('model.layers.0.self_attn.q_proj.weight');
    await weights.close();
    const rows = floats(tensors.get('blk.0.attn_q.weight')?.bytes);
    const row = (of: Float32Array, index: number) => of.slice(index * 24, (index + 1) * 24);
    // Entries 0 and 3 of a head of six are one pair, and stand side by side.
    for (const [to, from] of [0, 3, 1, 4, 2, 5, 6, 9].entries())
      expect(row(rows, to)).toEqual(row(stored, from));
  });

  it('takes another type where rows are no whole blocks', async () => {
    const { tensors } = await written({ quant: 'q4_k' });
    const types = [...tensors.values()].map(({ type, sizes }) => [sizes.length, type]);
    expect(new Set(types.map(String))).toEqual(new Set(['1,0', '2,1']));
  });

  it('holds byte-level tokens, merges and the chat template', async () => {
    const from = await withTokenizer(
      {
        added_tokens: SPECIALS,
        pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
        post_processor: {
          type: 'TemplateProcessing',
          single: [
            { SpecialToken: { id: '<s>', type_id: 0 } },
            { Sequence: { id: 'A', type_id: 0 } },
          ],
          pair: [],
          special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
        },
        decoder: { type: 'ByteLevel' },
        model: { type: 'BPE', vocab: VOCABULARY, merges: [['a', 'b']], unk_token: '<unk>' },
      },
      { bos_token: '<s>', eos_token: { content: '</s>' }, chat_template: '{{ messages }}' },
    );
    const { metadata, warnings } = await written({ from });
    expect(warnings).toEqual([]);
    expect(metadata).toMatchObject({
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'gpt-2',
      'tokenizer.ggml.merges': ['a b'],
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.ggml.add_bos_token': true,
      'tokenizer.ggml.add_eos_token': false,
      'tokenizer.chat_template': '{{ messages }}',
    });
    const tokens = metadata['tokenizer.ggml.tokens'] as string[];
    expect(tokens.slice(0, 8)).toEqual([...Object.keys(VOCABULARY), '<tool>', '[PAD7]']);
    expect(tokens).toHaveLength(61);
    expect((metadata['tokenizer.ggml.token_type'] as number[]).slice(0, 8)).toEqual([
      2, 3, 3, 1, 1, 1, 4, 5,
    ]);
  });

  it('gives the tokens of SentencePiece scores in the order of their merges', async () => {
    const from = await withTokenizer({
      added_tokens: SPECIALS,
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'Prepend', prepend: '▁' },
          { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
        ],
      },
      decoder: { type: 'Fuse' },
      model: {
        type: 'BPE',
        byte_fallback: true,
        vocab: { ...VOCABULARY, '<0x0A>': 7, abb: 8 },
        merges: ['a b', 'ab b'],
        unk_token: '<unk>',
      },
    });
    const { metadata } = await written({ from });
    expect(metadata).toMatchObject({
      'tokenizer.ggml.model': 'llama',
      'tokenizer.ggml.add_space_prefix': true,
    });
    const scores = metadata['tokenizer.ggml.scores'] as number[];
    expect([scores[5], scores[8]]).toEqual([-0, -1]);
    expect((metadata['tokenizer.ggml.token_type'] as number[])[7]).toBe(6);
  });

  it('warns of a tokeniser that llama.cpp reads otherwise, or that is not there', async () => {
    expect((await written()).warnings).toEqual([
      'there is no tokenizer.json: the file takes token ids only',
    ]);
    const from = await withTokenizer({
      added_tokens: SPECIALS,
      pre_tokenizer: { type: 'Whitespace' },
      model: { type: 'BPE', vocab: VOCABULARY, merges: [] },
    });
    expect((await written({ from })).warnings).toEqual([
      expect.stringContaining('how this tokenizer splits text'),
    ]);
  });

  it('refuses tokens outside the vocabulary, encoders, and types that the form does not have', async () => {
    const from = await withTokenizer({
      added_tokens: [],
      model: { type: 'BPE', vocab: { a: 61 }, merges: [] },
    });
    await expect(written({ from })).rejects.toThrow(/vocab_size.*61/u);
    const bert = join(FIXTURES, 'models/bert');
    await expect(written({ from: bert })).rejects.toThrow(ModelConfigError);
    await expect(written({ to: 'safetensors', quant: 'q8_0' })).rejects.toThrow(/f32 or f16/u);
    await expect(written({ to: 'gguf-lora' })).rejects.toThrow(/adapter/u);
  });
});

describe('an adapter as GGUF', () => {
  it('has both factors of each layer, scaled to the one alpha', async () => {
    const adapter = join(FIXTURES, 'training/adapters/rslora-pattern');
    const out = join(folder, 'lora.gguf');
    const from = join(FIXTURES, 'models/qwen2');
    await convertModel({ from, adapter, to: 'gguf-lora', out });
    const { metadata, tensors } = readGguf(out);
    expect(metadata).toMatchObject({
      'general.type': 'adapter',
      'adapter.type': 'lora',
      'adapter.lora.alpha': 8,
    });
    expect(tensors.get('blk.0.attn_v.weight.lora_a')?.sizes).toEqual([24, 2]);
    expect(tensors.get('blk.0.attn_v.weight.lora_b')?.sizes).toEqual([2, 12]);
  });

  it.each(['dora', 'saved-head'])('is refused where it is more than that: %s', async (name) => {
    const adapter = join(FIXTURES, 'training/adapters', name);
    await expect(written({ adapter, to: 'gguf-lora' })).rejects.toThrow(/merge the adapter/u);
  });
});

describe('a model as safetensors', () => {
  it('keeps files, names and types, and the bytes of what no adapter changes', async () => {
    const adapter = join(FIXTURES, 'training/adapters/saved-head');
    const out = join(folder, 'merged');
    await convertModel({ from: LLAMA, adapter, to: 'safetensors', out });
    const [before, after] = [await openModelWeights(LLAMA), await openModelWeights(out)];
    const short = (weights: typeof before) =>
      [...weights.tensors].map(([name, { dtype, shape, file }]) => [
        name,
        dtype,
        shape,
        file.split('/').at(-1),
      ]);
    expect(short(after)).toEqual(short(before));
    const changed: string[] = [];
    for (const name of before.tensors.keys())
      if (!Buffer.from(await before.readBytes(name)).equals(await after.readBytes(name)))
        changed.push(name);
    await Promise.all([before.close(), after.close()]);
    expect(changed.toSorted()).toEqual([
      'lm_head.weight',
      'model.layers.0.self_attn.q_proj.weight',
      'model.layers.1.self_attn.q_proj.weight',
    ]);
    const index = JSON.parse(await readFile(join(out, 'model.safetensors.index.json'), 'utf8')) as {
      metadata: { total_size: number };
    };
    expect(index.metadata.total_size).toBeGreaterThan(0);
  });

  it('keeps bfloat16, or writes the type that is asked for', async () => {
    const from = join(FIXTURES, 'models/llama-tied-bf16');
    for (const [quant, dtype] of [
      [undefined, 'BF16'],
      ['f16', 'F16'],
      ['f32', 'F32'],
    ] as const) {
      const out = join(folder, dtype);
      await convertModel({ from, to: 'safetensors', out, ...(quant && { quant }) });
      const weights = await openModelWeights(out);
      expect(new Set([...weights.tensors.values()].map((tensor) => tensor.dtype))).toEqual(
        new Set([dtype]),
      );
      await weights.close();
    }
  });
});
