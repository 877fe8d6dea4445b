import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createSeededRandom, type VectorIndex, type VectorRecord } from '@espalier/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../memory/create-memory-store.js';
import { createLanceDbStore, type LanceDbStoreOptions } from './create-lance-db-store.js';

let uri = '';
beforeEach(() => (uri = mkdtempSync(join(tmpdir(), 'lance-'))));
afterEach(() => {
  rmSync(uri, { recursive: true, force: true });
});

const withIndex = async <T>(
  work: (index: VectorIndex) => Promise<T>,
  wanted = { name: 'crash', dimension: 4, embedding: 'e' },
  options: Omit<LanceDbStoreOptions, 'uri'> = {},
): Promise<T> => {
  const store = createLanceDbStore({ uri, ...options });
  try {
    return await work(await store.openIndex(wanted));
  } finally {
    await store.close();
  }
};
const record = (id: string, text = 't'): VectorRecord => ({
  id,
  vector: Float32Array.of(1, 2, 3, 4),
  text,
  metadata: {},
});

describe('A LanceDB folder', () => {
  it(
    'has every acknowledged write whole and each key once after kill −9',
    { timeout: 120_000 },
    async () => {
      const loader = join(import.meta.dirname, '../__fixtures__/run-typescript.mjs');
      const writer = join(import.meta.dirname, '__fixtures__/write-until-killed.ts');
      // The last one is killed after a compaction, too.
      for (const rounds of [2, 40]) {
        const child = spawn(
          process.execPath,
          ['--conditions=@espalier/source', '--import', loader, writer, uri],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        let acknowledged = -1;
        for await (const line of createInterface({ input: child.stdout })) {
          acknowledged = Number(line.split(' ')[1]);
          if (acknowledged >= rounds) child.kill('SIGKILL');
        }
        await withIndex(async (index) => {
          const ids: string[] = [];
          for await (const page of index.scroll({})) ids.push(...page.map(({ id }) => id));
          expect(new Set(ids).size).toBe(ids.length);
          const added = ids.filter((id) => id.startsWith('new ')).length;
          expect([acknowledged + 1, acknowledged + 2]).toContain(added);
          const kept = await index.get({ ids: Array.from({ length: 10 }, (_, n) => `kept ${n}`) });
          expect(kept.map(({ metadata }) => metadata['round'])).toEqual(
            Array.from({ length: 10 }, () => added - 1),
          );
          expect(await index.health()).toMatchObject({ isHealthy: true, problems: [] });
          await index.upsert({ records: [record('afterwards')] });
          await index.delete({ filter: { op: 'and', filters: [] } });
        });
      }
    },
  );

  it('fails with a typed error once it was deleted, and can be opened anew', async () => {
    const store = createLanceDbStore({ uri });
    const index = await store.openIndex({ name: 'crash', dimension: 4, embedding: 'e' });
    await index.upsert({ records: [record('a')] });
    rmSync(uri, { recursive: true });
    const expected = { code: 'ERR_RAG_STORE_FAILED', isRetryable: true };
    await expect(index.upsert({ records: [record('b')] })).rejects.toMatchObject(expected);
    await expect(index.get({ ids: ['a'] })).rejects.toMatchObject(expected);
    await store.close();
    expect(await withIndex((again) => again.count())).toBe(0);
  });

  it('fails with a typed error where the disk is full, and keeps what was there', async (context) => {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', uri]);
    if (mounted.status !== 0) context.skip('A small disk can only be mounted by the superuser.');
    try {
      await withIndex(async (index) => {
        await index.upsert({ records: [record('a')] });
        // Bytes that do not compress, drawn with a seed.
        const random = createSeededRandom(3);
        const text = (): string =>
          Array.from({ length: 12_000 }, () =>
            Math.floor(random.next() * 2 ** 32).toString(36),
          ).join('');
        const large = Array.from({ length: 30 }, (_, n) => record(`r${n}`, text()));
        await expect(index.upsert({ records: large })).rejects.toMatchObject({
          code: 'ERR_RAG_STORE_FAILED',
          isRetryable: true,
        });
        expect(await index.count()).toBe(1);
      });
      expect((await withIndex((index) => index.get({ ids: ['a'] })))[0]?.text).toBe('t');
    } finally {
      spawnSync('umount', [uri]);
    }
  });

  it('builds an IVF_RQ index, finds again what flat search does, and says how well', async () => {
    const random = createSeededRandom(11);
    const draw = (near?: Float32Array): Float32Array =>
      Float32Array.from({ length: 64 }, (_, at) => (near?.[at] ?? 0) + random.next() - 0.5);
    const centres = Array.from({ length: 40 }, () => draw());
    const records = Array.from({ length: 2000 }, (_, n) => ({
      ...record(`r${n}`),
      vector: draw(centres[n % centres.length]),
    }));
    const wanted = { name: 'large', dimension: 64, embedding: 'e' };
    const flat = await createMemoryStore().openIndex(wanted);
    await flat.upsert({ records });
    await withIndex(
      async (index) => {
        await index.upsert({ records });
        expect(await index.health()).toMatchObject({ search: 'exact' });
        await index.optimize();
        const health = await index.health();
        expect(health).toMatchObject({ isHealthy: true, search: 'approximate', records: 2000 });
        expect(health.recall).toBeGreaterThanOrEqual(0.95);
        let hits = 0;
        for (const centre of centres) {
          const query = { vector: draw(centre), topK: 10 };
          const found = new Set((await index.query(query)).map(({ id }) => id));
          hits += (await flat.query(query)).filter(({ id }) => found.has(id)).length;
        }
        expect(hits / (centres.length * 10)).toBeGreaterThanOrEqual(0.9);
      },
      wanted,
      { indexFrom: 1000 },
    );
  });

  it.each([
    ['no index reaches the recall that is asked for', 8],
    ['the dimension is one that an IVF_RQ index does not take', 6],
  ])('searches flat where %s', async (_, dimension) => {
    const random = createSeededRandom(12);
    const records = Array.from({ length: 600 }, (__, n) => ({
      ...record(`r${n}`),
      vector: Float32Array.from({ length: dimension }, () => random.next() - 0.5),
    }));
    await withIndex(
      async (index) => {
        await index.upsert({ records });
        await index.optimize();
        expect(await index.health()).toMatchObject({ search: 'exact', records: 600 });
      },
      { name: 'flat', dimension, embedding: 'e' },
      { indexFrom: 300, targetRecall: 1.1 },
    );
  });

  it('is read and written with one copy of Arrow', async () => {
    await withIndex((index) => index.upsert({ records: [record('a')] }));
    const { cache, resolve } = createRequire(import.meta.url);
    const entry = /[\\/]apache-arrow[\\/]Arrow\.(node\.)?(js|cjs|mjs)$/u;
    const copies = new Set(
      Object.keys(cache)
        .filter((file) => entry.test(file))
        .map(dirname),
    );
    expect([...copies]).toEqual([dirname(resolve('apache-arrow'))]);
  });
});
