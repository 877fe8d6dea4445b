// Hybrid search over 100,000 texts with vectors: BM25 and the SIMD index in one process, against LanceDB's hybrid search
// (full-text index, vector index, reciprocal ranks) on the same corpus in the same run.
//
//   node --conditions=@espalier/source --import ./libs/rag/src/__fixtures__/run-typescript.mjs bench/hybrid/run.mjs
//     [--n 100000] [--dim 384] [--seed 1] [--queries 300] [--threads 2] [--peer lancedb | none]
//
// p50 and p95: one query at a time, engines in turns of 50 queries. Throughput: for ours, a worker thread for each core with
// an index of its own; for LanceDB, 8 queries at once on its own threads.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import * as lancedb from '@lancedb/lancedb';
import { drawCorpus } from './corpus.mjs';
import { openEngine } from './engine.mjs';

const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '100000' },
    dim: { type: 'string', default: '384' },
    seed: { type: 'string', default: '1' },
    queries: { type: 'string', default: '300' },
    threads: { type: 'string', default: '2' },
    peer: { type: 'string', default: 'lancedb' },
  },
});
const [count, dimension, seed, queryCount, threads] = [
  values.n,
  values.dim,
  values.seed,
  values.queries,
  values.threads,
].map(Number);
const SIZE = 10;
const WARM_UP = 50;
const TURN = 50;
const SECONDS = 5;
const AT_ONCE = 8;
const ROWS_PER_ADD = 20_000;

async function lance(folder, { texts, vectors }) {
  const connection = await lancedb.connect(folder);
  let table;
  for (let at = 0; at < texts.length; at += ROWS_PER_ADD) {
    const rows = texts.slice(at, at + ROWS_PER_ADD).map((text, n) => ({
      id: String(at + n),
      text,
      vector: Array.from(vectors[at + n]),
    }));
    if (table === undefined) table = await connection.createTable('bench', rows);
    else await table.add(rows);
  }
  await table.createIndex('text', { config: lancedb.Index.fts({ withPosition: false }) });
  await table.createIndex('vector', { config: lancedb.Index.ivfRq({ distanceType: 'cosine' }) });
  const reranker = await lancedb.rerankers.RRFReranker.create();
  return {
    async search({ vector, text }, size) {
      const query = table
        .query()
        .nearestTo(vector)
        .column('vector')
        .distanceType('cosine')
        .fullTextSearch(text, { columns: ['text'] })
        .rerank(reranker);
      return (await query.select(['id']).limit(size).toArray()).map(({ id }) => id);
    },
    close: async () => connection.close(),
  };
}

const at = (sorted, share) => sorted[Math.floor(sorted.length * share)];
const settings = { count, dimension, seed, queries: WARM_UP + queryCount };
const corpus = drawCorpus(settings);
const folder = mkdtempSync(join(tmpdir(), 'bench-hybrid-'));
const started = process.cpuUsage();
const engines = [{ name: 'espalier', engine: await openEngine(corpus), times: [] }];
const { user, system } = process.cpuUsage(started);
console.log(`espalier: built in ${((user + system) / 1e6).toFixed(1)} CPU-s`);
if (values.peer === 'lancedb')
  engines.push({ name: 'LanceDB', engine: await lance(folder, corpus), times: [] });
for (let start = 0; start < corpus.queries.length; start += TURN) {
  for (const { engine, times } of engines) {
    for (const [n, query] of corpus.queries.slice(start, start + TURN).entries()) {
      const begun = performance.now();
      await engine.search(query, SIZE);
      if (start + n >= WARM_UP) times.push(performance.now() - begun);
    }
  }
}
for (const row of engines) {
  const sorted = row.times.toSorted((a, b) => a - b);
  row.p50 = at(sorted, 0.5);
  row.p95 = at(sorted, 0.95);
}
const [own, peer] = engines;
await own.engine.close();
if (peer !== undefined) {
  const end = performance.now() + SECONDS * 1000;
  let done = 0;
  const work = async () => {
    while (performance.now() < end) {
      done += 1;
      await peer.engine.search(corpus.queries[done % corpus.queries.length], SIZE);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  peer.perSecond = done / SECONDS;
  await peer.engine.close();
}
const workers = Array.from({ length: threads }, () => {
  const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: settings });
  return { worker, next: () => new Promise((resolve) => worker.once('message', resolve)) };
});
await Promise.all(workers.map(({ next }) => next()));
const answers = workers.map(({ next }) => next());
for (const { worker } of workers) worker.postMessage(SECONDS);
own.perSecond = (await Promise.all(answers)).reduce((sum, done) => sum + done, 0) / SECONDS;
for (const { name, p50, p95, perSecond } of engines)
  console.log(
    `${name}: p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, ${Math.round(perSecond)} queries/s`,
  );
if (peer !== undefined)
  console.log(
    `ratio: p50 ${(peer.p50 / own.p50).toFixed(1)}×, queries/s ${(own.perSecond / peer.perSecond).toFixed(1)}×`,
  );
rmSync(folder, { recursive: true, force: true });
