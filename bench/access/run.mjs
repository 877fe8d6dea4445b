// Searches with random readers, queries and filters in a knowledge base whose documents change their readers, and counts
// the passages that were shown to somebody who may not read them.
//
//   node bench/access/run.mjs [--queries 1000000] [--documents 60] [--seed 1] [--minutes 60]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSeededRandom } from '@espalier/core';
import { createKnowledgeBases } from '@espalier/rag';
import { createSimdStore } from '@espalier/rag/simd';

const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '1000000' },
    documents: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '60' },
  },
});
const COUNT = Number(values.documents);
const QUERIES_PER_ROUND = 2000;
const GROUPS = ['a', 'b', 'c', 'd', 'e', 'f'];
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
const store = createSimdStore();
const bases = await createKnowledgeBases({
  folder,
  embeddingModel,
  store,
  embedding: { cache: false },
});
const base = await bases.create({ name: 'docs' });
const readers = new Map();
const makeSource = (n) => {
  const kind = random.next();
  const principals = kind < 0.2 ? undefined : kind < 0.3 ? [] : someOf(GROUPS);
  readers.set(`d${n}.txt`, principals);
  return {
    source: `d${n}.txt`,
    bytes: new TextEncoder().encode(`common word w${n % 7} number n${n} ${below(1000)}`),
    metadata: { group: n % 3 },
    ...(principals === undefined ? {} : { principals }),
  };
};
await base.ingest({ sources: Array.from({ length: COUNT }, (_, n) => makeSource(n)) });

const endsAt = performance.now() + Number(values.minutes) * 60_000;
let queries = 0;
let passages = 0;
let leaks = 0;
while (queries < Number(values.queries) && performance.now() < endsAt) {
  for (let n = 0; n < QUERIES_PER_ROUND; n += 1) {
    const principals = someOf([...GROUPS, 'stranger']);
    const found = await base.search({
      query: random.next() < 0.5 ? 'common word' : `number n${below(COUNT)}`,
      topK: 1 + below(COUNT),
      principals,
      ...(random.next() < 0.5 && { filter: { field: 'group', op: 'ne', value: below(3) } }),
    });
    for (const { source } of found.passages) {
      const allowed = readers.get(source);
      passages += 1;
      if (allowed !== undefined && !allowed.some((name) => principals.includes(name))) leaks += 1;
    }
  }
  queries += QUERIES_PER_ROUND;
  await base.ingest({ sources: Array.from({ length: 5 }, () => makeSource(below(COUNT))) });
}
console.log(JSON.stringify({ queries, passages, leaks, documents: COUNT, seed: values.seed }));
await bases.close();
await store.close();
rmSync(folder, { recursive: true, force: true });
