import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CollectionQuery, RankedPassage } from '@espalier/rag/evaluation';
import type { HybridProfile, HybridRanker } from '@espalier/rag/ranking';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { assertCount, evalInputError, readRows, reportProblems } from './eval-files.js';
import { readWeights } from './eval-weights.js';
import { openRanker } from './eval-ranker.js';
import { createProgressBar, type ProgressBar } from './output/progress-bar.js';
import { renderTable } from './output/table.js';

/** Options of `espalier eval retrieval`. */
export interface EvalRetrievalOptions {
  readonly corpus: string;
  readonly queries: string;
  readonly qrels: string;
  readonly profile: HybridProfile;
  readonly weights?: string;
  readonly run?: string;
  readonly depth: number;
  readonly threads?: number;
  readonly cache?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

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
  const progress = createProgressBar(context);
  const startedAt = performance.now();
  const { ranker, model, close } = await openRanker(
    { ...options, weights, passages: corpus.rows, progress },
    context,
  );
  try {
    const indexedAt = performance.now();
    const run = await rankAll(
      { ranker, queries: queries.rows, depth: options.depth, progress },
      context,
    );
    const endedAt = performance.now();
    if (options.run !== undefined) {
      await writeFile(
        resolve(context.directory, options.run),
        formatRun(run, `espalier-${options.profile}`),
      );
    }
    const { means, perQuery } = evaluateRun({ run, judgements: judgements.rows });
    const report = {
      profile: options.profile,
      model,
      passages: corpus.rows.length,
      queries: queries.rows.length,
      judgedQueries: perQuery.size,
      skippedRows: problems.length,
      metrics: means,
      indexMs: Math.round(indexedAt - startedAt),
      msPerQuery: (endedAt - indexedAt) / queries.rows.length,
      ...(options.run === undefined ? {} : { run: options.run }),
    };
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
    context.out(
      `\n${report.judgedQueries} judged queries, ${report.passages} passages, ${model}; ` +
        `indexed in ${(report.indexMs / 1000).toFixed(1)} s, ${report.msPerQuery.toFixed(1)} ms a query.\n`,
    );
    return EXIT.ok;
  } finally {
    progress.end();
    await close();
  }
}

async function rankAll(
  options: {
    ranker: HybridRanker;
    queries: readonly CollectionQuery[];
    depth: number;
    progress: ProgressBar;
  },
  context: CliContext,
): Promise<Map<string, RankedPassage[]>> {
  const { ranker, queries, progress } = options;
  const run = new Map<string, RankedPassage[]>();
  for (const [done, { id, text }] of queries.entries()) {
    progress.update({ label: 'ranking', done, total: queries.length });
    const matches = await ranker.rank({
      query: text,
      topK: options.depth,
      abortSignal: context.abortSignal,
    });
    run.set(
      id,
      matches.map((match) => ({ id: match.id, score: match.score })),
    );
  }
  progress.end();
  return run;
}

function assertSome(file: string, count: number, what: string): void {
  if (count === 0) throw evalInputError(`The file ${file} holds no ${what}.`);
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
