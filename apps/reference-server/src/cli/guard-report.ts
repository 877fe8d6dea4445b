import { escapeHtml } from './report/escape-html.js';
import { plotHistogram } from './report/plot-histogram.js';
import { plotLines } from './report/plot-lines.js';
import { REPORT_STYLES } from './report/report-styles.js';
import { reportTable } from './report/report-table.js';
import { precisionRecallCurve, type GuardFigures, type LabelledScore } from './guard-figures.js';

/** A judged row as the report shows it. */
export interface ReportedRow extends LabelledScore {
  readonly id: string | number;
  readonly text: string;
  /** The categories above their thresholds. */
  readonly categories: readonly string[];
}

const SHOWN_ROWS = 200;
const SHOWN_CHARACTERS = 400;
const MOST_POINTS = 200;

/** What others published on the well-known public sets of a task; the rows of a report are the user's own. */
const PEERS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  moderation: [
    ['OpenAI moderation set, AUPRC: a paid moderation API', '.856'],
    ['OpenAI moderation set, AUPRC: averaged linear models, zero-shot', '.772'],
    ['EDOS task A, macro-F1: best of 84 teams', '.875'],
  ],
  injection: [
    ['Attack sources left out, recall at 1 % false positives: linear models', '.16 to .91'],
  ],
};

/** The published figures that stand beside those of a task. */
export function peersOf(task: string): readonly (readonly [string, string])[] {
  return PEERS[task] ?? [];
}

/** Writes the figures of a run, its precision-recall curve, and the rows it got wrong, surest first, as one HTML file. */
export function renderGuardReport(options: {
  readonly task: string;
  readonly figures: GuardFigures;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly rows: readonly ReportedRow[];
}): string {
  const { task, figures, facts, rows } = options;
  const alarms = rows.filter(({ label, flagged }) => flagged && label === 0);
  const misses = rows.filter(({ label, flagged }) => !flagged && label === 1);
  const shown = [...Object.entries(figures), ...Object.entries(facts)].map(
    ([name, value]) =>
      `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(shownValue(value))}</dd></div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Guardrails: ${escapeHtml(task)}</title>
<style>${REPORT_STYLES}
td.text { white-space: pre-wrap; overflow-wrap: anywhere } tr[hidden] { display: none }
input { font: inherit; padding: 6px 10px; width: min(100%, 420px); margin: 8px 0; color: inherit; background: var(--card);
  border: 1px solid var(--line); border-radius: 6px }
</style>
</head>
<body><main>
<header><h1>Guardrails: ${escapeHtml(task)}</h1>
<p>Each row was judged alone. Flagged is what the policy default stops.</p>
<dl class="facts">${shown.join('')}</dl></header>
${renderPeers(task)}
<div class="plots">${plotCurve(rows)}${plotScores(rows)}</div>
${renderRows(
  'False positives',
  alarms.toSorted((a, b) => b.score - a.score),
)}
${renderRows(
  'Misses',
  misses.toSorted((a, b) => a.score - b.score),
)}
</main>
<script>
for (const input of document.querySelectorAll('input'))
  input.addEventListener('input', () => {
    let count = 0;
    for (const row of document.querySelectorAll('#' + input.dataset.table + ' tbody tr')) {
      row.hidden = !row.textContent.toLowerCase().includes(input.value.toLowerCase());
      if (!row.hidden) count += 1;
    }
    input.nextElementSibling.textContent = count + ' shown';
  });
</script>
</body>
</html>
`;
}

function shownValue(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(3) : String(value);
}

function renderPeers(task: string): string {
  const peers = peersOf(task);
  if (peers.length === 0) return '';
  return `<section><h2>Published by others</h2><p>On the public sets that are named, not on these rows.</p>${reportTable(
    ['what', 'figure'],
    peers.map(([name, value]) => [name, value]),
  )}</section>`;
}

function plotCurve(rows: readonly ReportedRow[]): string {
  return plotLines({
    title: 'Precision over recall',
    note: 'From the surest row on; a point says how many of the rows so far are harmful, and how many of all harmful rows they are.',
    x: { label: 'recall', ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    y: 'precision',
    series: [
      {
        name: 'precision',
        points: thinned(precisionRecallCurve(rows)).map(({ recall, precision }) => [
          recall,
          precision,
        ]),
      },
    ],
  });
}

/** No more points than can be told apart. */
function thinned<Value>(points: readonly Value[]): readonly Value[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, at) => at % step === 0 || at === points.length - 1);
}

function plotScores(rows: readonly ReportedRow[]): string {
  const scoresOf = (wanted: number): number[] =>
    rows.filter(({ label }) => label === wanted).map(({ score }) => score);
  return (['harmless', 'harmful'] as const)
    .map((counted, label) =>
      plotHistogram({
        title: `Scores of ${counted} rows`,
        label: 'score',
        counted: 'rows',
        values: scoresOf(label),
        highest: 1,
      }),
    )
    .join('');
}

function renderRows(title: string, rows: readonly ReportedRow[]): string {
  const id = title.toLowerCase().replaceAll(' ', '-');
  const shown = rows.slice(0, SHOWN_ROWS);
  const heading = `<section><h2>${title}: ${rows.length}</h2>`;
  if (shown.length === 0) return `${heading}<p>None.</p></section>`;
  const rest = rows.length > shown.length ? ` The ${shown.length} furthest off are here.` : '';
  return `${heading}<p>Furthest off first.${rest}</p>
<input type="search" data-table="${id}" aria-label="Filter ${title.toLowerCase()}" placeholder="Filter by text, category or id">
<span class="soft">${shown.length} shown</span>
<div class="scroll"><table id="${id}"><thead><tr><th>id</th><th class="number">score</th><th>categories</th><th>text</th></tr></thead><tbody>
${shown
  .map(
    (row) =>
      `<tr><td>${escapeHtml(String(row.id))}</td><td class="number">${row.score.toFixed(3)}</td><td>${escapeHtml(row.categories.join(', '))}</td><td class="text">${escapeHtml(row.text.slice(0, SHOWN_CHARACTERS))}${row.text.length > SHOWN_CHARACTERS ? '…' : ''}</td></tr>`,
  )
  .join('\n')}
</tbody></table></div></section>`;
}
