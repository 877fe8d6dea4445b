// Single-record upserts, one after the other, into a store on disk: time and CPU of each, and what the folder takes.
//
//   node --conditions=@espalier/source --import ./libs/rag/src/__fixtures__/run-typescript.mjs bench/store-writes/run.mjs
//     [--n 10000] [--dim 384] [--stores lancedb,simd]
//
// Raw bytes are those of vectors, ids, texts and metadata (as JSON). The folder is measured after the store was closed, and
// its largest size on the way is shown too.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSeededRandom } from '@espalier/core';
import { createLanceDbStore } from '@espalier/rag/lancedb';
import { createSimdStore } from '@espalier/rag/simd';

const { values: options } = parseArgs({
  options: {
    n: { type: 'string', default: '10000' },
    dim: { type: 'string', default: '384' },
    stores: { type: 'string', default: 'lancedb,simd' },
  },
});
const count = Number(options.n);
const dimension = Number(options.dim);
const LOOK_EVERY = 25;
const STORES = {
  lancedb: (folder) => createLanceDbStore({ uri: folder }),
  simd: (folder) => createSimdStore({ folder }),
};

const sizeOf = (folder) => {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) sum += statSync(join(entry.parentPath, entry.name)).size;
  return sum;
};

for (const name of options.stores.split(',')) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-writes-'));
  const store = STORES[name](folder);
  const index = await store.openIndex({ name: 'bench', dimension, embedding: 'bench' });
  const random = createSeededRandom(1);
  const times = [];
  let raw = 0;
  let largest = 0;
  const before = process.cpuUsage();
  for (let n = 0; n < count; n += 1) {
    const record = {
      id: `document-${n}`,
      vector: Float32Array.from({ length: dimension }, () => random.next() - 0.5),
      text: `The text of document ${n}. `.repeat(20),
      metadata: { source: `file-${n % 100}.md`, position: n },
    };
    raw +=
      dimension * 4 + Buffer.byteLength(record.id + record.text + JSON.stringify(record.metadata));
    const started = performance.now();
    await index.upsert({ records: [record] });
    times.push(performance.now() - started);
    if (n % LOOK_EVERY === 0) largest = Math.max(largest, sizeOf(folder));
  }
  const { user, system } = process.cpuUsage(before);
  const kept = await index.count();
  await store.close();
  const bytes = sizeOf(folder);
  rmSync(folder, { recursive: true, force: true });
  times.sort((a, b) => a - b);
  const at = (share) => Number(times[Math.floor(times.length * share)].toFixed(2));
  console.log(
    JSON.stringify({
      store: name,
      upserts: count,
      kept,
      p50_ms: at(0.5),
      p95_ms: at(0.95),
      cpu_ms_each: Number(((user + system) / 1000 / count).toFixed(2)),
      raw_bytes: raw,
      bytes,
      times_raw: Number((bytes / raw).toFixed(2)),
      largest_times_raw: Number((largest / raw).toFixed(2)),
    }),
  );
}
