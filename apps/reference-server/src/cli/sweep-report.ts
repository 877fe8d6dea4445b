import type { RunComparison, TunedWeights } from '@espalier/rag/evaluation';
import { plotBars } from './report/plot-bars.js';
import { renderReport } from './report/render-report.js';
import { reportTable } from './report/report-table.js';

/** Writes the report of a sweep as one HTML file. */
export function renderSweepReport(
  report: TunedWeights & {
    readonly profile: string;
    readonly model: string;
    readonly metric: string;
    readonly passages: number;
    readonly judgedQueries: number;
  },
  start: Readonly<Record<string, number>>,
): string {
  const stages: (readonly [name: string, row: RunComparison])[] = [
    ['development', report.development],
    ['cross-validated', report.crossValidation],
    ['held out', report.heldOut],
  ];
  const largest = Math.max(1e-9, ...Object.values(start), ...Object.values(report.tuned));
  return renderReport({
    title: `Weights of profile ${report.profile}, tuned`,
    text: report.isAccepted
      ? 'The tuned weights are better on queries that nothing was chosen by.'
      : 'The gain may be chance: the weights of the profile stay.',
    facts: [
      ['metric', report.metric],
      ['model', report.model],
      ['passages', String(report.passages)],
      ['judged queries', String(report.judgedQueries)],
      ['accepted', report.isAccepted ? 'yes' : 'no'],
    ],
    sections: [
      {
        heading: 'Evidence',
        text: 'Paired randomisation test of the start against the tuned weights.',
        html: reportTable(
          [report.metric, 'queries', 'start', 'tuned', 'difference', '95 % interval', 'p'],
          stages.map(([name, row]) => [
            name,
            String(row.queries),
            row.first.toFixed(4),
            row.second.toFixed(4),
            row.difference.toFixed(4),
            row.interval.map((value) => value.toFixed(4)).join(' … '),
            row.pValue.toFixed(4),
          ]),
        ),
      },
      {
        heading: 'Weights',
        html: `<div class="plots">${[
          plotBars({
            title: `${report.metric} on the part held out`,
            isFirstOwn: true,
            bars: [
              { name: 'tuned', value: report.heldOut.second },
              { name: 'start', value: report.heldOut.first },
            ],
          }),
          plotBars({
            title: 'Tuned weights',
            note: `Each as a share of the largest, ${largest.toFixed(2)}.`,
            bars: Object.entries(report.tuned).map(([name, weight]) => ({
              name,
              value: weight / largest,
            })),
          }),
        ].join('')}</div>${reportTable(
          ['leg', 'start', 'tuned'],
          Object.entries(report.tuned).map(([leg, weight]) => [
            leg,
            (start[leg] ?? 0).toFixed(3),
            weight === start[leg]
              ? { text: weight.toFixed(3), tone: 'soft' as const }
              : { text: weight.toFixed(3), tone: 'good' as const },
          ]),
        )}`,
      },
    ],
  });
}
