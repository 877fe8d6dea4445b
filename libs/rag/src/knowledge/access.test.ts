import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSeededRandom, type Filter, type VectorStore } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textSource } from '../__fixtures__/text-source.js';
import { createMemoryStore } from '../memory/create-memory-store.js';
import { createSimdStore } from '../simd/create-simd-store.js';
import { createKnowledgeBases } from './create-knowledge-bases.js';
import type { IngestSource, KnowledgeBase, KnowledgeBases } from './knowledge-base.js';

const DOCUMENTS = 60;
const ROUNDS = 8;
const QUERIES_PER_ROUND = 50;
const GROUPS = ['a', 'b', 'c', 'd', 'e'];

/** A store that has forgotten how to filter, as a broken adapter would. */
function unfiltered(store: VectorStore): VectorStore {
  return {
    ...store,
    async openIndex(options) {
      const index = await store.openIndex(options);
      return { ...index, query: ({ filter: _, ...rest }) => index.query(rest) };
    },
  };
}

describe.each<[string, () => VectorStore]>([
  ['memory', () => createMemoryStore()],
  ['simd', () => createSimdStore()],
  ['memory that does not filter', () => unfiltered(createMemoryStore())],
])('Access over the store %s', (_, createStore) => {
  const random = createSeededRandom(7);
  const below = (n: number): number => Math.floor(random.next() * n);
  const someOf = (names: readonly string[]): string[] => names.filter(() => random.next() < 0.35);
  let folder: string;
  let bases: KnowledgeBases;
  let base: KnowledgeBase;
  const readers = new Map<string, readonly string[] | undefined>();

  const randomSource = (n: number): IngestSource => {
    const name = `d${n}.txt`;
    const kind = random.next();
    const principals = kind < 0.2 ? undefined : kind < 0.3 ? [] : someOf(GROUPS);
    readers.set(name, principals);
    return textSource(name, `common word w${n % 7} number n${n}`, {
      metadata: { group: n % 3 },
      ...(principals === undefined ? {} : { principals }),
    });
  };
  const mayRead = (name: string, asking: readonly string[] | undefined): boolean => {
    const allowed = readers.get(name);
    return (
      asking === undefined ||
      allowed === undefined ||
      allowed.some((group) => asking.includes(group))
    );
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'access-'));
    readers.clear();
    bases = await createKnowledgeBases({
      folder,
      embeddingModel: createMockEmbeddingModel({ dimension: 16 }),
      store: createStore(),
    });
    base = await bases.create({ name: 'docs' });
  });
  afterEach(async () => {
    await bases.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the passages of a document, each the text at its span, to those who may read it', async () => {
    const text = 'Only a may read this. Nobody else may.';
    await base.ingest({ sources: [textSource('own.txt', text, { principals: ['a'] })] });
    const passages = await base.passagesOf({ id: 'own.txt', principals: ['a'] });
    expect(passages.length).toBeGreaterThan(0);
    for (const { span, text: own } of passages) expect(text.slice(span.start, span.end)).toBe(own);
    const refused = base.passagesOf({ id: 'own.txt', principals: ['b'] });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_RAG_DOCUMENT_UNKNOWN' });
  });

  it('shows nobody a document of others, through rounds of changed readers, queries and filters', async () => {
    await base.ingest({
      sources: Array.from({ length: DOCUMENTS }, (_document, n) => randomSource(n)),
    });
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let query = 0; query < QUERIES_PER_ROUND; query += 1) {
        const principals = random.next() < 0.1 ? undefined : someOf([...GROUPS, 'stranger']);
        const filter: Filter | undefined =
          random.next() < 0.5 ? undefined : { field: 'group', op: 'ne', value: below(3) };
        const { passages } = await base.search({
          query: random.next() < 0.5 ? 'common word' : `number n${below(DOCUMENTS)}`,
          topK: DOCUMENTS,
          ...(principals === undefined ? {} : { principals }),
          ...(filter === undefined ? {} : { filter }),
        });
        const leaked = passages.filter(({ source }) => !mayRead(source, principals));
        expect(leaked.map(({ source }) => ({ source, principals }))).toEqual([]);
      }
      const listed = someOf(GROUPS);
      const { data } = await base.listDocuments({ principals: listed, limit: 500 });
      expect(data.map(({ id }) => id)).toEqual(
        [...readers.keys()].filter((name) => mayRead(name, listed)).sort(),
      );
      await base.ingest({
        sources: Array.from({ length: 6 }, () => randomSource(below(DOCUMENTS))),
      });
    }
  }, 60_000);

  it('hides nothing from who may read it', async () => {
    await base.ingest({
      sources: Array.from({ length: DOCUMENTS }, (_document, n) => randomSource(n)),
    });
    for (const asking of GROUPS) {
      const { passages } = await base.search({
        query: 'common word',
        topK: DOCUMENTS,
        principals: [asking],
      });
      expect(passages.map(({ source }) => source).sort()).toEqual(
        [...readers.keys()].filter((name) => mayRead(name, [asking])).sort(),
      );
    }
  });
});
