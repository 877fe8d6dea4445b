import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelFolder } from '@espalier/model-static-256';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';

interface TokenCase {
  text: string;
  ids: number[];
}

const cases = JSON.parse(
  readFileSync(new URL('../__fixtures__/bert-tokens.json', import.meta.url), 'utf8'),
) as TokenCase[];

describe('loadTokenizer', () => {
  it('gives the same tokens as the tokenizers library, token for token', async () => {
    const tokenizer = await loadTokenizer({ folder: modelFolder });
    expect(cases.length).toBeGreaterThan(300);
    for (const { text, ids } of cases) {
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.countTokens(text)).toBe(ids.length);
    }
  });

  it('stops at the limit of tokens', async () => {
    const tokenizer = await loadTokenizer({ folder: modelFolder });
    const ids = tokenizer.encode('one two three four five');
    expect(tokenizer.encode('one two three four five', { maxTokens: 3 })).toEqual(ids.slice(0, 3));
    expect(tokenizer.encode('one two', { maxTokens: 0 })).toEqual([]);
  });

  it('takes a lone surrogate as no character at all', async () => {
    const tokenizer = await loadTokenizer({ folder: modelFolder });
    expect(tokenizer.encode('broken \ud800 pair')).toEqual(tokenizer.encode('broken  pair'));
  });

  it('knows its frame and its tokens', async () => {
    const tokenizer = await loadTokenizer({ folder: modelFolder });
    expect(tokenizer.vocabularySize).toBe(30_522);
    expect(tokenizer.frame).toEqual({ before: [101], after: [102] });
    expect(tokenizer.tokenOf(101)).toBe('[CLS]');
    expect(tokenizer.tokenOf(99_999)).toBeUndefined();
  });

  describe('with a broken folder', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'encoders-'));
      cpSync(modelFolder, folder, { recursive: true });
    });
    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('names the file that is missing', async () => {
      rmSync(join(folder, 'tokenizer.json'));
      await expect(loadTokenizer({ folder })).rejects.toMatchObject({
        code: 'ERR_ENCODERS_MODEL_FILE_MISSING',
        details: { file: join(folder, 'tokenizer.json') },
      });
    });

    it('refuses a file that is cut', async () => {
      truncateSync(join(folder, 'tokenizer.json'), 1000);
      await expect(loadTokenizer({ folder })).rejects.toMatchObject({
        code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT',
      });
      rmSync(join(folder, 'card.json'));
      await expect(loadTokenizer({ folder })).rejects.toMatchObject({
        code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT',
      });
    });

    it('refuses a file whose checksum is not on the card', async () => {
      const file = join(folder, 'tokenizer.json');
      const text = readFileSync(file, 'utf8');
      writeFileSync(
        file,
        text.replace('"lowercase":true', '"lowercase":TRUE').replace('"hello"', '"hellO"'),
      );
      await expect(loadTokenizer({ folder })).rejects.toMatchObject({
        code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT',
      });
    });

    it('refuses another kind of tokeniser', async () => {
      rmSync(join(folder, 'card.json'));
      const json = { model: { type: 'Rune' }, normalizer: null, pre_tokenizer: null };
      writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(json));
      await expect(loadTokenizer({ folder })).rejects.toMatchObject({
        code: 'ERR_ENCODERS_TOKENIZER_UNSUPPORTED',
      });
    });

    it('names the place of what does not fit', async () => {
      rmSync(join(folder, 'card.json'));
      const write = (json: unknown): void => {
        writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(json));
      };
      const model = { type: 'BPE', vocab: { a: 0, b: 1 }, merges: ['a b'] };
      for (const [json, place] of [
        [{ model }, 'a merge names "ab"'],
        [{ model: { ...model, merges: ['a'] } }, 'model.merges.0'],
        [{ model: { ...model, vocab: { a: -1 } } }, 'model.vocab.a'],
        [{ model: { type: 'WordLevel', vocab: { a: 0 }, unk_token: 'u' } }, 'lacks u'],
        [
          { model: { ...model, merges: [] }, normalizer: { type: 'Strip' } },
          'normalizer.Strip.strip_left',
        ],
      ] as const) {
        write(json);
        await expect(loadTokenizer({ folder })).rejects.toMatchObject({
          code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT',
          message: expect.stringContaining(place) as string,
        });
      }
      write({
        model: { ...model, merges: [] },
        pre_tokenizer: { type: 'Split', pattern: { Regex: '(?<=a' }, behavior: 'Isolated' },
      });
      await expect(loadTokenizer({ folder })).rejects.toMatchObject({
        code: 'ERR_ENCODERS_TOKENIZER_UNSUPPORTED',
      });
    });
  });
});
