import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddingModel, VectorStore } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textSource } from '../__fixtures__/text-source.js';
import { StoreError } from '../errors.js';
import { createMemoryStore } from '../memory/create-memory-store.js';
import { createSimdStore } from '../simd/create-simd-store.js';
import { createKnowledgeBases } from './create-knowledge-bases.js';
import type { KnowledgeBases } from './knowledge-base.js';

const DIMENSION = 4;
const MEGABYTE = 1024 * 1024;
const PAGES = Array.from({ length: 200 }, (_, n) =>
  textSource(`page-${n}.md`, `# Page ${n}\n\nIts word is term${n}.`),
);

/** A model whose vectors are given by the texts of a call. */
function modelOf(vectorsOf: (texts: readonly string[]) => readonly Float32Array[]): EmbeddingModel {
  return {
    ...createMockEmbeddingModel({ dimension: DIMENSION }),
    doEmbed: ({ texts }) =>
      Promise.resolve({ embeddings: vectorsOf(texts), usage: {}, warnings: [] }),
    countTokens: (text) => text.length / 5,
  };
}
const steady = (texts: readonly string[]): Float32Array[] =>
  texts.map((text) => Float32Array.of(1, text.length % 7, 0, 0));

describe('A knowledge base meets', () => {
  let folder: string;
  let bases: KnowledgeBases;
  const open = async (embeddingModel: EmbeddingModel, store?: VectorStore): Promise<void> => {
    bases = await createKnowledgeBases({
      folder,
      embeddingModel,
      ...(store === undefined ? {} : { store }),
    });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bad-'));
  });
  afterEach(async () => {
    await bases.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('an ingest of nothing, a search in nothing and a query of nothing', async () => {
    await open(modelOf(steady));
    const base = await bases.create({ name: 'docs' });
    expect(await base.ingest({ sources: [], prune: true })).toMatchObject({ added: 0, removed: 0 });
    expect(await base.search({ query: 'anything' })).toMatchObject({ passages: [] });
    await base.ingest({ sources: PAGES.slice(0, 3) });
    for (const query of ['', ' \n\t']) {
      expect(await base.search({ query })).toMatchObject({ passages: [], hasEvidence: false });
    }
    for (const query of ['…', '\ud800', 'x'.repeat(30_000)]) {
      const { passages } = await base.search({ query });
      expect(passages.every(({ score }) => Number.isFinite(score))).toBe(true);
    }
    expect(await base.context({ query: '', maxTokens: 100 })).toMatchObject({ passages: [] });
  });

  it('a document of 10 MB and two million tokens in one line', async () => {
    await open(modelOf(steady));
    const base = await bases.create({ name: 'docs' });
    const line = `${'lorem ipsum '.repeat((10 * MEGABYTE) / 12)} needle`;
    const report = await base.ingest({ sources: [textSource('line.txt', line)] });
    expect(report).toMatchObject({ added: 1, failed: [] });
    expect(report.chunks).toBeGreaterThan(5000);
    const { passages } = await base.search({ query: 'needle', topK: 1 });
    expect(passages[0]?.text).toContain('needle');
    expect(passages[0]?.lines).toEqual({ start: 1, end: 1 });
  }, 120_000);

  it('bytes of other encodings, and of none, without losing the others', async () => {
    await open(modelOf(steady));
    const base = await bases.create({ name: 'docs' });
    const latin = Uint8Array.from(Buffer.from('Ein Café über dem Fluß an der Straße.', 'latin1'));
    const utf16 = Buffer.from('\ufeffAn utf16 text.', 'utf16le');
    const binary = Uint8Array.from({ length: 64 }, (_, n) => (n * 37) % 256);
    const report = await base.ingest({
      sources: [
        { source: 'latin.txt', bytes: latin },
        { source: 'utf16.txt', bytes: new Uint8Array(utf16) },
        { source: 'binary.txt', bytes: binary },
        textSource('good.txt', 'A good text.'),
      ],
    });
    const refused = report.failed.map(({ source }) => source);
    expect(refused).toContain('binary.txt');
    expect(refused).not.toContain('good.txt');
    expect(refused).not.toContain('utf16.txt');
    expect(report.added + report.failed.length).toBe(4);
    for (const { error } of report.failed) expect(error.code).toMatch(/^ERR_RAG_/u);
    expect((await base.getDocument({ id: 'utf16.txt' })).text).toBe('An utf16 text.');
  });

  it.each([
    ['values that are no numbers', (): Float32Array => Float32Array.of(0, Number.NaN, 0, 0)],
    ['vectors of another length', (): Float32Array => new Float32Array(DIMENSION - 1)],
  ])(
    '%s from a provider: the ingest ends with a word on it, what was stored stays',
    async (_, bad) => {
      let isBad = false;
      await open(modelOf((texts) => (isBad ? texts.map(bad) : steady(texts))));
      const base = await bases.create({ name: 'docs' });
      await base.ingest({ sources: PAGES.slice(0, 5) });
      isBad = true;
      const changed = [textSource('page-0.md', 'It has changed.'), ...PAGES.slice(5)];
      await expect(base.ingest({ sources: changed })).rejects.toMatchObject({
        code: 'ERR_RAG_VECTOR_INVALID',
      });
      await expect(base.search({ query: 'term1' })).rejects.toMatchObject({
        code: 'ERR_RAG_VECTOR_INVALID',
      });
      isBad = false;
      expect(await base.stats()).toEqual({ documents: 5, chunks: 5, vectors: 5 });
      expect((await base.health()).isHealthy).toBe(true);
      expect(await base.ingest({ sources: changed })).toMatchObject({ added: 195, updated: 1 });
    },
  );

  it('vectors without a direction: found by their words', async () => {
    await open(modelOf((texts) => texts.map(() => new Float32Array(DIMENSION))));
    const base = await bases.create({ name: 'docs' });
    await base.ingest({ sources: PAGES.slice(0, 9) });
    const { passages } = await base.search({ query: 'term7', topK: 1 });
    expect(passages[0]?.source).toBe('page-7.md');
    const { isHealthy, findings } = await base.health();
    expect({ isHealthy, kinds: findings.map(({ kind }) => kind) }).toEqual({
      isHealthy: true,
      kinds: ['zero-vectors'],
    });
  });

  it('a store that was deleted, which opening fills anew, and one that another holds', async () => {
    const place = join(folder, 'vectors');
    let store = createSimdStore({ folder: place });
    await open(modelOf(steady), store);
    await (await bases.create({ name: 'docs' })).ingest({ sources: PAGES });
    await bases.close();
    await store.close();
    rmSync(place, { recursive: true });

    const other = createSimdStore({ folder: place });
    await other.openIndex({ name: 'x', dimension: 2, embedding: 'x' });
    store = createSimdStore({ folder: place });
    await open(modelOf(steady), store);
    await expect(bases.get('docs')).rejects.toMatchObject({ code: 'ERR_RAG_STORE_LOCKED' });
    expect(await bases.list()).toMatchObject([{ name: 'docs', documents: PAGES.length }]);
    await other.close();
    const base = await bases.get('docs');
    expect(await base.stats()).toMatchObject({ vectors: PAGES.length });
    await bases.close();
    await store.close();
  });

  it('a disk that is full in the middle of a build: a word on it, all or nothing of each document, and it goes on', async () => {
    const memory = createMemoryStore();
    let room = 100;
    const store: VectorStore = {
      ...memory,
      async openIndex(options) {
        const index = await memory.openIndex(options);
        return {
          ...index,
          upsert(given) {
            room -= given.records.length;
            if (room >= 0) return index.upsert(given);
            const problem = 'ENOSPC: no space left on device';
            throw new StoreError({ store: 'test', operation: 'write', problem });
          },
        };
      },
    };
    await open(modelOf(steady), store);
    const base = await bases.create({ name: 'docs' });
    await expect(base.ingest({ sources: PAGES })).rejects.toMatchObject({
      code: 'ERR_RAG_STORE_FAILED',
      isRetryable: true,
    });
    const { documents, vectors } = await base.stats();
    expect(documents).toBe(vectors);
    expect(documents).toBeGreaterThan(0);
    room = Number.POSITIVE_INFINITY;
    expect(await base.ingest({ sources: PAGES })).toMatchObject({
      added: PAGES.length - documents,
      unchanged: documents,
    });
    // These vectors say nothing of the texts.
    expect((await base.health()).findings).toMatchObject([
      { kind: 'untrusted-legs', severity: 'notice', examples: ['vector'] },
    ]);
  });
});
