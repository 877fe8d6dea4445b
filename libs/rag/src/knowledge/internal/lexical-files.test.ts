import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockEmbeddingModel, createRecordingLogger } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textSource } from '../../__fixtures__/text-source.js';
import { createKnowledgeBases } from '../create-knowledge-bases.js';

const QUERY = { query: 'word3 and word7', topK: 10 };

describe('The stored index of words', () => {
  let folder: string;
  const path = (): string => join(folder, 'lexical', 'docs.bm25');
  const open = (logger = createRecordingLogger()) =>
    createKnowledgeBases({
      folder,
      embeddingModel: createMockEmbeddingModel({ dimension: 16 }),
      logger,
    });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lexical-'));
    const bases = await open();
    const base = await bases.create({ name: 'docs' });
    const sources = Array.from({ length: 12 }, (_, n) =>
      textSource(`${n}.txt`, `Text ${n} holds word${n} and word${(n * 3) % 12}.`),
    );
    await base.ingest({ sources });
    await bases.close();
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const searchAnew = async (logger = createRecordingLogger()) => {
    const bases = await open(logger);
    const result = await (await bases.get('docs')).search(QUERY);
    await bases.close();
    return result;
  };

  it('is what the next opening searches with', async () => {
    const made = readFileSync(path());
    const first = await searchAnew();
    expect(readFileSync(path()).equals(made)).toBe(true);
    rmSync(path());
    const rebuilt = await searchAnew();
    expect(first).toEqual(rebuilt);
    expect(readFileSync(path()).length).toBe(made.length);
  });

  it('is gone before a change, so that a killed process leaves no stale one', async () => {
    const bases = await open();
    const base = await bases.get('docs');
    await base.erase({ ids: ['3.txt'] });
    expect(() => readFileSync(path())).toThrow('ENOENT');
    await bases.close();
    expect(readFileSync(path()).includes('Text 3')).toBe(false);
    const { passages } = await searchAnew();
    expect(passages.map(({ source }) => source)).not.toContain('3.txt');
  });

  it('is made anew where it is of another revision', async () => {
    const old = readFileSync(path());
    const bases = await open();
    await (await bases.get('docs')).ingest({ sources: [textSource('new.txt', 'word3 is new.')] });
    await bases.close();
    writeFileSync(path(), old);
    const { passages } = await searchAnew();
    expect(passages.map(({ source }) => source)).toContain('new.txt');
  });

  it('is made anew, with a warning, where it is damaged', async () => {
    const before = await searchAnew();
    const bytes = readFileSync(path());
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 255;
    writeFileSync(path(), bytes);
    const logger = createRecordingLogger();
    expect(await searchAnew(logger)).toEqual(before);
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { key: 'docs' } }]);
  });
});
