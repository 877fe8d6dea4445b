import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RunComparison } from '@espalier/rag/evaluation';
import type { HybridProfile } from '@espalier/rag/ranking';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { assertCount, evalInputError, readRows, reportProblems } from './eval-files.js';
import { openRanker } from './eval-ranker.js';
import { createProgressBar } from './output/progress-bar.js';
import { renderTable } from './output/table.js';

/** Options of `espalier eval sweep`. */
export interface EvalSweepOptions {
  readonly corpus: string;
  readonly queries: string;
  readonly qrels: string;
  readonly profile: HybridProfile;
  readonly out?: string;
  readonly html?: string;
  readonly metric: string;
  readonly legs?: string;
  readonly holdout: number;
  readonly folds: number;
  readonly seed: number;
  readonly threads?: number;
  readonly cache?: string;
  readonly json?: boolean;
}

const DEPTH = 100;
const MIN_QUERIES = 10;

/** Tunes the weights of a profile on a part of the judged queries, and prints what the other part gains. */
export async function evalSweep(options: EvalSweepOptions, context: CliContext): Promise<number> {
  assertCount('threads', options.threads);
  const { evaluateRun, parseCorpus, parseJudgements, parseQueries, tuneWeights } =
    await import('@espalier/rag/evaluation');
  const { HYBRID_PROFILES } = await import('@espalier/rag/ranking');
  const corpus = await readRows(options.corpus, parseCorpus, context);
  const queries = await readRows(options.queries, parseQueries, context);
  const judgements = await readRows(options.qrels, parseJudgements, context);
  const problems = [...corpus.problems, ...queries.problems, ...judgements.problems];
  reportProblems(problems, { strict: false }, context);
  const judged = queries.rows.filter(({ id }) =>
    [...(judgements.rows.get(id)?.values() ?? [])].some((grade) => grade > 0),
  );
  assertOptions(options, judged.length);

  const { candidates, ...start } = HYBRID_PROFILES[options.profile];
  const legs = options.legs?.split(',').map((name) => name.trim());
  const unknown = legs?.find((name) => !(name in start));
  if (unknown !== undefined) {
    const known = Object.keys(start).join(', ');
    throw evalInputError(`There is no leg "${unknown}". Legs are ${known}.`);
  }
  const progress = createProgressBar(context);
  const { ranker, model, close } = await openRanker(
    { ...options, passages: corpus.rows, progress },
    context,
  );
  try {
    const evaluate = async (weights: Readonly<Record<string, number>>) => {
      const run = new Map<string, readonly { id: string; score: number }[]>();
      for (const { id, text } of judged) {
        const matches = await ranker.rank({
          query: text,
          topK: DEPTH,
          weights: { ...start, ...weights, candidates },
          abortSignal: context.abortSignal,
        });
        run.set(id, matches);
      }
      const { perQuery } = evaluateRun({ run, judgements: judgements.rows });
      return new Map([...perQuery].map(([id, metrics]) => [id, metrics[options.metric] ?? 0]));
    };
    const result = await tuneWeights({
      start: { ...start },
      ...(legs === undefined ? {} : { legs }),
      queries: judged.map(({ id }) => id),
      evaluate,
      holdout: options.holdout,
      folds: options.folds,
      seed: options.seed,
      onProgress: (done) => {
        progress.update({ label: 'trying weights', done, total: done + 1 });
      },
      abortSignal: context.abortSignal,
    });
    progress.end();
    const report = {
      profile: options.profile,
      model,
      metric: options.metric,
      passages: corpus.rows.length,
      judgedQueries: judged.length,
      ...result,
    };
    if (options.out !== undefined) {
      const text = `${JSON.stringify(report, undefined, 2)}\n`;
      await writeFile(resolve(context.directory, options.out), text);
    }
    if (options.html !== undefined) {
      const { renderSweepReport } = await import('./sweep-report.js');
      const html = renderSweepReport(report, start);
      await writeFile(resolve(context.directory, options.html), html);
    }
    context.out(
      options.json === true
        ? `${JSON.stringify(report)}\n`
        : renderReport(report, { before: start, out: options.out }),
    );
    return EXIT.ok;
  } finally {
    progress.end();
    await close();
  }
}

function renderReport(
  report: {
    readonly metric: string;
    readonly isAccepted: boolean;
    readonly tuned: Readonly<Record<string, number>>;
    readonly development: RunComparison;
    readonly crossValidation: RunComparison;
    readonly heldOut: RunComparison;
  },
  { before, out }: { before: Readonly<Record<string, number>>; out: string | undefined },
): string {
  const changed = Object.entries(report.tuned).filter(([leg, weight]) => weight !== before[leg]);
  const rowOf = (name: string, row: RunComparison): string[] => [
    name,
    String(row.queries),
    row.first.toFixed(4),
    row.second.toFixed(4),
    row.difference.toFixed(4),
    row.pValue.toFixed(4),
  ];
  const table = renderTable([
    [report.metric, 'queries', 'start', 'tuned', 'difference', 'p'],
    rowOf('development', report.development),
    rowOf('cross-validated', report.crossValidation),
    rowOf('held out', report.heldOut),
  ]);
  const changes = changed.map(([leg, weight]) => `${leg} ${before[leg] ?? 0} → ${weight}`);
  const verdict = report.isAccepted
    ? `The tuned weights are better: ${changes.join(', ')}.`
    : 'The gain may be chance: the weights of the profile stay.';
  return `${table}\n${verdict}${out === undefined ? '' : ` Written to ${out}.`}\n`;
}

function assertOptions({ holdout, folds }: EvalSweepOptions, judged: number): void {
  if (!(holdout > 0 && holdout < 1))
    throw evalInputError('The option --holdout must be a share between 0 and 1.');
  if (!Number.isInteger(folds) || folds < 2)
    throw evalInputError('The option --folds must be a whole number from 2.');
  if (judged < MIN_QUERIES) {
    throw evalInputError(
      `Only ${judged} queries have a passage judged relevant; tuning needs ${MIN_QUERIES}, and some hundred tell more.`,
    );
  }
}
