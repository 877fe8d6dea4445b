import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { VectorRecord } from '@espalier/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimdStore } from './create-simd-store.js';
import type { SimdIndex } from './simd-index.js';

const record = (id: string, vector: readonly number[], text = 't'): VectorRecord => ({
  id,
  vector: Float32Array.from(vector),
  text,
  metadata: {},
});
const wanted = { name: 'kept', dimension: 2, embedding: 'e' };
let folder = '';
const file = (): string => join(folder, 'kept.vectors');
const withIndex = async <T>(work: (index: SimdIndex) => Promise<T>, name = wanted): Promise<T> => {
  const store = createSimdStore({ folder });
  try {
    return await work(await store.openIndex(name));
  } finally {
    await store.close();
  }
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simd-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the file of an index', () => {
  it('drops a write that did not end, and keeps all before it', async () => {
    await withIndex((index) => index.upsert({ records: [record('a', [1, 0])] }));
    const committed = statSync(file()).size;
    const before = readFileSync(file());
    await withIndex((index) =>
      index.upsert({ records: [record('b', [0, 1]), record('a', [1, 1])] }),
    );
    const after = readFileSync(file());
    // The heads of before with any part of the bytes after: what a kill leaves between two steps.
    for (let length = committed; length <= after.length; length += 7) {
      writeFileSync(file(), Buffer.concat([before, after.subarray(committed, length)]));
      const found = await withIndex((index) => index.get({ ids: ['a', 'b'] }));
      expect(found.map(({ id, vector }) => [id, ...vector])).toEqual([['a', 1, 0]]);
    }
  });

  it('is refused when it is shorter than committed, wherever it is cut', async () => {
    await withIndex((index) =>
      index.upsert({ records: [record('a', [1, 0]), record('b', [0, 1])] }),
    );
    for (let length = statSync(file()).size - 1; length > 0; length = Math.floor(length * 0.7)) {
      truncateSync(file(), length);
      await expect(withIndex((index) => index.count())).rejects.toMatchObject({
        code: 'ERR_RAG_INDEX_CORRUPT',
      });
    }
  });

  it('is refused when any byte of its records is another', async () => {
    await withIndex((index) => index.upsert({ records: [record('a', [1, 0], 'some text')] }));
    const bytes = readFileSync(file());
    for (let at = 8192; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      writeFileSync(file(), damaged);
      await expect(withIndex((index) => index.count())).rejects.toMatchObject({
        code: 'ERR_RAG_INDEX_CORRUPT',
      });
    }
  });

  it('survives damage to one of its heads, and is refused without both', async () => {
    await withIndex((index) => index.upsert({ records: [record('a', [1, 0])] }));
    const bytes = readFileSync(file());
    bytes.fill(0, 0, 4096);
    writeFileSync(file(), bytes);
    expect(await withIndex((index) => index.count())).toBe(1);
    bytes.fill(0, 0, 8192);
    writeFileSync(file(), bytes);
    await expect(withIndex((index) => index.count())).rejects.toMatchObject({
      code: 'ERR_RAG_INDEX_CORRUPT',
    });
  });

  it('holds no byte of what was deleted or replaced', async () => {
    const records = [record('id-secret', [1, 0], 'text-secret'), record('b', [0, 1], 'old-secret')];
    await withIndex(async (index) => {
      await index.upsert({ records });
      expect(readFileSync(file(), 'latin1').match(/secret/gu)).toHaveLength(3);
      await index.delete({ ids: ['id-secret'] });
      await index.upsert({ records: [record('b', [0, 1], 'new')] });
    });
    expect(readFileSync(file(), 'latin1')).not.toContain('secret');
    expect(await withIndex((index) => index.get({ ids: ['id-secret', 'b'] }))).toMatchObject([
      { id: 'b', text: 'new' },
    ]);
  });

  it('wipes at the next opening what a crash left after the commit of a deletion', async () => {
    await withIndex((index) => index.upsert({ records: [record('a', [1, 0], 'text-secret')] }));
    const before = readFileSync(file());
    await withIndex((index) => index.delete({ ids: ['a'] }));
    const after = readFileSync(file());
    // Heads and erasure of after, the record of before.
    const start = 8192;
    const left = Buffer.concat([
      after.subarray(0, start),
      before.subarray(start),
      after.subarray(before.length),
    ]);
    writeFileSync(file(), left);
    expect(await withIndex((index) => index.count())).toBe(0);
    expect(readFileSync(file(), 'latin1')).not.toContain('secret');
  });

  it('is written anew, shorter, when most of it is erased', async () => {
    const text = 'x'.repeat(2000);
    const many = Array.from({ length: 1200 }, (_, n) => record(`r${n}`, [1, n], text));
    await withIndex(async (index) => {
      await index.upsert({ records: many });
      const full = statSync(file()).size;
      await index.delete({ ids: many.slice(200).map(({ id }) => id) });
      expect(statSync(file()).size).toBeLessThan(full / 2);
      expect((await index.get({ ids: ['r7'] }))[0]).toMatchObject({ id: 'r7', text });
      await index.upsert({ records: [record('late', [1, 1])] });
    });
    expect(await withIndex((index) => index.count())).toBe(201);
  });

  it('stays close to the size of its content over thousands of single upserts', async () => {
    const text = 'y'.repeat(500);
    await withIndex(async (index) => {
      await Promise.all(
        Array.from({ length: 2000 }, (_, n) =>
          index.upsert({ records: [record(`r${n}`, [1, n], text)] }),
        ),
      );
    });
    expect(statSync(file()).size).toBeLessThan(2000 * 510 * 1.2);
  });
});

