import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddingModel, VectorStore } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFolder } from '../__fixtures__/read-folder.js';
import { textSource } from '../__fixtures__/text-source.js';
import { createRecursiveChunker } from '../chunking/create-recursive-chunker.js';
import { createMemoryStore } from '../memory/create-memory-store.js';
import { createSimdStore } from '../simd/create-simd-store.js';
import { createKnowledgeBases, type KnowledgeBasesOptions } from './create-knowledge-bases.js';
import type { KnowledgeBase, KnowledgeBases } from './knowledge-base.js';

const OLD = createMockEmbeddingModel({ dimension: 16 });
const NEW = createMockEmbeddingModel({ dimension: 24, modelId: 'new' });
const PAGES = Array.from({ length: 150 }, (_, n) =>
  textSource(`page-${String(n).padStart(3, '0')}.md`, `# Page ${n}\n\nIts own word is term${n}.`, {
    ...(n % 2 === 0 && { principals: ['even'] }),
    metadata: { number: n },
  }),
);

describe('A knowledge base over its life', { timeout: 60_000 }, () => {
  let folder: string;
  let store: VectorStore;
  let bases: KnowledgeBases;

  const open = async (
    embeddingModel: EmbeddingModel,
    options: Partial<KnowledgeBasesOptions> = {},
  ): Promise<void> => {
    store = createSimdStore({ folder: join(folder, 'vectors') });
    bases = await createKnowledgeBases({ folder, embeddingModel, store, ...options });
  };
  const close = async (): Promise<void> => {
    await bases.close();
    await store.close();
  };
  const reopen = async (...options: Parameters<typeof open>): Promise<void> => {
    await close();
    await open(...options);
  };
  const best = async (base: KnowledgeBase, query: string): Promise<string | undefined> =>
    (await base.search({ query, topK: 1 })).passages[0]?.source;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'life-'));
    await open(OLD);
  });
  afterEach(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('whose embedding model has changed', () => {
    beforeEach(async () => {
      await (await bases.create({ name: 'docs' })).ingest({ sources: PAGES });
      await reopen(NEW);
    });

    it('says so, is built anew without its sources, and answers as one that was made so', async () => {
      expect(await bases.list()).toMatchObject([{ name: 'docs', needsReindex: true }]);
      await expect(bases.get('docs')).rejects.toMatchObject({
        code: 'ERR_RAG_INDEX_MISMATCH',
        message: expect.stringContaining('espalier kb reindex NAME') as string,
      });
      const seen: number[] = [];
      const report = await bases.reindex({
        name: 'docs',
        onProgress: ({ done, total }) => {
          expect(total).toBe(PAGES.length);
          seen.push(done);
        },
      });
      expect(report).toMatchObject({
        documents: PAGES.length,
        chunks: PAGES.length,
        resumed: 0,
        from: { embedding: 'mock/mock-embedding-16', dimension: 16 },
        to: { embedding: 'mock/new', dimension: 24 },
      });
      expect(seen.at(-1)).toBe(PAGES.length);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));

      const base = await bases.get('docs');
      expect(base.info.needsReindex).toBe(false);
      expect((await base.health()).findings).toEqual([]);
      const fresh = await bases.create({ name: 'fresh' });
      await fresh.ingest({ sources: PAGES });
      const found = async (kb: KnowledgeBase) =>
        (await kb.search({ query: 'term7 word' })).passages.map(({ id, score }) => ({ id, score }));
      expect(await found(base)).toEqual(await found(fresh));
      // Nothing is left of the old index, and nothing needs to be ingested again.
      expect((await store.listIndexes()).length).toBe(2);
      expect(await base.ingest({ sources: PAGES })).toMatchObject({ unchanged: PAGES.length });
    });

    it('goes on where a cancelled rebuild ended, with what changed in between', async () => {
      const controller = new AbortController();
      const stopped = bases.reindex({
        name: 'docs',
        abortSignal: controller.signal,
        onProgress: ({ done }) => {
          if (done >= 100) controller.abort(new DOMException('Enough.', 'AbortError'));
        },
      });
      await expect(stopped).rejects.toThrow('Enough.');
      await expect(bases.get('docs')).rejects.toMatchObject({ code: 'ERR_RAG_INDEX_MISMATCH' });
      // Meanwhile the old model is configured again.
      await reopen(OLD);
      const old = await bases.get('docs');
      expect((await old.health()).findings).toMatchObject([{ kind: 'unfinished-reindex' }]);
      await old.ingest({ sources: [textSource('page-000.md', 'Now it has the word fresh.')] });
      await reopen(NEW);
      const { resumed, documents } = await bases.reindex({ name: 'docs' });
      expect(documents).toBe(PAGES.length);
      expect(resumed).toBeGreaterThanOrEqual(99);
      expect(resumed).toBeLessThan(PAGES.length);
      expect(await best(await bases.get('docs'), 'fresh')).toBe('page-000.md');
    });

    it('gives a rebuild up where a document is erased that it holds', async () => {
      const controller = new AbortController();
      const stopped = bases.reindex({
        name: 'docs',
        abortSignal: controller.signal,
        onProgress: ({ done }) => {
          if (done >= 100) controller.abort();
        },
      });
      await expect(stopped).rejects.toThrow();
      await reopen(OLD);
      await (await bases.get('docs')).erase({ prefix: 'page-00' });
      expect(readFolder(folder).includes('term5.')).toBe(false);
      expect(readFolder(folder).includes('term50.')).toBe(true);
      expect(await store.listIndexes()).toHaveLength(1);
    });
  });

  it('is cut anew by another chunker, and answers meanwhile', async () => {
    const text = Array.from({ length: 40 }, (_, n) => `Sentence ${n} has the word term${n}.`);
    await (
      await bases.create({ name: 'docs' })
    ).ingest({ sources: [textSource('long.md', `# Long\n\n${text.join('\n\n')}`)] });
    const countTokens = (words: string): number => words.split(/\s+/u).length;
    const chunker = createRecursiveChunker({ countTokens, tokenizerId: 'words', maxTokens: 20 });
    await reopen(OLD, { chunker });
    const base = await bases.get('docs');
    expect((await base.health()).findings).toMatchObject([{ kind: 'stale-chunks', count: 1 }]);
    const answers: (string | undefined)[] = [];
    const asking = best(base, 'term30').then((source) => answers.push(source));
    const report = await bases.reindex({ name: 'docs' });
    await asking;
    expect(answers).toEqual(['long.md']);
    expect(report.chunks).toBeGreaterThan(10);
    expect((await base.search({ query: 'term30', topK: 1 })).passages).toMatchObject([
      { text: expect.stringMatching(/term30/u) as string, headingPath: ['Long'] },
    ]);
    expect((await base.stats()).vectors).toBe(report.chunks);
  });

  it('is checked against its catalogue and repaired', async () => {
    const base = await bases.create({ name: 'docs' });
    await base.ingest({ sources: PAGES });
    const index = await store.openIndex({
      name: 'docs',
      embedding: 'mock/mock-embedding-16',
      dimension: 16,
    });
    const ids: string[] = [];
    for await (const page of index.scroll({})) ids.push(...page.map(({ id }) => id));
    const [first = '', second = '', third = ''] = ids;
    const [record] = await index.get({ ids: [second] });
    if (record === undefined) throw new Error('It was just listed.');
    await index.delete({ ids: [first] });
    await index.upsert({
      records: [
        { ...record, id: 'orphan' },
        { ...record, metadata: { ...record.metadata, access: 'all' }, text: 'other' },
        { ...record, id: third, vector: new Float32Array(16) },
      ],
    });
    const sick = await base.health();
    expect(sick.isHealthy).toBe(false);
    expect(sick).toMatchObject({ documents: 150, chunks: 150, vectors: 150 });
    const kinds = sick.findings.map(({ kind, count }) => `${kind} ${count}`).sort();
    expect(kinds).toEqual([
      'missing-vectors 1',
      'orphan-vectors 1',
      'stale-records 2',
      'zero-vectors 1',
    ]);
    const { health, ...counts } = await base.repair();
    expect(counts).toEqual({ added: 1, replaced: 2, removed: 1 });
    expect(health.isHealthy).toBe(true);
    expect(health.findings.map(({ kind }) => kind)).toEqual(['zero-vectors']);
  });

  it('is the same after a snapshot was restored, also with another model, and as a whole or not at all', async () => {
    const base = await bases.create({ name: 'docs', description: 'All' });
    await base.ingest({ sources: PAGES });
    const path = join(folder, 'docs.snapshot');
    const report = await base.snapshot({ path });
    expect(report).toMatchObject({ documents: 150, chunks: 150 });
    const calls = OLD.calls.length;
    const restored = await bases.restore({ path, name: 'copy' });
    expect(OLD.calls.length).toBe(calls);
    const found = async (kb: KnowledgeBase) =>
      (await kb.search({ query: 'word term9', principals: ['even'] })).passages.map(
        ({ knowledgeBase: _, ...passage }) => passage,
      );
    expect(await found(restored)).toEqual(await found(base));
    expect(await restored.getDocument({ id: 'page-004.md' })).toEqual(
      await base.getDocument({ id: 'page-004.md' }),
    );
    await expect(bases.restore({ path, name: 'copy' })).rejects.toMatchObject({
      code: 'ERR_RAG_KNOWLEDGE_BASE_EXISTS',
    });

    const whole = readFileSync(path);
    for (const bytes of [whole.subarray(0, whole.length - 200), Buffer.from('none'), Buffer.of()]) {
      writeFileSync(`${path}.bad`, bytes);
      await expect(bases.restore({ path: `${path}.bad`, name: 'bad' })).rejects.toMatchObject({
        code: 'ERR_RAG_SNAPSHOT_INVALID',
      });
    }
    await expect(bases.restore({ path: `${path}.none` })).rejects.toMatchObject({
      code: 'ERR_RAG_SNAPSHOT_INVALID',
      message: expect.stringContaining('no such file') as string,
    });
    expect((await bases.list()).map(({ name }) => name)).toEqual(['copy', 'docs']);
    expect(await store.listIndexes()).toHaveLength(2);

    await reopen(NEW);
    const other = await bases.restore({ path, name: 'other' });
    expect(other.info.embedding).toBe('mock/new');
    expect(await best(other, 'term33')).toBe('page-033.md');
  });

  it('moves to another store with its vectors, and goes on from there', async () => {
    await (await bases.create({ name: 'docs' })).ingest({ sources: PAGES });
    await bases.close();
    const from = store;
    const to = createSimdStore({ folder: join(folder, 'elsewhere') });
    const model = createMockEmbeddingModel({ dimension: 16 });
    bases = await createKnowledgeBases({ folder, embeddingModel: model, store: to });
    expect(await bases.migrate({ name: 'docs', from })).toMatchObject({
      copied: PAGES.length,
      embedded: 0,
    });
    expect(model.calls).toEqual([]);
    expect(await best(await bases.get('docs'), 'term12')).toBe('page-012.md');
    expect((await (await bases.get('docs')).health()).findings).toEqual([]);
    await bases.close();
    await to.close();
  });

  it('belongs to one tenant, whose names, rows and vectors no other reaches', async () => {
    const acme = bases.forTenant('acme');
    const globex = bases.forTenant('globex');
    const first = await acme.create({ name: 'docs' });
    await first.ingest({ sources: [textSource('a.md', 'The plan of acme.')] });
    const second = await globex.create({ name: 'docs' });
    await second.ingest({ sources: [textSource('b.md', 'The plan of globex.')] });
    const shared = await bases.create({ name: 'acme.docs' });
    await shared.ingest({ sources: [textSource('c.md', 'The plan of nobody.')] });

    const sources = async (kb: KnowledgeBase) =>
      (await kb.search({ query: 'the plan', topK: 10 })).passages.map(({ source }) => source);
    expect(await sources(first)).toEqual(['a.md']);
    expect(await sources(second)).toEqual(['b.md']);
    expect(await sources(shared)).toEqual(['c.md']);
    expect(first.info.tenant).toBe('acme');
    expect((await acme.list()).map(({ name }) => name)).toEqual(['docs']);
    expect((await bases.list()).map(({ name }) => name)).toEqual(['acme.docs']);
    await expect(bases.get('docs')).rejects.toMatchObject({
      code: 'ERR_RAG_KNOWLEDGE_BASE_UNKNOWN',
    });
    await acme.drop('docs');
    expect(await sources(await globex.get('docs'))).toEqual(['b.md']);
    expect(await sources(shared)).toEqual(['c.md']);
    expect(() => bases.forTenant('../x')).toThrow('refused');
  });

  it('is closed to a second process while a first one has its folder', async () => {
    const memory = createMemoryStore();
    await expect(
      createKnowledgeBases({ folder, embeddingModel: OLD, store: memory }),
    ).rejects.toMatchObject({ code: 'ERR_RAG_STORE_LOCKED', isRetryable: true });
    await bases.close();
    bases = await createKnowledgeBases({ folder, embeddingModel: OLD, store: memory });
  });
});
