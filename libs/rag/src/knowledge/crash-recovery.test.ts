import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VectorStore } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LATER } from '../__fixtures__/crash-corpus.js';
import { runChild } from '../__fixtures__/run-child.js';
import { createLanceDbStore } from '../lancedb/create-lance-db-store.js';
import { createKnowledgeBases } from './create-knowledge-bases.js';
import type { KnowledgeBase, KnowledgeBases } from './knowledge-base.js';

/** Moments before and after each write of the store in the two ingests of the program. */
const MOMENTS = 8;

const runUntilKilled = (folder: string, moment: number) =>
  runChild('die-in-ingest.ts', [folder, String(moment)]);

describe('An ingest that was killed', { timeout: 60_000 }, () => {
  let folder: string;
  let store: VectorStore;
  let bases: KnowledgeBases;

  const open = async (): Promise<void> => {
    store = createLanceDbStore({ uri: join(folder, 'vectors') });
    bases = await createKnowledgeBases({
      folder,
      embeddingModel: createMockEmbeddingModel(),
      store,
    });
  };
  const close = async (): Promise<void> => {
    await bases.close();
    await store.close();
  };
  const vectorIds = async (): Promise<string[]> => {
    const { dimension, provider, modelId } = createMockEmbeddingModel();
    const index = await store.openIndex({
      name: 'docs',
      dimension,
      embedding: `${provider}/${modelId}`,
    });
    const ids: string[] = [];
    for await (const page of index.scroll({})) ids.push(...page.map(({ id }) => id));
    return ids;
  };
  const hits = async (base: KnowledgeBase): Promise<unknown> => {
    const { passages } = await base.search({ query: 'after word3 kept new', topK: 100 });
    return passages.map(({ id, source, span, text, scores }) => ({
      id,
      source,
      span,
      text,
      bm25: scores?.bm25,
    }));
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crash-'));
  });
  afterEach(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`has ${MOMENTS} moments at which it can be cut off from its store`, async () => {
    await open();
    expect(await runUntilKilled(join(folder, 'child'), 0)).toEqual({
      signal: null,
      output: `moments ${MOMENTS}\n`,
    });
  });

  it.each(Array.from({ length: MOMENTS }, (_, n) => n + 1))(
    'at moment %i ends, run again, as if it had run once',
    async (moment) => {
      expect(await runUntilKilled(folder, moment)).toMatchObject({ signal: 'SIGKILL' });
      await open();
      const base = await bases.get('docs');
      // Nothing is there twice or half, even before the ingest is run again.
      const { chunks, vectors } = await base.stats();
      expect(vectors).toBe(chunks);
      await base.ingest({ sources: LATER, prune: true });

      const found = await hits(base);
      const ids = await vectorIds();
      const documents = (await base.listDocuments()).data.map(({ id }) => id);
      expect(documents).toEqual(['changed.md', 'kept.md', 'new.md']);
      expect(await base.ingest({ sources: LATER, prune: true })).toMatchObject({
        added: 0,
        updated: 0,
        removed: 0,
        unchanged: 3,
        chunks: 0,
      });
      const clean = await bases.create({ name: 'clean' });
      await clean.ingest({ sources: LATER });
      expect(found).toEqual(await hits(clean));
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBe((await clean.stats()).chunks);
    },
  );
});
