import type { VectorIndex, VectorRecord, VectorStore } from '@espalier/core';
import { expect, it } from 'vitest';

const record = (id: string, text = `text of ${id}`): VectorRecord => ({
  id,
  vector: Float32Array.of(1, id.length, id.charCodeAt(0)),
  text,
  metadata: { initial: id.slice(0, 1), nested: { list: [1, null, 'ü'] } },
});
const bytesOf = async (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
};
const reader = (bytes: Buffer, piece = bytes.length) =>
  async function* (): AsyncIterable<Uint8Array> {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  };
const allOf = async (index: VectorIndex): Promise<VectorRecord[]> => {
  const found: VectorRecord[] = [];
  for await (const page of index.scroll({})) found.push(...page);
  return found;
};

/** Tests namespaces, snapshots and upkeep. */
export function testVectorStoreLifecycle(options: {
  store: () => VectorStore;
  index: () => VectorIndex;
}): void {
  const { store, index } = options;
  const wanted = { name: 'fruit', dimension: 3, embedding: 'test-embedding' };

  it('keeps namespaces of one index apart from each other and from the index itself', async () => {
    const names = ['tenant-1', 'Tenant_2 with ä, "quotes" & /slashes'];
    const parts = await Promise.all(
      names.map((namespace) => store().openIndex({ ...wanted, namespace })),
    );
    const [first, second] = parts;
    if (first === undefined || second === undefined) throw new Error('Two were opened.');
    expect(first.namespace).toBe(names[0]);
    await index().upsert({ records: [record('shared', 'of nobody')] });
    await first.upsert({ records: [record('shared', 'of the first'), record('own')] });
    await second.upsert({ records: [record('shared', 'of the second')] });
    const texts = async (part: VectorIndex): Promise<string[]> =>
      (await part.query({ vector: Float32Array.of(1, 1, 1), topK: 10 }))
        .map(({ text }) => text)
        .sort();
    expect(await texts(index())).toEqual(['of nobody']);
    expect(await texts(first)).toEqual(['of the first', 'text of own']);
    expect(await texts(second)).toEqual(['of the second']);
    expect(await second.get({ ids: ['own'] })).toEqual([]);
    expect(await second.delete({ ids: ['own'] })).toBe(0);
    expect(await second.delete({ filter: { op: 'and', filters: [] } })).toBe(1);
    expect([await index().count(), await first.count(), await second.count()]).toEqual([1, 2, 0]);
    expect(await store().listIndexes()).toEqual(['fruit']);
    expect(await store().describeIndex({ name: 'fruit' })).toEqual({
      ...wanted,
      namespaces: names.toSorted(),
    });
  });

  it('drops one namespace alone, and all with their index', async () => {
    const namespace = 'gone';
    const part = await store().openIndex({ ...wanted, namespace });
    await part.upsert({ records: [record('a')] });
    await index().upsert({ records: [record('b')] });
    await store().dropIndex({ name: 'fruit', namespace });
    expect((await store().describeIndex({ name: 'fruit' }))?.namespaces).toEqual([]);
    expect(await index().count()).toBe(1);
    expect(await (await store().openIndex({ ...wanted, namespace })).count()).toBe(0);
    await store().dropIndex({ name: 'fruit' });
    expect(await store().describeIndex({ name: 'fruit' })).toBeUndefined();
    const again = await store().openIndex(wanted);
    expect(await again.count()).toBe(0);
    expect((await store().describeIndex({ name: 'fruit' }))?.namespaces).toEqual([]);
  });

  it('refuses a namespace without a usable name, and one of another model', async () => {
    for (const namespace of ['', '\ud800', 'x'.repeat(2000)])
      await expect(store().openIndex({ ...wanted, namespace })).rejects.toMatchObject({
        code: 'ERR_RAG_NAMESPACE_NAME',
      });
    await expect(
      store().openIndex({ ...wanted, embedding: 'another', namespace: 'tenant' }),
    ).rejects.toMatchObject({ code: 'ERR_RAG_INDEX_MISMATCH' });
  });

  it('refuses to filter on a field that is not declared, where fields are', async () => {
    const strict = await store().openIndex({ ...wanted, filterableFields: ['initial'] });
    await strict.upsert({ records: [record('a'), record('b')] });
    expect(await strict.count({ filter: { field: 'initial', op: 'eq', value: 'a' } })).toBe(1);
    const filter = {
      op: 'not' as const,
      filter: { field: 'inital', op: 'eq' as const, value: 'a' },
    };
    const expected = { code: 'ERR_RAG_FILTER_FIELD_UNDECLARED' };
    await expect(strict.count({ filter })).rejects.toMatchObject(expected);
    await expect(strict.delete({ filter })).rejects.toMatchObject(expected);
    await expect(
      strict.query({ vector: Float32Array.of(1, 0, 0), topK: 1, filter }),
    ).rejects.toMatchObject(expected);
    await expect(strict.scroll({ filter })[Symbol.asyncIterator]().next()).rejects.toMatchObject(
      expected,
    );
    expect(await strict.count()).toBe(2);
  });

  it('goes on with a scroll after the id where another broke off', async () => {
    await index().upsert({ records: ['a', 'b', 'c', 'd', 'e'].map((id) => record(id)) });
    const ids: string[] = [];
    for await (const page of index().scroll({ after: 'b', pageSize: 2 }))
      ids.push(...page.map(({ id }) => id));
    expect(ids).toEqual(['c', 'd', 'e']);
  });

  it('restores a snapshot, also into another index, and holds exactly what was in it', async () => {
    await index().upsert({ records: ['a', 'b', 'c'].map((id) => record(id)) });
    const before = await allOf(index());
    const bytes = await bytesOf(index().snapshot());
    await index().delete({ ids: ['b'] });
    await index().upsert({ records: [record('a', 'changed'), record('late')] });
    const steps: number[] = [];
    const restored = await index().restore({
      open: reader(bytes, 7),
      onProgress: ({ done }) => steps.push(done),
    });
    expect(restored).toBe(3);
    expect(steps.at(-1)).toBe(3);
    expect(await allOf(index())).toEqual(before);
    const other = await store().openIndex({ ...wanted, name: 'copy' });
    await other.restore({ open: reader(bytes) });
    expect(await allOf(other)).toEqual(before);
    const nothing = await bytesOf(
      (await store().openIndex({ ...wanted, name: 'none' })).snapshot(),
    );
    await other.restore({ open: reader(nothing) });
    expect(await other.count()).toBe(0);
  });

  it('refuses a snapshot that is cut off, damaged or of another model, and changes nothing', async () => {
    await index().upsert({ records: ['a', 'b'].map((id) => record(id)) });
    const bytes = await bytesOf(index().snapshot());
    const other = await store().openIndex({ ...wanted, name: 'other', embedding: 'another' });
    await index().upsert({ records: [record('kept')] });
    const bad = [bytes.subarray(0, 0), bytes.subarray(0, 20), bytes.subarray(0, -1)];
    for (let at = 3; at < bytes.length; at += 61) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x20;
      bad.push(damaged);
    }
    for (const each of bad)
      await expect(index().restore({ open: reader(each) })).rejects.toMatchObject({
        code: 'ERR_RAG_INDEX_SNAPSHOT_INVALID',
      });
    await expect(other.restore({ open: reader(bytes) })).rejects.toMatchObject({
      code: 'ERR_RAG_INDEX_SNAPSHOT_INVALID',
    });
    expect((await allOf(index())).map(({ id }) => id)).toEqual(['a', 'b', 'kept']);
  });

  it('holds one moment in a snapshot while others write, where it says so', async () => {
    if (!store().limits.hasSnapshotIsolation) return;
    const records = Array.from({ length: 50 }, (_, n) => record(`r${n + 10}`));
    await index().upsert({ records });
    const pieces: Uint8Array[] = [];
    for await (const piece of index().snapshot()) {
      if (pieces.length === 0) {
        await index().upsert({ records: [record('r10', 'changed'), record('late')] });
        await index().delete({ ids: ['r11'] });
      }
      pieces.push(piece);
    }
    const first = await bytesOf(index().snapshot());
    expect(first.includes('changed')).toBe(true);
    const other = await store().openIndex({ ...wanted, name: 'held' });
    await other.restore({ open: reader(Buffer.concat(pieces)) });
    const texts = (await allOf(other)).map(({ text }) => text);
    // The head comes before the moment, or after it: either the changes are all there, or none of them.
    const isBefore = texts.length === 50 && texts.includes('text of r11');
    const isAfter = texts.includes('changed') && !texts.includes('text of r11');
    expect(isBefore !== isAfter).toBe(true);
  });

  it('is healthy, also after it was optimised and purged, and has lost nothing', async () => {
    await index().upsert({ records: ['a', 'b', 'c'].map((id) => record(id)) });
    await index().delete({ ids: ['b'] });
    await index().optimize();
    await index().purge?.();
    const health = await index().health();
    expect(health).toMatchObject({ isHealthy: true, records: 2, problems: [] });
    expect((await allOf(index())).map(({ id }) => id)).toEqual(['a', 'c']);
  });
}
