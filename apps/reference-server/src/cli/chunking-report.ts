import type { ChunkingMetrics, ChunkingQuestion, EvaluatedChunk } from '@espalier/rag/evaluation';
import { escapeHtml } from './report/escape-html.js';
import { plotHistogram } from './report/plot-histogram.js';
import { renderReport } from './report/render-report.js';

/** A question with what was found for it, and how well that holds the answer. */
export type ChunkingResult = ChunkingMetrics & {
  readonly question: ChunkingQuestion;
  readonly found: readonly EvaluatedChunk[];
};

const WORST = 20;
const QUOTE = 400;

/** Writes the report of an evaluation of chunking as one HTML file. */
export function renderChunkingReport(options: {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly results: readonly ChunkingResult[];
  readonly textOf: (documentId: string) => string;
}): string {
  const { results } = options;
  const plots = (['recall', 'precision', 'iou'] as const).map((metric) =>
    plotHistogram({
      title: `${metric === 'iou' ? 'IoU' : metric} of each question`,
      label: metric === 'iou' ? 'IoU' : metric,
      counted: 'questions',
      values: results.map((result) => result[metric]),
      highest: 1,
    }),
  );
  plots.push(
    plotHistogram({
      title: 'Characters found for a question',
      label: 'characters',
      counted: 'questions',
      values: results.map(({ found }) =>
        found.reduce((sum, { span }) => sum + span.end - span.start, 0),
      ),
    }),
  );
  return renderReport({
    title: options.title,
    text: 'How well the passages found for each question hold the text that answers it.',
    facts: options.facts,
    sections: [
      { heading: 'Plots', html: `<div class="plots">${plots.join('')}</div>` },
      {
        heading: 'Worst questions',
        text: 'Those of whose answers least was found.',
        html: worst(options),
      },
    ],
  });
}

function worst({
  results,
  textOf,
}: {
  readonly results: readonly ChunkingResult[];
  readonly textOf: (documentId: string) => string;
}): string {
  const quote = (documentId: string, { start, end }: EvaluatedChunk['span']): string => {
    const text = textOf(documentId).slice(start, end);
    return escapeHtml(text.length > QUOTE ? `${text.slice(0, QUOTE).toWellFormed()}…` : text);
  };
  return results
    .toSorted((a, b) => a.recall - b.recall || a.iou - b.iou)
    .slice(0, WORST)
    .map(({ question, found, recall, iou }) => {
      const wanted = question.references.map(
        (span) => `<li>${quote(question.documentId, span)}</li>`,
      );
      const shown = found.map(
        ({ documentId, span }) =>
          `<li><code>${escapeHtml(documentId)}</code> <span class="soft">${quote(documentId, span)}</span></li>`,
      );
      return `<details><summary>recall ${recall.toFixed(3)}, IoU ${iou.toFixed(3)} · ${escapeHtml(question.question)}</summary><p>Wanted</p><ul>${wanted.join('')}</ul><p>Found</p><ol>${shown.join('')}</ol></details>`;
    })
    .join('');
}