describe('the folder of a store', () => {
  it('keeps what was there where the disk is full, and goes on when there is room', async (context) => {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    if (mounted.status !== 0) context.skip('A small disk can only be mounted by the superuser.');
    try {
      await withIndex(async (index) => {
        await index.upsert({ records: [record('a', [1, 0])] });
        const large = Array.from({ length: 30 }, (_, n) =>
          record(`r${n}`, [0, 1], 'x'.repeat(100_000)),
        );
        await expect(index.upsert({ records: large })).rejects.toMatchObject({
          code: 'ERR_RAG_STORE_FAILED',
        });
        expect(await index.count()).toBe(1);
        await index.upsert({ records: [record('b', [0, 1])] });
      });
      const found = await withIndex((index) => index.get({ ids: ['a', 'b', 'r0'] }));
      expect(found.map(({ id }) => id)).toEqual(['a', 'b']);
    } finally {
      spawnSync('umount', [folder]);
    }
  });

  it('is refused to a second store until the first is closed', async () => {
    const first = createSimdStore({ folder });
    await first.openIndex(wanted);
    const second = createSimdStore({ folder });
    await expect(second.openIndex(wanted)).rejects.toMatchObject({ code: 'ERR_RAG_STORE_LOCKED' });
    await first.close();
    expect(await (await second.openIndex(wanted)).count()).toBe(0);
    await second.close();
  });

  it(
    'has a whole batch or none of it after kill −9, and no lock is left',
    { timeout: 60_000 },
    async () => {
      const loader = join(import.meta.dirname, '../__fixtures__/run-typescript.mjs');
      const writer = join(import.meta.dirname, '__fixtures__/write-until-killed.ts');
      for (const rounds of [1, 4, 9]) {
        const child = spawn(
          process.execPath,
          ['--conditions=@espalier/source', '--import', loader, writer, folder],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        let acknowledged = -1;
        for await (const line of createInterface({ input: child.stdout })) {
          acknowledged = Number(line.split(' ')[1]);
          // Lines still in the pipe count as well: they were acknowledged before the end.
          if (acknowledged >= rounds) child.kill('SIGKILL');
        }
        await withIndex(
          async (index) => {
            const found = await index.get({ ids: Array.from({ length: 50 }, (_, n) => `r${n}`) });
            const seen = new Set(found.map(({ metadata }) => metadata['round']));
            expect(found).toHaveLength(50);
            expect(seen.size).toBe(1);
            const [round] = seen;
            expect([acknowledged, acknowledged + 1]).toContain(round);
          },
          { name: 'crash', dimension: 8, embedding: 'e' },
        );
        rmSync(join(folder, 'crash.vectors'));
      }
    },
  );
});
