// Build and query of the SIMD index against LanceDB, flat and with its indexes, over the same vectors in the same run.
//
//   node --conditions=@espalier/source --import ./libs/rag/src/__fixtures__/run-typescript.mjs bench/vector/run.mjs
//     [--n 100000] [--dim 384] [--seed 1] [--queries 300] [--peers flat,rq,hnsw]
//     [--distributions clustered,iid]
//
// The vectors are those of `espalier bench vector`. Each row: p50 and p95 of one query at a time, recall@10 against
// comparing with all, CPU seconds of the build (all threads). Peers are refined until their recall is at least .99, or
// show the best they reached. Engines take turns, 50 queries at a
// time: another load on the machine hits all alike, and none runs on caches that the others have just emptied.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as lancedb from '@lancedb/lancedb';
import { createSimdStore } from '@espalier/rag/simd';
import {
  drawBenchVectors,
  trueNeighbours,
} from '../../apps/reference-server/src/cli/bench-vector-data.ts';

const { values: options } = parseArgs({
  options: {
    n: { type: 'string', default: '100000' },
    dim: { type: 'string', default: '384' },
    seed: { type: 'string', default: '1' },
    queries: { type: 'string', default: '300' },
    peers: { type: 'string', default: 'flat,rq,hnsw' },
    distributions: { type: 'string', default: 'clustered,iid' },
  },
});
const [count, dimension, seed] = [options.n, options.dim, options.seed].map(Number);
const SIZE = 10;
const JUDGED = 100;
const WARM_UP = 50;
const TURN = 50;
const ROWS_PER_ADD = 20_000;
const TARGET = 0.99;

const cpuSeconds = async (work) => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};
const recall = (answers, truth) =>
  truth.reduce((sum, ids, at) => sum + ids.filter((id) => answers[at].includes(id)).length, 0) /
  (truth.length * SIZE);

async function simd(folder, { vectors }) {
  const store = createSimdStore({ folder });
  const index = await store.openIndex({ name: 'bench', dimension, embedding: 'bench' });
  const records = vectors.map((vector, n) => ({ id: String(n), vector, text: '', metadata: {} }));
  const build = await cpuSeconds(async () => {
    for (let at = 0; at < records.length; at += ROWS_PER_ADD)
      await index.upsert({ records: records.slice(at, at + ROWS_PER_ADD) });
    await index.build();
  });
  const query = async (vector) =>
    (await index.query({ vector, topK: SIZE })).map(({ id }) => Number(id));
  return { name: 'espalier simd', build, query, close: () => store.close() };
}

const PEERS = {
  flat: { name: 'LanceDB flat' },
  rq: {
    name: 'LanceDB IVF_RQ',
    index: () => lancedb.Index.ivfRq({ distanceType: 'cosine' }),
    refines: [1, 5, 20],
    probes: [20, 50, 100],
  },
  hnsw: {
    name: 'LanceDB IVF_HNSW_SQ',
    index: () => lancedb.Index.hnswSq({ distanceType: 'cosine' }),
    refines: [1, 5],
    probes: [5, 20],
    efs: [100, 300],
  },
};

async function lance(
  folder,
  { vectors, queries, truth },
  { name, index, refines, probes, efs = [undefined] },
) {
  const connection = await lancedb.connect(folder);
  let table;
  const build = await cpuSeconds(async () => {
    for (let at = 0; at < vectors.length; at += ROWS_PER_ADD) {
      const rows = vectors
        .slice(at, at + ROWS_PER_ADD)
        .map((vector, n) => ({ id: at + n, vector: Array.from(vector) }));
      if (table === undefined) table = await connection.createTable('bench', rows);
      else await table.add(rows);
    }
    if (index !== undefined) await table.createIndex('vector', { config: index() });
  });
  const queryWith =
    ({ refine, probe, ef }) =>
    async (vector) => {
      let search = table.query().nearestTo(vector).column('vector').distanceType('cosine');
      if (index === undefined) search = search.bypassVectorIndex();
      else search = search.nprobes(probe).refineFactor(refine);
      if (ef !== undefined) search = search.ef(ef);
      return (await search.select(['id', '_distance']).limit(SIZE).toArray()).map(({ id }) =>
        Number(id),
      );
    };
  const close = async () => connection.close();
  if (index === undefined) return { name, build, query: queryWith({}), close };
  let best = { recall: -1 };
  const settings = probes.flatMap((probe) =>
    refines.flatMap((refine) => efs.map((ef) => ({ probe, refine, ef }))),
  );
  for (const setting of settings) {
    const query = queryWith(setting);
    const answers = [];
    for (const vector of queries.slice(0, truth.length)) answers.push(await query(vector));
    const reached = recall(answers, truth);
    if (reached > best.recall) best = { recall: reached, setting, query };
    if (reached >= TARGET) break;
  }
  return { name: `${name} ${JSON.stringify(best.setting)}`, build, query: best.query, close };
}

for (const distribution of options.distributions.split(',')) {
  const queryCount = Number(options.queries);
  const data = drawBenchVectors({
    count,
    dimension,
    queries: WARM_UP + queryCount,
    seed,
    distribution,
  });
  const truth = trueNeighbours({ ...data, queries: data.queries.slice(0, JUDGED), size: SIZE });
  const root = mkdtempSync(join(tmpdir(), 'bench-vector-'));
  const engines = [await simd(join(root, 'simd'), data)];
  for (const peer of options.peers.split(','))
    engines.push(await lance(join(root, peer), { ...data, truth }, PEERS[peer]));
  const rows = engines.map(() => ({ times: [], answers: [] }));
  for (let start = 0; start < data.queries.length; start += TURN) {
    for (const [at, { query }] of engines.entries()) {
      for (const [offset, vector] of data.queries.slice(start, start + TURN).entries()) {
        const number = start + offset;
        const started = performance.now();
        const ids = await query(vector);
        if (number >= WARM_UP) rows[at].times.push(performance.now() - started);
        if (number < JUDGED) rows[at].answers.push(ids);
      }
    }
  }
  const figures = engines.map(({ name, build }, at) => {
    const times = rows[at].times.toSorted((a, b) => a - b);
    const [p50, p95] = [0.5, 0.95].map((share) => times[Math.floor(times.length * share)]);
    const reached = recall(
      rows[at].answers.slice(0, JUDGED),
      truth.slice(0, rows[at].answers.length),
    );
    return { name, p50, p95, min: times[0], recall: reached, build };
  });
  console.log(`\n${distribution}: ${count} × ${dimension}, seed ${seed}`);
  for (const { name, p50, p95, min, recall: reached, build } of figures) {
    console.log(
      `  ${name.padEnd(52)} p50 ${p50.toFixed(2)} ms  p95 ${p95.toFixed(2)} ms  min ${min.toFixed(2)} ms  ` +
        `recall ${reached.toFixed(3)}  build ${build.toFixed(2)} CPU-s  ${(p50 / figures[0].p50).toFixed(1)}×`,
    );
  }
  for (const { close } of engines) await close();
  rmSync(root, { recursive: true, force: true });
}
