import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CollectionQuery, RankedPassage } from '@espalier/rag/evaluation';
import type { HybridProfile, HybridRanker } from '@espalier/rag/ranking';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { assertCount, evalInputError, readRows, reportProblems } from './eval-files.js';
import { rankByLegs } from './leg-runs.js';
import { readWeights } from './eval-weights.js';
import { openRanker } from './eval-ranker.js';
import { openReorder, type Reorder, type ReorderOptions } from './eval-reorder.js';
import { createProgressBar, type ProgressBar } from './output/progress-bar.js';
import { renderTable } from './output/table.js';
import { percentile } from './report/percentile.js';

/** Options of `espalier eval retrieval`. */
export interface EvalRetrievalOptions extends ReorderOptions {
  readonly corpus: string;
  readonly queries: string;
  readonly qrels: string;
  readonly profile: HybridProfile;
  readonly weights?: string;
  readonly run?: string;
  readonly html?: string;
  readonly depth: number;
  readonly threads?: number;
  readonly cache?: string;
  /** Let the ranker of the profile `quality` learn from the corpus. */
  readonly adapt?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
}

const MICROSECONDS = 1e6;
const MEGABYTE = 1e6;
/** What is shown of legs looks no deeper. */
const LEG_DEPTH = 100;
const SHOWN_METRICS = ['ndcg@10', 'mrr', 'map', 'recall@5', 'recall@10', 'recall@20', 'recall@100'];

/** Ranks a collection, writes the run, and prints how good it is. */
export async function evalRetrieval(
  options: EvalRetrievalOptions,
  context: CliContext,
): Promise<number> {
  assertCount('depth', options.depth);
  assertCount('threads', options.threads);
  const { evaluateRun, formatRun, parseCorpus, parseJudgements, parseQueries } =
    await import('@espalier/rag/evaluation');
  const corpus = await readRows(options.corpus, parseCorpus, context);
  const queries = await readRows(options.queries, parseQueries, context);
  const judgements = await readRows(options.qrels, parseJudgements, context);
  const problems = [...corpus.problems, ...queries.problems, ...judgements.problems];
  reportProblems(problems, { strict: options.strict === true }, context);
  assertSome(options.corpus, corpus.rows.length, 'passage');
  assertSome(options.queries, queries.rows.length, 'query');
  assertSome(options.qrels, judgements.rows.size, 'judgement');

  const weights =
    options.weights === undefined
      ? undefined
      : await readWeights(options.weights, options.profile, context);
  const reorder = await openReorder(options, corpus.rows, context);
  const progress = createProgressBar(context);
  const startedAt = performance.now();
  const startedCpu = cpuSeconds();
  const { ranker, model, dimension, stateBytes, close } = await openRanker(
    { ...options, weights, passages: corpus.rows, progress },
    context,
  ).catch(async (error: unknown) => {
    await reorder.close();
    throw error;
  });
  try {
    const indexMs = performance.now() - startedAt;
    const indexCpu = cpuSeconds() - startedCpu;
    const { run, latencies, cpu } = await rankAll(
      { ranker, reorder, queries: queries.rows, depth: options.depth, progress },
      context,
    );
    if (options.run !== undefined) {
      await writeFile(
        resolve(context.directory, options.run),
        formatRun(run, `espalier-${options.profile}`),
      );
    }
    const evaluation = evaluateRun({ run, judgements: judgements.rows });
    const { means, perQuery } = evaluation;
    const report = {
      profile: options.profile,
      model,
      passages: corpus.rows.length,
      queries: queries.rows.length,
      judgedQueries: perQuery.size,
      skippedRows: problems.length,
      metrics: means,
      indexMs: Math.round(indexMs),
      msPerQuery: latencies.reduce((sum, ms) => sum + ms, 0) / queries.rows.length,
      latencyMs: {
        p50: round(percentile(latencies, 0.5)),
        p95: round(percentile(latencies, 0.95)),
        p99: round(percentile(latencies, 0.99)),
      },
      cpuSecondsPerQuery: round(cpu / queries.rows.length),
      indexBytes: await measureIndex({
        passages: corpus.rows,
        dimension,
        tokenStates: await stateBytes(),
      }),
      embedding: {
        cpuSeconds: round(indexCpu),
        passagesPerCpuSecond: round(corpus.rows.length / Math.max(indexCpu, 1e-3)),
      },
      trust: ranker.trust,
      ...(ranker.adaptation === undefined ? {} : { adaptation: ranker.adaptation }),
      ...(options.run === undefined ? {} : { run: options.run }),
    };
    for (const [leg, { trust, lift }] of Object.entries(ranker.trust)) {
      if (trust === 1) continue;
      context.err(
        `Asked for sentences of its own passages, the leg ${leg} ranks them ${lift.toFixed(2)} deviations above the mean: ` +
          `its weights count ${trust.toFixed(2)} of what they are.\n`,
      );
    }
    if (options.html !== undefined) {
      const legs = await rankByLegs(
        {
          ranker,
          queries: queries.rows,
          depth: LEG_DEPTH,
          onProgress: (done) => {
            progress.update({ label: 'comparing legs', done, total: queries.rows.length });
          },
        },
        context,
      );
      progress.end();
      const { renderRetrievalReport } = await import('./retrieval-report.js');
      const html = await renderRetrievalReport({
        profile: options.profile,
        facts: factsOf(report),
        passages: corpus.rows,
        queries: queries.rows,
        judgements: judgements.rows,
        run,
        evaluation,
        legs,
        latencies,
      });
      await writeFile(resolve(context.directory, options.html), html);
    }
    if (options.json === true) {
      const rounded = Object.entries(means).map(([name, value]) => [name, round(value)]);
      const metrics: unknown = Object.fromEntries(rounded);
      context.out(
        `${JSON.stringify({ ...report, metrics, msPerQuery: round(report.msPerQuery) })}\n`,
      );
      return EXIT.ok;
    }
    context.out(
      renderTable([
        ['metric', options.profile],
        ...SHOWN_METRICS.map((name) => [name, (means[name] ?? 0).toFixed(4)]),
      ]),
    );
    const { p50, p95, p99 } = report.latencyMs;
    context.out(
      `\n${report.judgedQueries} judged queries, ${report.passages} passages, ${model}; ` +
        `indexed in ${(report.indexMs / 1000).toFixed(1)} s (${indexCpu.toFixed(1)} CPU s), ` +
        `${(totalBytes(report.indexBytes) / MEGABYTE).toFixed(1)} MB.\n` +
        `A query: ${report.msPerQuery.toFixed(1)} ms (p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)}, p99 ${p99.toFixed(1)}), ` +
        `${(report.cpuSecondsPerQuery * 1000).toFixed(1)} CPU ms.\n`,
    );
    return EXIT.ok;
  } finally {
    progress.end();
    await reorder.close();
    await close();
  }
}

