import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeVectorStoreConformance } from '@espalier/testing/conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLanceDbStore } from './create-lance-db-store.js';

let uri = '';
const fresh = (): string => (uri = mkdtempSync(join(tmpdir(), 'lance-')));

describeVectorStoreConformance('The LanceDB store', {
  create: () => createLanceDbStore({ uri: fresh() }),
  reopen: () => createLanceDbStore({ uri }),
});

describe('createLanceDbStore', () => {
  beforeEach(fresh);
  afterEach(() => {
    rmSync(uri, { recursive: true, force: true });
  });

  it('writes upserts that wait together in one version', async () => {
    const store = createLanceDbStore({ uri });
    const index = await store.openIndex({ name: 'many', dimension: 2, embedding: 'e' });
    const versions = (): number => readdirSync(join(uri, 'many.lance', '_versions')).length;
    const before = versions();
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        index.upsert({
          records: [{ id: `r${n}`, vector: Float32Array.of(1, n), text: 't', metadata: {} }],
        }),
      ),
    );
    expect(await index.count()).toBe(200);
    expect(versions() - before).toBe(1);
    await store.close();
  });

  it('leaves on disk at most twice what was written, one record at a time', async () => {
    const store = createLanceDbStore({ uri });
    const index = await store.openIndex({ name: 'single', dimension: 128, embedding: 'e' });
    let raw = 0;
    for (let n = 0; n < 96; n += 1) {
      const text = `The text of document ${n}. `.repeat(20);
      raw += 128 * 4 + Buffer.byteLength(text);
      const vector = Float32Array.from({ length: 128 }, (_, i) => Math.sin(n * 128 + i));
      await index.upsert({ records: [{ id: `r${n}`, vector, text, metadata: {} }] });
    }
    await store.close();
    const bytes = readdirSync(uri, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
    expect(bytes).toBeLessThan(2 * raw);
    const again = createLanceDbStore({ uri });
    const reopened = await again.openIndex({ name: 'single', dimension: 128, embedding: 'e' });
    expect(await reopened.count()).toBe(96);
    await again.close();
  });

  it('keeps a zero vector and takes one as a query', async () => {
    const store = createLanceDbStore({ uri });
    const index = await store.openIndex({ name: 'zero', dimension: 2, embedding: 'e' });
    const zero = { id: 'zero', vector: Float32Array.of(0, 0), text: 'z', metadata: {} };
    const one = { id: 'one', vector: Float32Array.of(1, 0), text: 'o', metadata: {} };
    await index.upsert({ records: [zero, one] });
    expect((await index.query({ vector: Float32Array.of(1, 0), topK: 5 }))[0]).toMatchObject({
      id: 'one',
      score: 1,
    });
    expect(
      (await index.query({ vector: Float32Array.of(0, 0), topK: 5 })).map(({ id }) => id),
    ).toEqual(['one', 'zero']);
    await store.close();
  });

  it('refuses more metadata fields than it can keep apart, and says so', async () => {
    const store = createLanceDbStore({ uri });
    const index = await store.openIndex({ name: 'wide', dimension: 1, embedding: 'e' });
    const metadata = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`field${n}`, n]));
    const record = { id: 'wide', vector: Float32Array.of(1), text: 't', metadata };
    await expect(index.upsert({ records: [record] })).rejects.toMatchObject({
      code: 'ERR_RAG_STORE_FIELD_LIMIT',
    });
    await store.close();
  });

  it('refuses calls after it was closed, and names that could leave its folder', async () => {
    const store = createLanceDbStore({ uri });
    await expect(
      store.openIndex({ name: '../out', dimension: 1, embedding: 'e' }),
    ).rejects.toMatchObject({
      code: 'ERR_RAG_KNOWLEDGE_BASE_NAME',
    });
    await store.close();
    await expect(store.listIndexes()).rejects.toMatchObject({ code: 'ERR_RAG_STORE_CLOSED' });
  });

  it(
    'keeps each key once while four processes write the same keys',
    { timeout: 120_000 },
    async () => {
      const loader = join(import.meta.dirname, '../__fixtures__/run-typescript.mjs');
      const writer = join(import.meta.dirname, '__fixtures__/write-same-keys.ts');
      const codes = await Promise.all(
        ['a', 'b', 'c', 'd'].map(async (who) => {
          const child = spawn(
            process.execPath,
            ['--conditions=@espalier/source', '--import', loader, writer, uri, who],
            { stdio: ['ignore', 'ignore', 'inherit'] },
          );
          const [code] = (await once(child, 'exit')) as [number | null];
          return code;
        }),
      );
      expect(codes).toEqual([0, 0, 0, 0]);
      const store = createLanceDbStore({ uri });
      const index = await store.openIndex({ name: 'shared', dimension: 2, embedding: 'e' });
      expect(await index.health()).toMatchObject({ isHealthy: true, records: 10, problems: [] });
      await store.close();
    },
  );
});
