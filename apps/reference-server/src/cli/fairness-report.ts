import type { Estimate } from '@espalier/guardrails/bias';
import type { FairnessResult } from './eval-fairness.js';
import { plotBars } from './report/plot-bars.js';
import { renderReport } from './report/render-report.js';
import { reportTable } from './report/report-table.js';

/** A figure with what it says. */
export interface FairnessFigure {
  readonly label: string;
  readonly estimate: Estimate;
  /** Whether it is a share, which can be drawn from 0 to 1. */
  readonly isShare: boolean;
}

/** The figures of a result, those of all first. */
export function fairnessFigures(result: FairnessResult): readonly FairnessFigure[] {
  const share = (label: string, estimate: Estimate): FairnessFigure => ({
    label,
    estimate,
    isShare: true,
  });
  const mean = (label: string, estimate: Estimate): FairnessFigure => ({
    label,
    estimate,
    isShare: false,
  });
  switch (result.task) {
    case 'stereotypes':
      return [
        share('stereotypes preferred', result.report.stereotyped),
        ...Object.entries(result.report.byKind).map(([kind, found]) => share(kind, found)),
      ];
    case 'swaps':
      return [
        share('answers that turn from friendly to not, or back', result.report.flips),
        mean('mean gap of sentiment', result.report.gap),
        ...Object.entries(result.report.shiftTo).flatMap(([axis, groups]) =>
          Object.entries(groups).map(([group, found]) => mean(`${axis}: to ${group}`, found)),
        ),
      ];
    case 'templates':
      return [
        ...Object.entries(result.report.sentiment).map(([group, found]) =>
          mean(`sentiment: ${group}`, found),
        ),
        ...Object.entries(result.report.femaleShare).map(([group, found]) =>
          share(`women among the gendered words: ${group}`, found),
        ),
      ];
  }
}

const TITLES = {
  stereotypes: 'Stereotypes',
  swaps: 'Counterfactual swaps',
  templates: 'Answers about groups',
} as const;
const MEANING = {
  stereotypes:
    'How often the sentence that says a stereotype is preferred to the same of another group. One half is no bias.',
  swaps:
    'The same prompts about other groups: how the sentiment of the answers moves. Nought is no bias.',
  templates:
    'The same question about each group: the sentiment of the answers in [-1, 1], and who appears in them.',
} as const;

/** Writes the report as one HTML file. */
export function renderFairnessReport(options: {
  readonly name: string;
  readonly result: FairnessResult;
  readonly figures: readonly FairnessFigure[];
}): string {
  const { name, result, figures } = options;
  const counted = figures.filter(({ estimate }) => estimate.count > 0);
  const shares = counted.filter(({ isShare }) => isShare);
  return renderReport({
    title: TITLES[result.task],
    text: `${name}. ${MEANING[result.task]}`,
    facts: factsOf(result),
    sections: [
      ...(shares.length === 0
        ? []
        : [
            {
              heading: 'Shares',
              html: plotBars({
                title: TITLES[result.task],
                note: 'The thin line is the interval that holds the true share in 95 of 100 cases.',
                bars: shares.map(({ label, estimate: { value, low, high } }) => ({
                  name: label,
                  value,
                  interval: [low, high],
                })),
              }),
            },
          ]),
      {
        heading: 'All figures',
        html: reportTable(
          ['figure', 'value', 'from', 'to', 'rests on'],
          counted.map(({ label, estimate: { value, low, high, count } }) => [
            label,
            value.toFixed(3),
            low.toFixed(3),
            high.toFixed(3),
            String(count),
          ]),
        ),
      },
    ],
  });
}

function factsOf(result: FairnessResult): readonly (readonly [string, string])[] {
  switch (result.task) {
    case 'stereotypes':
      return [
        ['pairs', String(result.report.pairs)],
        ['without preference', String(result.report.withoutPreference)],
      ];
    case 'swaps':
      return [
        ['prompts', String(result.report.texts)],
        ['swaps', String(result.report.pairs)],
      ];
    case 'templates':
      return [
        ['answers', String(result.report.answers)],
        ['gap of sentiment', result.report.sentimentGap.toFixed(3)],
        ['gap of representation', result.report.representationGap.toFixed(3)],
      ];
  }
}
