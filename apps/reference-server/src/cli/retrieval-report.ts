import type {
  CollectionPassage,
  CollectionQuery,
  Judgements,
  Run,
  RunComparison,
  RunEvaluation,
} from '@espalier/rag/evaluation';
import { escapeHtml } from './report/escape-html.js';
import { plotBars } from './report/plot-bars.js';
import { plotHistogram } from './report/plot-histogram.js';
import { plotLines } from './report/plot-lines.js';
import { renderReport } from './report/render-report.js';
import { reportTable } from './report/report-table.js';

/** What the report of an evaluation of retrieval shows. */
export interface RetrievalReportOptions {
  readonly profile: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly passages: readonly CollectionPassage[];
  readonly queries: readonly CollectionQuery[];
  readonly judgements: Judgements;
  readonly run: Run;
  readonly evaluation: RunEvaluation;
  /** The run of each leg alone. */
  readonly legs: ReadonlyMap<string, Run>;
  /** Units: milliseconds, one for each query. */
  readonly latencies: readonly number[];
}

const METRICS = ['ndcg@10', 'mrr', 'map', 'recall@5', 'recall@10', 'recall@20', 'recall@100'];
const DEPTHS = [1, 2, 3, 5, 10, 20, 50, 100];
const WORST = 15;
const SHOWN = 3;
const QUOTE = 260;

