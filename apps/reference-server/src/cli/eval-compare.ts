import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { evalInputError, readRows, reportProblems } from './eval-files.js';
import { renderTable } from './output/table.js';

/** Options of `espalier eval compare`. */
export interface EvalCompareOptions {
  readonly qrels: string;
  readonly json?: boolean;
}

const METRICS = ['ndcg@10', 'mrr', 'map', 'recall@10', 'recall@100'];

/** Prints how two runs differ, and how often chance alone would make them differ so. */
export async function evalCompare(
  files: readonly [string, string],
  options: EvalCompareOptions,
  context: CliContext,
): Promise<number> {
  const { compareRuns, evaluateRun, parseJudgements, parseRun } =
    await import('@espalier/rag/evaluation');
  const judgements = await readRows(options.qrels, parseJudgements, context);
  const first = await readRows(files[0], parseRun, context);
  const second = await readRows(files[1], parseRun, context);
  const problems = [...judgements.problems, ...first.problems, ...second.problems];
  reportProblems(problems, { strict: false }, context);
  const evaluate = (run: typeof first) =>
    evaluateRun({ run: run.rows, judgements: judgements.rows });
  const comparisons = compareRuns({
    first: evaluate(first),
    second: evaluate(second),
    metrics: METRICS,
  });
  if (comparisons.every(({ queries }) => queries === 0)) {
    throw evalInputError(`The file ${options.qrels} judges no query as answered by any passage.`);
  }
  if (options.json === true) {
    context.out(`${JSON.stringify({ first: files[0], second: files[1], comparisons })}\n`);
    return EXIT.ok;
  }
  context.out(
    renderTable([
      ['metric', 'first', 'second', 'difference', '95 % interval', 'better/worse', 'p'],
      ...comparisons.map((row) => [
        row.metric,
        row.first.toFixed(4),
        row.second.toFixed(4),
        signed(row.difference),
        `${signed(row.interval[0])} … ${signed(row.interval[1])}`,
        `${row.better}/${row.worse}`,
        row.pValue < 0.001 ? '< 0.001' : row.pValue.toFixed(3),
      ]),
    ]),
  );
  return EXIT.ok;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
