import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTokenizer } from './load-tokenizer.js';
import { trainBpe } from './train-bpe.js';

const read = (name: string): string =>
  readFileSync(new URL(`../__fixtures__/bpe/${name}`, import.meta.url), 'utf8');
const LINES = read('corpus.txt').match(/[^\n]*\n/gu) ?? [];
const SPECIAL = ['<unk>', '<s>', '</s>'];

/** Made by `scripts/make_bpe_fixtures.py` with the `tokenizers` library. */
const cases = JSON.parse(read('trained.json')) as {
  kind: 'byte-level' | 'plain';
  size: number;
  frequency: number;
  vocab: Record<string, number>;
  merges: [string, string][];
  encoded: number[][];
}[];

describe('trainBpe', () => {
  it.each(cases)(
    'learns what tokenizers learns: $kind, up to $size tokens, pairs from $frequency',
    async ({ kind, size, frequency, vocab, merges, encoded }) => {
      const trained = await trainBpe({
        texts: LINES,
        vocabularySize: size,
        kind,
        minFrequency: frequency,
        specialTokens: SPECIAL,
        ...(kind === 'plain' && { unknownToken: '<unk>' }),
      });
      const { model } = JSON.parse(trained.json) as { model: { vocab: object } };
      expect(trained.merges).toEqual(merges);
      expect(model.vocab).toEqual(vocab);
      expect(trained.vocabularySize).toBe(Object.keys(vocab).length);
      const tokenizer = parseTokenizer('tokenizer.json', new TextEncoder().encode(trained.json));
      expect(LINES.filter((_, i) => i % 40 === 0).map((line) => tokenizer.encode(line))).toEqual(
        encoded,
      );
    },
  );

  it('writes any text in bytes, and reads it back', async () => {
    const { json } = await trainBpe({ texts: ['aaa aaa'], vocabularySize: 258 });
    const tokenizer = parseTokenizer('tokenizer.json', new TextEncoder().encode(json));
    expect(tokenizer.vocabularySize).toBe(258);
    expect(tokenizer.decode(tokenizer.encode('nie gesehen: ß 🙂'))).toBe('nie gesehen: ß 🙂');
  });

  it('refuses sizes without room for the characters, and unknown tokens that are not special', async () => {
    await expect(trainBpe({ texts: ['abc'], vocabularySize: 200 })).rejects.toThrow(/from 256/u);
    await expect(
      trainBpe({ texts: [], vocabularySize: 10, kind: 'plain', unknownToken: '<unk>' }),
    ).rejects.toThrow(/specialTokens/u);
  });

  it('stops when it is told to', async () => {
    const abortSignal = AbortSignal.abort();
    await expect(trainBpe({ texts: LINES, vocabularySize: 900, abortSignal })).rejects.toThrow(
      'aborted',
    );
  });
});
