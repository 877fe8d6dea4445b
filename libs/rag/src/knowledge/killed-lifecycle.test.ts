import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockEmbeddingModel } from '@espalier/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readFolder } from '../__fixtures__/read-folder.js';
import { runChild } from '../__fixtures__/run-child.js';
import { textSource } from '../__fixtures__/text-source.js';
import { createSimdStore } from '../simd/create-simd-store.js';
import { createKnowledgeBases } from './create-knowledge-bases.js';
import type { KnowledgeBases } from './knowledge-base.js';

const CANARY = 'obelisk-nectarine-3301';
const SOURCES = [
  textSource('secret.md', `# Secret\n\nThe code word is ${CANARY}.`),
  ...Array.from({ length: 70 }, (_, n) => textSource(`page-${n}.md`, `Page ${n} of term${n}.`)),
];
/** Moments before and after each write of the store in the work of the program. */
const MOMENTS = { erase: 4, reindex: 6, migrate: 2 } as const;
const cases = Object.entries(MOMENTS).flatMap(([work, count]) =>
  Array.from({ length: count }, (_, n): [keyof typeof MOMENTS, number] => [
    work as keyof typeof MOMENTS,
    n + 1,
  ]),
);

describe('Work on a knowledge base that was killed', { timeout: 60_000 }, () => {
  let original: string;
  let folder: string;

  const open = async (options: { dimension?: number; vectors?: string } = {}) => {
    const store = createSimdStore({ folder: join(folder, options.vectors ?? 'vectors') });
    const bases = await createKnowledgeBases({
      folder,
      embeddingModel: createMockEmbeddingModel({ dimension: options.dimension ?? 16 }),
      store,
    });
    const close = async (): Promise<void> => {
      await bases.close();
      await store.close();
    };
    return { bases, store, close };
  };
  const assertWhole = async (bases: KnowledgeBases, documents: number): Promise<void> => {
    const base = await bases.get('docs');
    const { findings } = await base.health();
    expect(findings.filter(({ severity }) => severity === 'problem')).toEqual([]);
    expect(await base.stats()).toEqual({ documents, chunks: documents, vectors: documents });
    const { passages } = await base.search({ query: 'term42', topK: 1 });
    expect(passages[0]?.source).toBe('page-42.md');
  };

  beforeAll(async () => {
    original = mkdtempSync(join(tmpdir(), 'whole-'));
    folder = original;
    const { bases, close } = await open();
    await (await bases.create({ name: 'docs' })).ingest({ sources: SOURCES });
    await close();
  });
  afterAll(() => {
    rmSync(original, { recursive: true, force: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'killed-'));
    cpSync(original, folder, { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.entries(MOMENTS))('%s has %i moments', async (work, moments) => {
    expect(await runChild('die-in-lifecycle.ts', [folder, work, '0'])).toEqual({
      signal: null,
      output: `moments ${moments}\n`,
    });
  });

  it.each(cases)('%s at moment %i ends, run again, as if it had run once', async (work, moment) => {
    const ending = await runChild('die-in-lifecycle.ts', [folder, work, String(moment)]);
    expect(ending).toMatchObject({ signal: 'SIGKILL' });
    if (work === 'erase') {
      const { bases, close } = await open();
      const base = await bases.get('docs');
      await base.erase({ ids: ['secret.md'] });
      await bases.purge();
      expect(readFolder(folder).includes(CANARY)).toBe(false);
      await assertWhole(bases, SOURCES.length - 1);
      await close();
    }
    if (work === 'reindex') {
      const { bases, store, close } = await open({ dimension: 24 });
      const [listed] = await bases.list();
      if (listed?.needsReindex === true) await bases.reindex({ name: 'docs' });
      await assertWhole(bases, SOURCES.length);
      await bases.create({ name: 'next' });
      expect(await store.listIndexes()).toHaveLength(2);
      await close();
    }
    if (work === 'migrate') {
      const { bases, close } = await open({ vectors: 'moved' });
      const from = createSimdStore({ folder: join(folder, 'vectors') });
      await bases.migrate({ name: 'docs', from });
      await assertWhole(bases, SOURCES.length);
      await from.close();
      await close();
    }
  });
});
