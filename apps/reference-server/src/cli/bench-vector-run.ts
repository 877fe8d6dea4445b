import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimdStore } from '@espalier/rag/simd';
import { EXIT } from '../errors/exit-codes.js';
import { drawBenchVectors, trueNeighbours, type BenchDistribution } from './bench-vector-data.js';
import type { CliContext } from './cli-context.js';

const NEIGHBOURS = 10;
const WARM_UP = 200;
const TIMED = 1000;
/** Each costs a comparison with all vectors in plain JavaScript. */
const JUDGED = 100;
const RECORDS_PER_UPSERT = 10_000;

/** Options of `espalier bench vector`. */
export interface BenchVectorLine {
  readonly n: number;
  readonly dim: number;
  readonly seed: number;
  readonly distribution: BenchDistribution;
  readonly json?: boolean;
}

/** Builds an index on disk in a temporary folder and measures queries against it, one at a time. */
export async function benchVector(options: BenchVectorLine, context: CliContext): Promise<number> {
  const { vectors, queries } = drawBenchVectors({
    count: options.n,
    dimension: options.dim,
    queries: WARM_UP + TIMED,
    seed: options.seed,
    distribution: options.distribution,
  });
  const folder = await mkdtemp(join(tmpdir(), 'espalier-bench-'));
  const store = createSimdStore({ folder });
  try {
    const index = await store.openIndex({
      name: 'bench',
      dimension: options.dim,
      embedding: 'bench',
    });
    const records = vectors.map((vector, n) => ({ id: String(n), vector, text: '', metadata: {} }));
    const before = process.cpuUsage();
    const started = performance.now();
    for (let start = 0; start < records.length; start += RECORDS_PER_UPSERT)
      await index.upsert({
        records: records.slice(start, start + RECORDS_PER_UPSERT),
        abortSignal: context.abortSignal,
      });
    const plan = await index.build({ abortSignal: context.abortSignal });
    const buildWallS = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);

    const times: number[] = [];
    const answers: number[][] = [];
    for (const [number, vector] of queries.entries()) {
      const began = performance.now();
      const matches = await index.query({
        vector,
        topK: NEIGHBOURS,
        abortSignal: context.abortSignal,
      });
      if (number >= WARM_UP) times.push(performance.now() - began);
      if (answers.length < JUDGED) answers.push(matches.map(({ id }) => Number(id)));
    }
    times.sort((a, b) => a - b);
    const truth = trueNeighbours({ vectors, queries: queries.slice(0, JUDGED), size: NEIGHBOURS });
    const { memoryBytes, recordBytes } = index.stats();
    const result = {
      p50_ms: round(times[Math.floor(times.length * 0.5)] ?? 0),
      p95_ms: round(times[Math.floor(times.length * 0.95)] ?? 0),
      recall_at_10: round(recall(answers, truth)),
      build_cpu_s: round((user + system) / 1e6),
      bytes: recordBytes + memoryBytes,
      build_wall_s: round(buildWallS),
      disk_bytes: recordBytes,
      memory_bytes: memoryBytes,
      min_ms: round(times[0] ?? 0),
      distribution: options.distribution,
      plan,
    };
    context.out(options.json === true ? `${JSON.stringify(result)}\n` : table(result));
    return EXIT.ok;
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function recall(
  answers: readonly (readonly number[])[],
  truth: readonly (readonly number[])[],
): number {
  let hits = 0;
  let total = 0;
  for (const [number, expected] of truth.entries()) {
    const found = new Set(answers[number]);
    hits += expected.filter((id) => found.has(id)).length;
    total += expected.length;
  }
  return total === 0 ? 1 : hits / total;
}

function table(result: Readonly<Record<string, unknown>>): string {
  return Object.entries(result)
    .map(([name, value]) => `  ${name.padEnd(14)} ${JSON.stringify(value)}\n`)
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
