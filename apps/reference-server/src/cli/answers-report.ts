import type { AnswerEvaluation, AnswerResult } from '@espalier/rag/evaluation';
import type { TimedAnswer } from './answer-source.js';
import { ANSWER_METRICS, type AnswersSummary } from './answer-metrics.js';
import { escapeHtml } from './report/escape-html.js';
import { plotBars } from './report/plot-bars.js';
import { plotHistogram } from './report/plot-histogram.js';
import { renderReport } from './report/render-report.js';
import { reportTable } from './report/report-table.js';

const WORST = 20;

/** Writes the report of an evaluation of answers as one HTML file. */
export function renderAnswersReport(options: {
  readonly report: AnswersSummary;
  readonly evaluation: AnswerEvaluation;
  readonly answers: readonly TimedAnswer[];
}): string {
  const { report, evaluation, answers } = options;
  const shown = ANSWER_METRICS.flatMap(([name, meaning]) => {
    const summary = report.metrics[name];
    return summary === undefined ? [] : [{ name, meaning, ...summary }];
  });
  const valuesOf = (metric: string): number[] =>
    evaluation.results.flatMap(({ metrics }) => metrics[metric] ?? []);
  const plots = [
    plotBars({
      title: 'All metrics',
      note: 'The thin line is the interval that holds the true mean in 95 of 100 cases.',
      bars: shown.map(({ name, mean, interval }) => ({ name, value: mean, interval })),
    }),
    ...['faithfulness', 'citationRecall', 'f1'].flatMap((metric) =>
      valuesOf(metric).length === 0
        ? []
        : [
            plotHistogram({
              title: `${metric} of each answer`,
              label: metric,
              counted: 'answers',
              values: valuesOf(metric),
              highest: 1,
            }),
          ],
    ),
    plotHistogram({
      title: 'Time of each answer',
      label: 'ms',
      counted: 'answers',
      values: answers.map(({ latencyMs }) => latencyMs),
    }),
  ];
  return renderReport({
    title: 'Answers',
    text: `${report.questions} questions to ${report.source}.`,
    facts: [
      ['judge', report.judge],
      ['declined', String(report.declined)],
      ['claims', String(report.claims)],
      ['p50', `${report.latencyMs.p50} ms`],
      ['p95', `${report.latencyMs.p95} ms`],
      ['tokens in', String(report.inputTokens)],
      ['tokens out', String(report.outputTokens)],
      ['cost', `$${report.costUsd.toFixed(4)}`],
    ],
    sections: [
      {
        heading: 'Metrics',
        html: reportTable(
          ['metric', 'mean', '95 % interval', 'of', 'what it is'],
          shown.map(({ name, meaning, mean, interval, count }) => [
            name,
            mean.toFixed(3),
            interval.map((value) => value.toFixed(3)).join(' … '),
            String(count),
            meaning,
          ]),
        ),
      },
      { heading: 'Plots', html: `<div class="plots">${plots.join('')}</div>` },
      {
        heading: 'Worst answers',
        text: 'Those whose claims rest least on what they cite, then those least like the reference.',
        html: worstAnswers(evaluation.results, answers),
      },
    ],
  });
}

function worstAnswers(results: readonly AnswerResult[], answers: readonly TimedAnswer[]): string {
  return results
    .flatMap((result, n) => {
      const answer = answers[n];
      return answer === undefined ? [] : [{ result, answer, quality: qualityOf(result, answer) }];
    })
    .sort((a, b) => a.quality - b.quality)
    .slice(0, WORST)
    .map(({ result, answer: { question, answer } }) => {
      const claims = result.claims.map(({ text, citations, isFaithful, isSupported }) => {
        const [tone, words] = isSupported
          ? ['good', 'supported by what it cites']
          : isFaithful
            ? ['soft', 'supported by another passage']
            : ['bad', 'not supported'];
        const cites = citations.length === 0 ? 'cites nothing' : `cites ${citations.join(', ')}`;
        return `<li>${escapeHtml(text)} <span class="${tone}">${words}; ${cites}</span></li>`;
      });
      const wanted =
        question.references.length === 0
          ? ''
          : `<p>Reference: ${escapeHtml(question.references.join(' / '))}</p>`;
      const kind = question.isAnswerable ? '' : ' (without an answer in the documents)';
      const body =
        claims.length === 0 ? `<p>${escapeHtml(answer)}</p>` : `<ul>${claims.join('')}</ul>`;
      return `<details><summary>${escapeHtml(question.question)}${kind}</summary>${body}${wanted}</details>`;
    })
    .join('');
}

function qualityOf({ metrics, isDeclined }: AnswerResult, { question }: TimedAnswer): number {
  if (!question.isAnswerable) return isDeclined ? 3 : 0;
  if (isDeclined) return 0.5;
  return (metrics['citationRecall'] ?? 1) + (metrics['holdsReference'] ?? metrics['f1'] ?? 1);
}
