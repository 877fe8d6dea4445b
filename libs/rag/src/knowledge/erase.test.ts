import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VectorStore } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFolder } from '../__fixtures__/read-folder.js';
import { textSource } from '../__fixtures__/text-source.js';
import { hashText } from '../embedding/hash-text.js';
import { createLanceDbStore } from '../lancedb/create-lance-db-store.js';
import { createMemoryStore } from '../memory/create-memory-store.js';
import { createSimdStore } from '../simd/create-simd-store.js';
import { createKnowledgeBases } from './create-knowledge-bases.js';
import type { KnowledgeBase, KnowledgeBases } from './knowledge-base.js';

const CANARY = 'xylophone-quartz-4711';
const SECRET = `# Secret\n\nThe code word is ${CANARY}, and nobody else says so.`;
const STORES: readonly [string, (folder: string) => VectorStore][] = [
  ['memory', () => createMemoryStore()],
  ['simd', (folder) => createSimdStore({ folder: join(folder, 'vectors') })],
  ['lancedb', (folder) => createLanceDbStore({ uri: join(folder, 'vectors') })],
];

describe.each(STORES)('Erasing over the %s store', { timeout: 60_000 }, (_, createStore) => {
  const model = createMockEmbeddingModel({ dimension: 16 });
  let folder: string;
  let store: VectorStore;
  let bases: KnowledgeBases;
  let base: KnowledgeBase;
  let vectorBytes: Buffer;

  /** What is left on disk of the secret document: its text, the hash of its words, its vector. */
  const traces = (): Record<string, boolean> => {
    const bytes = readFolder(folder);
    return {
      text: bytes.includes(CANARY),
      hash: bytes.includes(hashText(SECRET)),
      vector: bytes.includes(vectorBytes),
    };
  };
  const none = { text: false, hash: false, vector: false };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'erase-'));
    store = createStore(folder);
    bases = await createKnowledgeBases({
      folder,
      embeddingModel: model,
      store,
      embedding: { cache: true },
    });
    base = await bases.create({ name: 'docs' });
    const others = Array.from({ length: 60 }, (_, n) =>
      textSource(`other/${n}.md`, `# Other ${n}\n\n${`word${n} `.repeat(20 + ((n * 13) % 90))}`),
    );
    await base.ingest({ sources: others.slice(0, 30) });
    await base.ingest({ sources: [textSource('secret.md', SECRET)] });
    await base.ingest({ sources: others.slice(30) });
    const [vector] = (await model.doEmbed({ texts: [SECRET] })).embeddings;
    vectorBytes = Buffer.from(vector?.buffer ?? new ArrayBuffer(8));
    expect(traces().text).toBe(true);
    expect(traces().vector).toBe(true);
  });
  afterEach(async () => {
    await bases.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('leaves no byte of the text, its hash and its vector in any file, and says what it did', async () => {
    const report = await base.erase({ ids: ['secret.md', 'never-there.md'] });
    expect(traces()).toEqual(none);
    expect(report).toMatchObject({
      knowledgeBase: 'docs',
      documentIds: ['secret.md'],
      documents: 1,
      chunks: 1,
      isComplete: true,
      places: [
        { place: 'catalogue', removed: 2, isPurged: true },
        { place: 'vectors', removed: 1, isPurged: true },
        { place: 'lexical-index', removed: 1, isPurged: true },
        { place: 'embedding-cache', removed: 1, isPurged: true },
      ],
    });
    expect(JSON.stringify(report)).not.toContain(CANARY);
    const { passages } = await base.search({ query: CANARY, topK: 100 });
    expect(passages.map(({ source }) => source)).not.toContain('secret.md');
    expect(await base.stats()).toEqual({ documents: 60, chunks: 60, vectors: 60 });
    expect((await base.health()).findings).toEqual([]);
  });

  it('holds for a removed document, a pruned one and a dropped knowledge base', async () => {
    expect(await base.removeDocument({ id: 'secret.md' })).toBe(true);
    expect(traces()).toEqual(none);

    await base.ingest({ sources: [textSource('secret.md', SECRET)] });
    expect(traces().text).toBe(true);
    expect(await base.ingest({ sources: [], prune: { prefix: 'secret' } })).toMatchObject({
      removed: 1,
    });
    expect(traces()).toEqual(none);

    await base.ingest({ sources: [textSource('secret.md', SECRET)] });
    await bases.drop('docs');
    expect(traces()).toEqual(none);
  });

  it('holds after a purge for what an update replaced', async () => {
    await base.ingest({
      sources: [textSource('secret.md', '# Secret\n\nIt was moved elsewhere.')],
    });
    expect((await base.health()).findings).toMatchObject([
      { kind: 'purge-due', severity: 'notice' },
    ]);
    expect(await bases.purge()).toBe(true);
    expect(traces()).toEqual(none);
    expect(await bases.purge()).toBe(false);
    expect((await base.health()).findings).toEqual([]);
  });
});