interface IndexBytes {
  readonly vectors: number;
  readonly lexical: number;
  readonly tokenStates: number;
}

const totalBytes = ({ vectors, lexical, tokenStates }: IndexBytes): number =>
  vectors + lexical + tokenStates;

/** Bytes of what the ranking is made from: 32-bit vectors, the lexical index as it is stored, and token states. */
async function measureIndex(options: {
  passages: readonly { readonly id: string; readonly title: string; readonly text: string }[];
  dimension: number;
  tokenStates: number;
}): Promise<IndexBytes> {
  const { createBm25Index } = await import('@espalier/rag');
  const index = createBm25Index({ fields: { title: {}, text: {} } });
  for (const { id, title, text } of options.passages) index.set(id, { title, text });
  return {
    vectors: options.passages.length * options.dimension * 4,
    lexical: index.serialize().byteLength,
    tokenStates: options.tokenStates,
  };
}

function factsOf(report: {
  readonly model: string;
  readonly judgedQueries: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly cpuSecondsPerQuery: number;
  readonly indexBytes: IndexBytes;
  readonly embedding: { readonly cpuSeconds: number; readonly passagesPerCpuSecond: number };
}): (readonly [string, string])[] {
  const { latencyMs, indexBytes, embedding } = report;
  return [
    ['model', report.model],
    ['judged queries', String(report.judgedQueries)],
    ['p50', `${latencyMs.p50.toFixed(1)} ms`],
    ['p95', `${latencyMs.p95.toFixed(1)} ms`],
    ['p99', `${latencyMs.p99.toFixed(1)} ms`],
    ['CPU a query', `${(report.cpuSecondsPerQuery * 1000).toFixed(1)} ms`],
    ['index', `${(totalBytes(indexBytes) / MEGABYTE).toFixed(1)} MB`],
    ['indexing', `${embedding.cpuSeconds.toFixed(1)} CPU s`],
    ['passages a CPU second', embedding.passagesPerCpuSecond.toFixed(0)],
  ];
}

async function rankAll(
  options: {
    ranker: HybridRanker;
    reorder: Reorder;
    queries: readonly CollectionQuery[];
    depth: number;
    progress: ProgressBar;
  },
  context: CliContext,
): Promise<{ run: Map<string, RankedPassage[]>; latencies: number[]; cpu: number }> {
  const { ranker, reorder, queries, progress } = options;
  const run = new Map<string, RankedPassage[]>();
  const latencies: number[] = [];
  const cpu = cpuSeconds();
  for (const [done, { id, text }] of queries.entries()) {
    progress.update({ label: 'ranking', done, total: queries.length });
    const askedAt = performance.now();
    const found = await ranker.rank({
      query: text,
      topK: options.depth,
      ...(reorder.model === undefined ? {} : { model: reorder.model }),
      abortSignal: context.abortSignal,
    });
    const matches = await reorder.reorder(text, found);
    latencies.push(performance.now() - askedAt);
    run.set(
      id,
      matches.map((match) => ({ id: match.id, score: match.score })),
    );
  }
  progress.end();
  return { run, latencies, cpu: cpuSeconds() - cpu };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / MICROSECONDS;
}

function assertSome(file: string, count: number, what: string): void {
  if (count === 0) throw evalInputError(`The file ${file} holds no ${what}.`);
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
