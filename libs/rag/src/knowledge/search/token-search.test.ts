import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWordEncoder } from '../../__fixtures__/create-word-encoder.js';
import { readFolder } from '../../__fixtures__/read-folder.js';
import { textSource } from '../../__fixtures__/text-source.js';
import { hashText } from '../../embedding/hash-text.js';
import { createTokenEmbeddingModel } from '../../ranking/create-token-embedding-model.js';
import { createKnowledgeBases, type KnowledgeBasesOptions } from '../create-knowledge-bases.js';

const TEXTS = ['cat dog fish', 'bird wing song', 'cat tail paw cat', 'dog paw song', 'fish tail'];
const sources = TEXTS.map((text, n) => textSource(`${n}.txt`, text));

describe('A knowledge base with a token encoder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokens-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const open = (encoder: ReturnType<typeof createWordEncoder>, more = {}) => {
    const options: KnowledgeBasesOptions = {
      folder,
      embeddingModel: createTokenEmbeddingModel({ encoder }),
      tokenEncoder: encoder,
      ...more,
    };
    return createKnowledgeBases(options);
  };

  it('encodes each chunk once, and ranks by the states of tokens, too', async () => {
    const encoder = createWordEncoder();
    const bases = await open(encoder);
    const base = await bases.create({ name: 'docs' });
    await base.ingest({ sources });
    expect([...encoder.encoded].sort()).toEqual([...TEXTS].sort());
    const { result, legs } = await base.explain({ query: 'cat paw', topK: 5 });
    expect(result.passages[0]?.text).toBe('cat tail paw cat');
    expect(legs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['part', 'maxSim', 'maxSimWindow']),
    );
    expect(encoder.encoded.filter((text) => TEXTS.includes(text))).toHaveLength(TEXTS.length);
    await bases.close();
  });

  it('encodes what was stored without states when a search first looks at it, and keeps it', async () => {
    const encoder = createWordEncoder();
    const before = await open(encoder, { tokenEncoder: undefined });
    await (await before.create({ name: 'docs' })).ingest({ sources });
    await before.close();
    const bases = await open(encoder);
    const base = await bases.get('docs');
    encoder.encoded.length = 0;
    const first = await base.search({ query: 'cat paw' });
    expect([...encoder.encoded].sort()).toEqual([...TEXTS, 'cat paw'].sort());
    encoder.encoded.length = 0;
    const second = await base.search({ query: 'cat paw' });
    expect(encoder.encoded).toEqual(['cat paw']);
    expect(second.passages.map(({ id }) => id)).toEqual(first.passages.map(({ id }) => id));
    await bases.close();
  });

  it('leaves nothing of the states of what is erased', async () => {
    const bases = await open(createWordEncoder());
    const base = await bases.create({ name: 'docs' });
    await base.ingest({ sources });
    const hash = hashText(TEXTS[2] ?? '');
    expect(readFolder(folder).includes(hash)).toBe(true);
    expect(await base.erase({ ids: ['2.txt'] })).toMatchObject({ isComplete: true });
    expect(readFolder(folder).includes(hash)).toBe(false);
    expect(
      (await base.search({ query: 'cat paw' })).passages.map(({ text }) => text),
    ).not.toContain(TEXTS[2]);
    await bases.close();
  });

  it('refuses an encoder that is not the model of the vectors', async () => {
    const opening = open(createWordEncoder(), { embeddingModel: createMockEmbeddingModel() });
    await expect(opening).rejects.toThrow(InvalidArgumentError);
    expect(readdirSync(folder)).not.toContain('token-states.sqlite');
  });
});
