import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Judgements, RunComparison } from '@espalier/rag/evaluation';
import type { HybridProfile, HybridRanker, RankerExample } from '@espalier/rag/ranking';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { assertCount, evalInputError, readRows, reportProblems } from './eval-files.js';
import { openRanker } from './eval-ranker.js';
import { readWeights } from './eval-weights.js';
import { createProgressBar, type ProgressBar } from './output/progress-bar.js';
import { renderTable } from './output/table.js';

/** Options of `espalier train-ranker`. */
export interface TrainRankerLine {
  readonly corpus: string;
  readonly queries: string;
  readonly qrels?: string;
  readonly clicks?: string;
  readonly profile: HybridProfile;
  readonly weights?: string;
  /** Where it is to rank. Default `collection`. */
  readonly for?: 'collection' | 'knowledge-base';
  readonly out: string;
  readonly folds: number;
  readonly seed: number;
  readonly trees?: number;
  readonly leaves?: number;
  readonly threads?: number;
  readonly cache?: string;
  readonly json?: boolean;
}

const METRIC = 'ndcg@10';
const MAX_P_VALUE = 0.05;

/** Learns a ranker from judgements or clicks, writes it, and prints what queries that it has not seen gain. */
export async function trainRankerFile(
  options: TrainRankerLine,
  context: CliContext,
): Promise<number> {
  for (const name of ['threads', 'trees', 'leaves'] as const) assertCount(name, options[name]);
  if (!Number.isInteger(options.folds) || options.folds < 2)
    throw evalInputError('The option --folds must be a whole number from 2.');
  if ((options.qrels === undefined) === (options.clicks === undefined))
    throw evalInputError('Give judgements with --qrels, or clicks with --clicks: one of the two.');
  const { parseCorpus, parseQueries } = await import('@espalier/rag/evaluation');
  const corpus = await readRows(options.corpus, parseCorpus, context);
  const queries = await readRows(options.queries, parseQueries, context);
  const judgements = await readGrades(options, context);
  reportProblems([...corpus.problems, ...queries.problems], { strict: false }, context);
  const judged = queries.rows.filter(({ id }) =>
    [...(judgements.get(id)?.values() ?? [])].some((grade) => grade > 0),
  );
  const weights =
    options.weights === undefined
      ? undefined
      : await readWeights(options.weights, options.profile, context);
  const progress = createProgressBar(context);
  const { ranker, model, close } = await openRanker(
    { ...options, weights, passages: corpus.rows, progress },
    context,
  );
  try {
    const examples = await examplesOf(
      { ranker, judged, judgements, progress, place: options.for },
      context,
    );
    const { serializeRankerModel, trainRanker } = await import('@espalier/rag/ranking');
    const trained = trainRanker({
      examples,
      folds: options.folds,
      seed: options.seed,
      ...(options.trees === undefined ? {} : { maxTrees: options.trees }),
      ...(options.leaves === undefined ? {} : { maxLeaves: options.leaves }),
      onProgress: (done) => {
        progress.update({ label: 'learning', ...done });
      },
      abortSignal: context.abortSignal,
    });
    progress.end();
    const crossValidation = await compare(trained.crossValidation);
    const report = {
      profile: options.profile,
      model,
      passages: corpus.rows.length,
      judgedQueries: judged.length,
      trees: trained.model.trees.length,
      isBetter: crossValidation.difference > 0 && crossValidation.pValue < MAX_P_VALUE,
      crossValidation,
    };
    await writeFile(
      resolve(context.directory, options.out),
      serializeRankerModel({ ...trained.model, evidence: report }),
    );
    context.out(
      options.json === true ? `${JSON.stringify(report)}\n` : renderReport(report, options),
    );
    return EXIT.ok;
  } finally {
    progress.end();
    await close();
  }
}

async function readGrades(options: TrainRankerLine, context: CliContext): Promise<Judgements> {
  const { judgementsFromClicks, parseClicks, parseJudgements } =
    await import('@espalier/rag/evaluation');
  if (options.clicks !== undefined) {
    const clicks = await readRows(options.clicks, parseClicks, context);
    reportProblems(clicks.problems, { strict: false }, context);
    return judgementsFromClicks(clicks.rows).judgements;
  }
  const judgements = await readRows(options.qrels ?? '', parseJudgements, context);
  reportProblems(judgements.problems, { strict: false }, context);
  return judgements.rows;
}

async function examplesOf(
  given: {
    ranker: HybridRanker;
    judged: readonly { readonly id: string; readonly text: string }[];
    judgements: Judgements;
    progress: ProgressBar;
    place: TrainRankerLine['for'];
  },
  context: CliContext,
): Promise<RankerExample[]> {
  const { KNOWLEDGE_BASE_FEATURES, RANKING_FEATURES, selectFeatures } =
    await import('@espalier/rag/ranking');
  const wanted = given.place === 'knowledge-base' ? KNOWLEDGE_BASE_FEATURES : RANKING_FEATURES;
  const examples: RankerExample[] = [];
  for (const [done, { id, text }] of given.judged.entries()) {
    given.progress.update({ label: 'ranking', done, total: given.judged.length });
    const features = await given.ranker.features({ query: text, abortSignal: context.abortSignal });
    examples.push({
      query: id,
      candidates: selectFeatures(features, wanted),
      grades: given.judgements.get(id) ?? new Map(),
    });
  }
  return examples;
}

async function compare(scores: {
  before: ReadonlyMap<string, number>;
  after: ReadonlyMap<string, number>;
}): Promise<RunComparison> {
  const { compareRuns } = await import('@espalier/rag/evaluation');
  const evaluationOf = (values: ReadonlyMap<string, number>) => ({
    means: { [METRIC]: 0 },
    perQuery: new Map([...values].map(([query, value]) => [query, { [METRIC]: value }])),
  });
  const [comparison] = compareRuns({
    first: evaluationOf(scores.before),
    second: evaluationOf(scores.after),
    metrics: [METRIC],
  });
  return comparison as RunComparison;
}

function renderReport(
  report: {
    readonly isBetter: boolean;
    readonly trees: number;
    readonly crossValidation: RunComparison;
  },
  { out }: TrainRankerLine,
): string {
  const { crossValidation: row } = report;
  const table = renderTable([
    [METRIC, 'queries', 'fusion', 'learned', 'difference', 'p'],
    [
      'cross-validated',
      String(row.queries),
      row.first.toFixed(4),
      row.second.toFixed(4),
      row.difference.toFixed(4),
      row.pValue.toFixed(4),
    ],
  ]);
  const verdict = report.isBetter
    ? 'Queries that the ranker has not seen gain.'
    : 'The gain may be chance: rank without it until there are more judgements.';
  return `${table}\n${verdict} ${report.trees} trees, written to ${out}.\n`;
}
