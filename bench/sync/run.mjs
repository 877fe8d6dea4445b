// How long a folder takes to be ingested first, and to be brought in step again when nothing, or little, changed.
//
//   node bench/sync/run.mjs [--documents 2000] [--model static|minilm] [--store simd|lancedb|memory] [--rounds 5]
//
// The documents are made up, a kilobyte to eight each. `read` syncs by the hash of the bytes, `listed` by what the
// folder entry says. The ratio is first build over sync of the unchanged corpus; medians over the rounds. Files are as
// old as a folder that was not just written: what changed within two seconds is always read.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createStaticEncoder } from '@espalier/encoders';
import { createOnnxEncoder } from '@espalier/encoders/onnx';
import * as minilm from '@espalier/model-minilm-l6';
import * as static256 from '@espalier/model-static-256';
import { createKnowledgeBases } from '@espalier/rag';
import { createLanceDbStore } from '@espalier/rag/lancedb';
import { createMemoryStore } from '@espalier/rag/memory';
import { listSourceFiles, readSourceFiles } from '@espalier/rag/node-files';
import { createSimdStore } from '@espalier/rag/simd';

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '2000' },
    model: { type: 'string', default: 'static' },
    store: { type: 'string', default: 'simd' },
    rounds: { type: 'string', default: '5' },
  },
});
const COUNT = Number(values.documents);
const SETTLED_MS = 2500;

const folder = mkdtempSync(join(tmpdir(), 'sync-'));
const corpus = join(folder, 'corpus');
let seed = 1;
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
const words = Array.from({ length: 8000 }, (_, n) => `word${n.toString(36)}`);
const writeDocument = (n) => {
  const path = join(corpus, String(n % 40), `${n}.md`);
  mkdirSync(dirname(path), { recursive: true });
  const paragraphs = Array.from({ length: 2 + Math.floor(random() * 14) }, () =>
    Array.from({ length: 80 }, () => words[Math.floor(random() ** 2 * words.length)]).join(' '),
  );
  writeFileSync(path, `# Document ${n}\n\n${paragraphs.join('.\n\n')}.\n`);
  utimesSync(path, 1, 1);
};
for (let n = 0; n < COUNT; n += 1) writeDocument(n);

const embeddingModel =
  values.model === 'minilm'
    ? await createOnnxEncoder({ folder: minilm.modelFolder })
    : await createStaticEncoder({ folder: static256.modelFolder });
const stores = {
  simd: () => createSimdStore({ folder: join(folder, 'vectors') }),
  lancedb: () => createLanceDbStore({ uri: join(folder, 'vectors') }),
  memory: () => createMemoryStore(),
};
const store = stores[values.store]();
const bases = await createKnowledgeBases({
  folder: join(folder, 'knowledge'),
  embeddingModel,
  store,
});
const base = await bases.create({ name: 'docs' });
const sources = {
  read: () => readSourceFiles({ paths: [corpus] }),
  listed: () => listSourceFiles({ paths: [corpus] }),
};
const sync = async (kind) => {
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const report = await base.ingest({ sources: sources[kind](), prune: true });
  const { user, system } = process.cpuUsage(cpu);
  return { report, ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
};
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

await setTimeout(SETTLED_MS);
const first = await sync('listed');
const rounds = { read: [], listed: [] };
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const kind of Object.keys(rounds)) {
    const { report, ms } = await sync(kind);
    if (report.unchanged !== COUNT) throw new Error('Something counted as changed.');
    rounds[kind].push(ms);
  }
}
for (let n = 0; n < COUNT; n += 100) writeDocument(n);
const changed = await sync('listed');
const openedAt = performance.now();
await bases.close();
const closedMs = performance.now() - openedAt;
console.log(
  JSON.stringify({
    model: embeddingModel.modelId,
    store: values.store,
    documents: COUNT,
    chunks: first.report.chunks,
    firstMs: Math.round(first.ms),
    firstCpuMs: Math.round(first.cpuMs),
    unchangedReadMs: Number(median(rounds.read).toFixed(1)),
    unchangedListedMs: Number(median(rounds.listed).toFixed(1)),
    ratioRead: Math.round(first.ms / median(rounds.read)),
    ratioListed: Math.round(first.ms / median(rounds.listed)),
    onePercentChangedMs: Math.round(changed.ms),
    updated: changed.report.updated,
    closeMs: Math.round(closedMs),
  }),
);
await store.close();
await embeddingModel.dispose?.();
rmSync(folder, { recursive: true, force: true });