/** Writes the report as one HTML file. */
export async function renderRetrievalReport(options: RetrievalReportOptions): Promise<string> {
  const { evaluation, judgements, run, profile } = options;
  const { bootstrapInterval, compareRuns, evaluateRun, precisionRecallCurve, recallCurve } =
    await import('@espalier/rag/evaluation');
  const ndcg = [...evaluation.perQuery.values()].map((metrics) => metrics['ndcg@10'] ?? 0);
  const legs = [...options.legs].map(([name, legRun]) => ({
    name,
    run: legRun,
    evaluation: evaluateRun({ run: legRun, judgements }),
  }));
  legs.sort((a, b) => (b.evaluation.means['ndcg@10'] ?? 0) - (a.evaluation.means['ndcg@10'] ?? 0));
  // More lines than colours would say less.
  const lines = [{ name: profile, run }, ...legs.slice(0, 7)];
  const intervalOf = (metric: string): readonly [number, number] =>
    bootstrapInterval([...evaluation.perQuery.values()].map((metrics) => metrics[metric] ?? 0));
  const bars = [
    {
      name: `${profile}, all together`,
      value: evaluation.means['ndcg@10'] ?? 0,
      interval: intervalOf('ndcg@10'),
    },
    ...legs.map((leg) => ({ name: leg.name, value: leg.evaluation.means['ndcg@10'] ?? 0 })),
  ];
  const comparisons = legs.flatMap((leg) =>
    compareRuns({ first: leg.evaluation, second: evaluation, metrics: ['ndcg@10'] }).map((row) => ({
      name: leg.name,
      row,
    })),
  );
  const plots = [
    plotHistogram({
      title: 'nDCG@10 of each query',
      note: 'At the left are the queries that were not answered.',
      label: 'nDCG@10',
      counted: 'queries',
      values: ndcg,
      highest: 1,
    }),
    plotLines({
      title: 'Recall by depth',
      x: { label: 'passages read', ticks: DEPTHS, isLogarithmic: true },
      y: 'recall',
      series: lines.map((line) => ({
        name: line.name,
        points: recallCurve({ run: line.run, judgements, depths: DEPTHS }),
      })),
    }),
    plotLines({
      title: 'Precision by recall',
      note: 'Interpolated at eleven points.',
      x: { label: 'recall', ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
      y: 'precision',
      series: lines.map((line) => ({
        name: line.name,
        points: precisionRecallCurve({ run: line.run, judgements }),
      })),
    }),
    plotBars({
      title: 'nDCG@10 of each leg alone',
      note: 'Legs that look at the best candidates only rank those.',
      bars,
      isFirstOwn: true,
    }),
    plotHistogram({
      title: 'Time of each query',
      label: 'ms',
      counted: 'queries',
      values: options.latencies,
    }),
  ];
  return renderReport({
    title: `Retrieval, profile ${profile}`,
    text: `${options.queries.length} queries over ${options.passages.length} passages.`,
    facts: options.facts,
    sections: [
      {
        heading: 'Metrics',
        text: 'Means over the judged queries, with the interval that holds the true mean in 95 of 100 cases (bootstrap over queries).',
        html: reportTable(
          ['metric', 'mean', '95 % interval'],
          METRICS.map((metric) => [
            metric,
            (evaluation.means[metric] ?? 0).toFixed(4),
            intervalOf(metric)
              .map((value) => value.toFixed(4))
              .join(' … '),
          ]),
        ),
      },
      { heading: 'Plots', html: `<div class="plots">${plots.join('')}</div>` },
      {
        heading: 'What the legs give together',
        text: 'The whole ranking against each leg alone: paired randomisation test on nDCG@10.',
        html: reportTable(
          ['leg', 'alone', 'together', 'difference', '95 % interval', 'better', 'worse', 'p'],
          comparisons.map(({ name, row }) => comparisonRow(name, row)),
        ),
      },
      {
        heading: 'Worst queries',
        text: 'Those with the lowest nDCG@10: what was ranked first, and where the relevant passages stand.',
        html: worstQueries(options),
      },
    ],
  });
}

function comparisonRow(name: string, row: RunComparison) {
  const isSure = row.pValue < 0.05;
  const tone = isSure ? (row.difference < 0 ? 'bad' : 'good') : 'soft';
  return [
    name,
    row.first.toFixed(4),
    row.second.toFixed(4),
    { text: signed(row.difference), tone } as const,
    row.interval.map(signed).join(' … '),
    String(row.better),
    String(row.worse),
    row.pValue < 0.001 ? '< 0.001' : row.pValue.toFixed(3),
  ];
}

function worstQueries({
  evaluation,
  judgements,
  passages,
  queries,
  run,
}: RetrievalReportOptions): string {
  const textOf = new Map(passages.map(({ id, title, text }) => [id, { title, text }]));
  const asked = new Map(queries.map(({ id, text }) => [id, text]));
  const worst = [...evaluation.perQuery]
    .map(([query, metrics]) => ({ query, ndcg: metrics['ndcg@10'] ?? 0 }))
    .sort((a, b) => a.ndcg - b.ndcg)
    .slice(0, WORST);
  return worst
    .map(({ query, ndcg }) => {
      const ranked = run.get(query) ?? [];
      const judged = judgements.get(query);
      const show = (id: string): string => {
        const { title = '', text = '' } = textOf.get(id) ?? {};
        const words = text.length > QUOTE ? `${text.slice(0, QUOTE).toWellFormed()}…` : text;
        return `<code>${escapeHtml(id)}</code> ${title === '' ? '' : `<b>${escapeHtml(title)}</b> `}<span class="soft">${escapeHtml(words)}</span>`;
      };
      const first = ranked
        .slice(0, SHOWN)
        .map(({ id }) => `<li>${(judged?.get(id) ?? 0) > 0 ? '✓ ' : ''}${show(id)}</li>`);
      const relevant = [...(judged ?? [])]
        .filter(([, grade]) => grade > 0)
        .slice(0, SHOWN)
        .map(([id]) => {
          const place = ranked.findIndex((one) => one.id === id);
          return `<li><b>${place < 0 ? 'not ranked' : `rank ${place + 1}`}</b> ${show(id)}</li>`;
        });
      return `<details><summary>${ndcg.toFixed(3)} · ${escapeHtml(asked.get(query) ?? query)}</summary><p>Ranked first</p><ol>${first.join('')}</ol><p>Relevant</p><ul>${relevant.join('')}</ul></details>`;
    })
    .join('');
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
