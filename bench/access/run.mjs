// Searches with random readers, queries and filters in the knowledge bases of two tenants whose documents come, change their
// readers and go, on each store, and counts the passages that were shown to somebody who may not read them, of a document that
// is gone or of the other tenant (leaks), and those that the filter should have left out (unfiltered).
//
//   node --conditions=@espalier/source --import ./libs/rag/src/__fixtures__/run-typescript.mjs bench/access/run.mjs
//     [--queries 1000000] [--stores memory,simd,lancedb] [--documents 60] [--seed 1] [--minutes 60]
//
// `--queries` and `--minutes` are for each store: it ends with whichever comes first, and prints how many it did. Exits with 1
// where there was a leak.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSeededRandom } from '@espalier/core';
import { createKnowledgeBases } from '@espalier/rag';
import { createLanceDbStore } from '@espalier/rag/lancedb';
import { createMemoryStore } from '@espalier/rag/memory';
import { createSimdStore } from '@espalier/rag/simd';

const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '1000000' },
    stores: { type: 'string', default: 'memory,simd,lancedb' },
    documents: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '60' },
  },
});
const [wanted, count, minutes] = [values.queries, values.documents, values.minutes].map(Number);
const QUERIES_PER_ROUND = 1000;
const CHANGED_PER_ROUND = 5;
const REMOVED_PER_ROUND = 2;
const GROUPS = ['a', 'b', 'c', 'd', 'e', 'f'];
const TENANTS = ['north', 'south'];
const STORES = {
  memory: () => createMemoryStore(),
  simd: () => createSimdStore(),
  lancedb: (folder) => createLanceDbStore({ uri: join(folder, 'lancedb') }),
};

async function measure(name) {
  const random = createSeededRandom(Number(values.seed));
  const below = (n) => Math.floor(random.next() * n);
  const someOf = (names) => names.filter(() => random.next() < 0.35);
  /** Vectors that say nothing: access must hold whatever the ranking. */
  const embeddingModel = {
    specificationVersion: 'v1',
    provider: 'bench',
    modelId: 'random',
    dimension: 8,
    limits: { maxTextsPerCall: 256, maxTokensPerText: 8192, supportsParallelCalls: true },
    doEmbed: ({ texts }) =>
      Promise.resolve({
        embeddings: texts.map(() => Float32Array.from({ length: 8 }, () => random.next() - 0.5)),
        usage: {},
        warnings: [],
      }),
    countTokens: (text) => text.length / 4,
  };
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  const store = STORES[name](folder);
  const bases = await createKnowledgeBases({
    folder,
    embeddingModel,
    store,
    embedding: { cache: false },
  });
  const sides = [];
  for (const tenant of TENANTS)
    sides.push({
      tenant,
      base: await bases.forTenant(tenant).create({ name: 'docs' }),
      /** By source: who may read it and its group. What is gone is not in it. */
      documents: new Map(),
    });
  const sourceOf = ({ tenant, documents }, n) => {
    const kind = random.next();
    const principals = kind < 0.2 ? undefined : kind < 0.3 ? [] : someOf(GROUPS);
    const source = `${tenant}-${n}.txt`;
    documents.set(source, { principals, group: n % 3 });
    return {
      source,
      bytes: new TextEncoder().encode(`common word w${n % 7} number n${n} ${below(1000)}`),
      metadata: { group: n % 3 },
      ...(principals === undefined ? {} : { principals }),
    };
  };
  const ingest = (side, numbers) =>
    side.base.ingest({ sources: [...new Set(numbers)].map((n) => sourceOf(side, n)) });
  const removeSome = async ({ base, documents }) => {
    const { data: items } = await base.listDocuments({ limit: count });
    for (let n = 0; n < REMOVED_PER_ROUND && items.length > 0; n += 1) {
      const { id, source } = items[below(items.length)];
      await base.removeDocument({ id });
      documents.delete(source);
    }
  };
  for (const side of sides)
    await ingest(
      side,
      Array.from({ length: count }, (_, n) => n),
    );

  const endsAt = performance.now() + minutes * 60_000;
  const result = { store: name, queries: 0, passages: 0, leaks: 0, unfiltered: 0 };
  while (result.queries < wanted && performance.now() < endsAt) {
    const side = sides[below(sides.length)];
    for (let n = 0; n < QUERIES_PER_ROUND; n += 1) {
      const principals = someOf([...GROUPS, 'stranger']);
      const group = random.next() < 0.5 ? below(3) : undefined;
      const found = await side.base.search({
        query: random.next() < 0.5 ? 'common word' : `number n${below(count)}`,
        topK: 1 + below(count),
        principals,
        ...(group !== undefined && { filter: { field: 'group', op: 'ne', value: group } }),
      });
      for (const { source } of found.passages) {
        const document = side.documents.get(source);
        const readers = document?.principals;
        result.passages += 1;
        if (document === undefined) result.leaks += 1;
        else if (readers !== undefined && !readers.some((reader) => principals.includes(reader)))
          result.leaks += 1;
        if (group !== undefined && document?.group === group) result.unfiltered += 1;
      }
    }
    result.queries += QUERIES_PER_ROUND;
    await removeSome(side);
    await ingest(
      side,
      Array.from({ length: CHANGED_PER_ROUND }, () => below(count)),
    );
  }
  await bases.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  return result;
}

for (const name of values.stores.split(',')) {
  const result = await measure(name);
  console.log(JSON.stringify({ ...result, documents: count, seed: values.seed }));
  if (result.leaks > 0) process.exitCode = 1;
}
