import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentLoader, VectorStore } from '@espalier/core';
import { createMockEmbeddingModel, type MockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../memory/create-memory-store.js';
import { createKnowledgeBases } from './create-knowledge-bases.js';
import type {
  HashedSource,
  IngestProgress,
  IngestSource,
  KnowledgeBase,
  KnowledgeBases,
} from './knowledge-base.js';

const source = (name: string, text: string, extra: Partial<IngestSource> = {}): IngestSource => ({
  source: name,
  bytes: new TextEncoder().encode(text),
  ...extra,
});

const PAGES = [
  source('keys.md', '# Keys\n\nRotate an access key every ninety days.\n', {
    metadata: { team: 'security', age: 3 },
  }),
  source('garden.md', '# Garden\n\nTomatoes need sun and much water.\n', {
    metadata: { team: 'outdoors', age: 9 },
  }),
  source('salary.md', '# Salaries\n\nThe director earns a secret amount.\n', {
    principals: ['board', 'hr'],
  }),
];

describe('A knowledge base', () => {
  let folder: string;
  let embeddingModel: MockEmbeddingModel;
  let store: VectorStore;
  let bases: KnowledgeBases;
  let base: KnowledgeBase;

  const open = async (): Promise<void> => {
    bases = await createKnowledgeBases({ folder, embeddingModel, store });
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rag-'));
    embeddingModel = createMockEmbeddingModel();
    store = createMemoryStore();
    await open();
    base = await bases.create({ name: 'docs', description: 'All of it' });
  });
  afterEach(async () => {
    await bases.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const embedded = (): string[] =>
    embeddingModel.calls
      .filter(({ purpose }) => purpose === 'document')
      .flatMap(({ texts }) => texts);
  const sourcesOf = async (options: Parameters<KnowledgeBase['search']>[0]): Promise<string[]> =>
    (await base.search(options)).passages.map((passage) => passage.source);

  describe('when it ingests', () => {
    it('adds what is new and reports it', async () => {
      const report = await base.ingest({ sources: PAGES });
      expect(report).toMatchObject({
        added: 3,
        updated: 0,
        unchanged: 0,
        removed: 0,
        failed: [],
        chunks: 3,
      });
      expect(await base.stats()).toEqual({ documents: 3, chunks: 3, vectors: 3 });
    });

    it('spends no call of the model on what did not change', async () => {
      await base.ingest({ sources: PAGES });
      const calls = embeddingModel.calls.length;
      expect(await base.ingest({ sources: PAGES })).toMatchObject({
        added: 0,
        updated: 0,
        unchanged: 3,
        chunks: 0,
      });
      expect(embeddingModel.calls.length).toBe(calls);
    });

    it('spends none after it was opened anew, either', async () => {
      await base.ingest({ sources: PAGES });
      await bases.close();
      await open();
      base = await bases.get('docs');
      const calls = embeddingModel.calls.length;
      expect(await base.ingest({ sources: PAGES })).toMatchObject({ unchanged: 3 });
      expect(embeddingModel.calls.length).toBe(calls);
    });

    it('tells by hashes and versions alone what it needs', async () => {
      const sha256 = (one: IngestSource): string =>
        createHash('sha256')
          .update(one.bytes as Uint8Array)
          .digest('hex');
      const hashed = PAGES.map(({ bytes: _, ...page }, n) => ({
        ...page,
        sha256: sha256(PAGES[n] as IngestSource),
      }));
      expect(await base.findChanged(hashed)).toEqual(PAGES.map((page) => page.source));
      await base.ingest({ sources: PAGES });
      expect(await base.findChanged(hashed)).toEqual([]);
      const [keys, garden, salary] = hashed as [HashedSource, HashedSource, HashedSource];
      expect(
        await base.findChanged([
          { ...keys, sha256: '0'.repeat(64) },
          { ...garden, metadata: { team: 'indoors', age: 9 } },
          { ...salary, principals: ['hr', 'board', 'hr'] },
        ]),
      ).toEqual(['keys.md', 'garden.md']);

      let reads = 0;
      const listed = (version: string): IngestSource[] =>
        PAGES.map((page) => ({
          ...page,
          version,
          bytes: () => {
            reads += 1;
            return Promise.resolve(page.bytes as Uint8Array);
          },
        }));
      expect(await base.ingest({ sources: listed('1') })).toMatchObject({ unchanged: 3 });
      expect(await base.ingest({ sources: listed('1') })).toMatchObject({ unchanged: 3 });
      expect(reads).toBe(3);
      await bases.close();
      await open();
      base = await bases.get('docs');
      expect(await base.ingest({ sources: listed('1') })).toMatchObject({ unchanged: 3 });
      expect(reads).toBe(3);
      expect(await base.ingest({ sources: listed('2') })).toMatchObject({ unchanged: 3 });
      expect(reads).toBe(6);
    });

    it('embeds of a changed document only the chunks with new words', async () => {
      const part = (word: string): string => `# ${word}\n\n${`${word} `.repeat(150)}\n\n`;
      await base.ingest({ sources: [source('long.md', part('alpha') + part('beta'))] });
      const before = embedded().length;
      const report = await base.ingest({
        sources: [source('long.md', part('alpha') + part('gamma') + part('beta'))],
      });
      expect(report).toMatchObject({ updated: 1, chunks: 3 });
      expect(embedded().slice(before)).toEqual([part('gamma').trim()]);
      expect(await base.stats()).toEqual({ documents: 1, chunks: 3, vectors: 3 });
    });

    it('updates a document whose readers or metadata changed, without embedding it again', async () => {
      await base.ingest({ sources: PAGES });
      const before = embedded().length;
      const [keys] = PAGES as [IngestSource];
      expect(await base.ingest({ sources: [{ ...keys, principals: ['ops'] }] })).toMatchObject({
        updated: 1,
      });
      expect(embedded().length).toBe(before);
      expect(await sourcesOf({ query: 'rotate access key', principals: [] })).not.toContain(
        'keys.md',
      );
    });

    it('removes with prune what is gone, below a prefix or everywhere', async () => {
      await base.ingest({
        sources: [source('a/1.md', 'one'), source('a/2.md', 'two'), source('b/3.md', 'three')],
      });
      expect(
        await base.ingest({ sources: [source('a/1.md', 'one')], prune: { prefix: 'a/' } }),
      ).toMatchObject({ removed: 1 });
      expect(await base.ingest({ sources: [source('a/1.md', 'one')], prune: true })).toMatchObject({
        removed: 1,
      });
      expect(await base.stats()).toEqual({ documents: 1, chunks: 1, vectors: 1 });
      expect(await sourcesOf({ query: 'two three' })).toEqual(['a/1.md']);
    });

    it('reports what it cannot read, goes on, and leaves what was stored for it', async () => {
      await base.ingest({ sources: [source('good.md', 'good words')] });
      const report = await base.ingest({
        prune: true,
        sources: [
          source('empty.md', '  \n'),
          { source: 'good.md', bytes: Uint8Array.of(0x61, 0xff, 0xfe) },
          source('image.png', 'not really'),
          { source: 'binary.txt', bytes: Uint8Array.of(1, 0, 2) },
          source('../escape.md', 'x'),
          source('typed.md', 'x', { mediaType: 'application/pdf' }),
          source('fine.md', 'fine words'),
        ],
      });
      expect(report).toMatchObject({ added: 1, removed: 0 });
      expect(report.failed.map((failure) => [failure.source, failure.error.code])).toEqual([
        ['empty.md', 'ERR_RAG_DOCUMENT_EMPTY'],
        ['good.md', 'ERR_RAG_DOCUMENT_ENCODING'],
        ['image.png', 'ERR_RAG_MEDIA_TYPE_UNSUPPORTED'],
        ['binary.txt', 'ERR_RAG_MEDIA_TYPE_UNSUPPORTED'],
        ['../escape.md', 'ERR_RAG_DOCUMENT_NAME'],
        ['typed.md', 'ERR_RAG_MEDIA_TYPE_UNSUPPORTED'],
      ]);
      expect((await base.getDocument({ id: 'good.md' })).text).toBe('good words');
    });

    it('lets the last of two sources of one name count', async () => {
      const report = await base.ingest({
        sources: [source('same.md', 'first'), source('./same.md', 'second')],
      });
      expect(report).toMatchObject({ added: 1, updated: 1 });
      expect((await base.getDocument({ id: 'same.md' })).text).toBe('second');
    });

    it('tells how far it is', async () => {
      const events: IngestProgress[] = [];
      await base.ingest({
        sources: PAGES,
        prune: true,
        onProgress: (progress) => events.push(progress),
      });
      expect(events.map(({ seen }) => seen)).toEqual(
        [...events.map(({ seen }) => seen)].sort((a, b) => a - b),
      );
      expect(events.at(-1)).toMatchObject({
        phase: 'finished',
        seen: 3,
        added: 3,
        chunks: 3,
        failed: 0,
      });
    });

    it('keeps what it has stored when the caller aborts, and finishes when run again', async () => {
      const controller = new AbortController();
      const many = Array.from({ length: 100 }, (_, n) => source(`${n}.md`, `page number${n}`));
      const running = base.ingest({
        sources: many,
        abortSignal: controller.signal,
        onProgress: ({ added }) => {
          if (added > 0) controller.abort(new DOMException('Enough.', 'AbortError'));
        },
      });
      await expect(running).rejects.toThrow('Enough.');
      const { documents, vectors } = await base.stats();
      expect(documents).toBe(64);
      expect(vectors).toBe(64);
      expect(await base.ingest({ sources: many })).toMatchObject({ added: 36, unchanged: 64 });
    });

    it('runs two ingests at the same time one after the other', async () => {
      const reports = await Promise.all([
        base.ingest({ sources: PAGES }),
        base.ingest({ sources: PAGES }),
      ]);
      expect(reports.map(({ added, unchanged }) => [added, unchanged])).toEqual([
        [3, 0],
        [0, 3],
      ]);
    });

    it('stores half a character as the replacement character, wherever it comes from', async () => {
      await bases.close();
      const text = '# Half \ud800\n\nand \udc00 words\n';
      const loader: DocumentLoader = {
        specificationVersion: 'v1',
        name: 'broken',
        accepts: () => true,
        load: ({ name }) =>
          Promise.resolve({
            id: name,
            source: name,
            title: 'T\ud800',
            mediaType: 'text/plain',
            text,
          }),
      };
      bases = await createKnowledgeBases({ folder, embeddingModel, store, loaders: [loader] });
      base = await bases.get('docs');
      await base.ingest({
        sources: [source('half.txt', 'x', { metadata: { 'k\ud800': ['v\ud800'] } })],
      });
      const stored = await base.getDocument({ id: 'half.txt' });
      expect(stored).toMatchObject({
        text: text.toWellFormed(),
        title: 'T\ufffd',
        metadata: { 'k\ufffd': ['v\ufffd'] },
      });
      expect((await base.search({ query: 'half \ud800 words' })).passages).toHaveLength(1);
    });
  });

  describe('when it is searched', () => {
    beforeEach(async () => {
      await base.ingest({ sources: PAGES });
    });

    it('finds the passage with its place and the scores of both legs', async () => {
      const { passages, hasEvidence } = await base.search({
        query: 'How often must I rotate access keys?',
        topK: 1,
      });
      const { text } = await base.getDocument({ id: 'keys.md' });
      const [passage] = passages;
      expect(passage).toMatchObject({
        documentId: 'keys.md',
        knowledgeBase: 'docs',
        source: 'keys.md',
        title: 'Keys',
        headingPath: ['Keys'],
        lines: { start: 1, end: 3 },
        metadata: { team: 'security', age: 3 },
      });
      expect(passage?.text).toBe(text.slice(passage?.span.start, passage?.span.end));
      expect(Object.keys(passage?.scores ?? {})).toEqual(['bm25', 'vector']);
      expect(hasEvidence).toBe(true);
    });

    it('says when nothing in it answers', async () => {
      expect((await base.search({ query: 'quantum chromodynamics lattice' })).hasEvidence).toBe(
        false,
      );
      expect(await base.search({ query: '   ' })).toMatchObject({
        passages: [],
        hasEvidence: false,
      });
    });

    it('gives the documents of others to nobody, whatever is asked', async () => {
      const query = 'secret amount the director earns';
      expect(await sourcesOf({ query })).toContain('salary.md');
      expect(await sourcesOf({ query, principals: ['hr'] })).toContain('salary.md');
      for (const principals of [[], ['staff'], ['HR'], ["hr' OR 1=1"]]) {
        expect(await sourcesOf({ query, principals })).not.toContain('salary.md');
      }
      await expect(
        base.getDocument({ id: 'salary.md', principals: ['staff'] }),
      ).rejects.toMatchObject({
        code: 'ERR_RAG_DOCUMENT_UNKNOWN',
      });
      expect((await base.listDocuments({ principals: [] })).data.map(({ id }) => id)).toEqual([
        'garden.md',
        'keys.md',
      ]);
    });

    it('gives a document for which nobody is named to nobody', async () => {
      await base.ingest({
        sources: [source('sealed.md', 'sealed secret letter', { principals: [] })],
      });
      expect(await sourcesOf({ query: 'sealed letter', principals: ['hr'] })).not.toContain(
        'sealed.md',
      );
    });

    it('filters by metadata and by what it knows itself', async () => {
      const query = 'key sun secret';
      expect(
        await sourcesOf({ query, filter: { field: 'team', op: 'eq', value: 'outdoors' } }),
      ).toEqual(['garden.md']);
      expect(await sourcesOf({ query, filter: { field: 'age', op: 'lt', value: 5 } })).toEqual([
        'keys.md',
      ]);
      expect(
        await sourcesOf({ query, filter: { field: 'source', op: 'in', values: ['keys.md'] } }),
      ).toEqual(['keys.md']);
      expect(
        await sourcesOf({ query, filter: { field: 'team', op: 'exists', value: false } }),
      ).toEqual(['salary.md']);
    });

    it("refuses a filter over a field that nobody may read has, the store's own among them", async () => {
      const refused = async (options: Parameters<KnowledgeBase['search']>[0]): Promise<unknown> =>
        base.search(options).catch((error: unknown) => error);
      const query = 'key';
      const owner = { field: 'owner', op: 'eq', value: 'x' } as const;
      for (const field of ['access', 'teem', 'metadata']) {
        expect(
          await refused({ query, filter: { op: 'not', filter: { ...owner, field } } }),
        ).toMatchObject({
          code: 'ERR_RAG_FILTER_FIELD_INVALID',
          message: expect.stringContaining('age, documentId, mediaType, source, team') as string,
        });
      }
      await base.ingest({
        sources: [source('own.md', 'key', { metadata: { owner: 'x' }, principals: ['board'] })],
      });
      expect(await refused({ query, filter: owner, principals: ['staff'] })).toMatchObject({
        code: 'ERR_RAG_FILTER_FIELD_INVALID',
        message: expect.not.stringContaining('owner,') as string,
      });
      expect(await sourcesOf({ query, filter: owner, principals: ['board'] })).toEqual(['own.md']);
    });

    it('forgets a document that was removed', async () => {
      expect(await base.removeDocument({ id: 'garden.md' })).toBe(true);
      expect(await base.removeDocument({ id: 'garden.md' })).toBe(false);
      expect(await sourcesOf({ query: 'tomatoes water' })).not.toContain('garden.md');
      expect(await base.stats()).toEqual({ documents: 2, chunks: 2, vectors: 2 });
    });

    it('lists documents page by page', async () => {
      const first = await base.listDocuments({ limit: 2 });
      expect(first.data.map(({ id }) => id)).toEqual(['garden.md', 'keys.md']);
      const second = await base.listDocuments({ limit: 2, cursor: first.nextCursor ?? '' });
      expect(second.data.map(({ id }) => id)).toEqual(['salary.md']);
      expect(second.nextCursor).toBeNull();
      expect(second.data[0]).toMatchObject({
        principals: ['board', 'hr'],
        chunkCount: 1,
        mediaType: 'text/markdown',
      });
    });

    it('passes an abort on as it is', async () => {
      const reason = new DOMException('Enough.', 'AbortError');
      await expect(
        base.search({ query: 'x', abortSignal: AbortSignal.abort(reason) }),
      ).rejects.toBe(reason);
    });
  });

  describe('over its life', () => {
    it('is filled again from its catalogue where the store has lost it', async () => {
      await base.ingest({ sources: PAGES });
      await bases.close();
      store = createMemoryStore();
      await open();
      base = await bases.get('docs');
      expect(await base.stats()).toEqual({ documents: 3, chunks: 3, vectors: 3 });
      expect((await sourcesOf({ query: 'tomatoes sun', topK: 1 }))[0]).toBe('garden.md');
    });

    it('is refused with another embedding model, with a word on how to re-index', async () => {
      await bases.close();
      embeddingModel = createMockEmbeddingModel({ dimension: 32 });
      await open();
      await expect(bases.get('docs')).rejects.toMatchObject({
        code: 'ERR_RAG_INDEX_MISMATCH',
        message: expect.stringContaining('re-index') as string,
      });
    });

    it('has a name of its own, is listed, and is gone when dropped', async () => {
      await expect(bases.create({ name: 'docs' })).rejects.toMatchObject({
        code: 'ERR_RAG_KNOWLEDGE_BASE_EXISTS',
      });
      for (const name of ['', '../x', 'UPPER', 'a'.repeat(65), 'nul\0']) {
        await expect(bases.create({ name })).rejects.toMatchObject({
          code: 'ERR_RAG_KNOWLEDGE_BASE_NAME',
        });
      }
      expect(await bases.list()).toMatchObject([
        { name: 'docs', description: 'All of it', dimension: 64 },
      ]);
      await base.ingest({ sources: PAGES });
      await bases.drop('docs');
      await expect(bases.get('docs')).rejects.toMatchObject({
        code: 'ERR_RAG_KNOWLEDGE_BASE_UNKNOWN',
      });
      base = await bases.create({ name: 'docs' });
      expect(await base.stats()).toEqual({ documents: 0, chunks: 0, vectors: 0 });
    });

    it('refuses calls after it was closed', async () => {
      await bases.close();
      await expect(base.search({ query: 'x' })).rejects.toMatchObject({
        code: 'ERR_RAG_STORE_CLOSED',
      });
      await expect(base.ingest({ sources: PAGES })).rejects.toMatchObject({
        code: 'ERR_RAG_STORE_CLOSED',
      });
    });
  });
});
