import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';

interface TokenizerCase {
  readonly text: string;
  readonly ids: readonly number[];
  readonly framed: readonly number[];
  readonly pair: string;
  readonly pairIds: readonly number[];
  readonly pairTypes: readonly number[];
  readonly barePairTypes: readonly number[];
  readonly decoded: string;
  readonly skipped: string;
  readonly shuffled: readonly number[];
  readonly shuffledText: string;
}

const root = fileURLToPath(new URL('../__fixtures__/tokenizers/', import.meta.url));

describe.each(readdirSync(root))('a tokeniser like that of %s', (kind) => {
  const folder = `${root}${kind}`;
  const cases = JSON.parse(readFileSync(`${folder}/cases.json`, 'utf8')) as TokenizerCase[];

  it('cuts texts as the tokenizers library does', async () => {
    const tokenizer = await loadTokenizer({ folder });
    for (const { text, ids } of cases) {
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.countTokens(text)).toBe(ids.length);
    }
  });

  it('frames texts and pairs of texts alike', async () => {
    const tokenizer = await loadTokenizer({ folder });
    for (const { text, pair, framed, pairIds, pairTypes, barePairTypes } of cases) {
      expect(tokenizer.encodeInputs({ text }).ids).toEqual(framed);
      const paired = { text, textPair: pair };
      expect(tokenizer.encodeInputs(paired)).toEqual({ ids: pairIds, typeIds: pairTypes });
      const bare = tokenizer.encodeInputs({ ...paired, addsSpecialTokens: false });
      expect(bare.typeIds).toEqual(barePairTypes);
    }
  });

  it('joins ids to the same text', async () => {
    const tokenizer = await loadTokenizer({ folder });
    for (const { framed, decoded, skipped, shuffled, shuffledText } of cases) {
      expect(tokenizer.decode(framed)).toBe(decoded);
      expect(tokenizer.decode(framed, { skipsSpecialTokens: true })).toBe(skipped);
      expect(tokenizer.decode(shuffled)).toBe(shuffledText);
    }
  });
});
