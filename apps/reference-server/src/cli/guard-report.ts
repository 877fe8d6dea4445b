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
const WIDTH = 480;
const HEIGHT = 320;

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
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Guardrails: ${escape(task)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f23; background: #fff }
table { border-collapse: collapse; width: 100% } td, th { border-bottom: 1px solid #ddd; padding: .3rem .6rem; text-align: left; vertical-align: top }
td.text { white-space: pre-wrap; overflow-wrap: anywhere } input { font: inherit; padding: .3rem; width: 100%; margin: .5rem 0 }
</style>
<h1>Guardrails: ${escape(task)}</h1>
<table>${[...Object.entries(figures), ...Object.entries(facts)].map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(String(value))}</td></tr>`).join('')}
${peersOf(task)
  .map(
    ([name, value]) =>
      `<tr><th scope="row">Published: ${escape(name)}</th><td>${escape(value)}</td></tr>`,
  )
  .join('')}</table>
<h2>Precision over recall</h2>
${renderCurve(rows)}
${renderRows(
  'False positives',
  alarms.toSorted((a, b) => b.score - a.score),
)}
${renderRows(
  'Misses',
  misses.toSorted((a, b) => a.score - b.score),
)}
<script>
for (const input of document.querySelectorAll('input'))
  input.addEventListener('input', () => {
    for (const row of document.querySelectorAll('#' + input.dataset.table + ' tbody tr'))
      row.hidden = !row.textContent.toLowerCase().includes(input.value.toLowerCase());
  });
</script>
</html>
`;
}

function renderCurve(rows: readonly ReportedRow[]): string {
  const points = precisionRecallCurve(rows)
    .map(
      ({ recall, precision }) =>
        `${(recall * WIDTH).toFixed(1)},${((1 - precision) * HEIGHT).toFixed(1)}`,
    )
    .join(' ');
  return `<svg viewBox="-40 -10 ${WIDTH + 60} ${HEIGHT + 50}" width="${WIDTH}" role="img" aria-label="Precision over recall">
<rect width="${WIDTH}" height="${HEIGHT}" fill="none" stroke="#999"/><polyline points="${points}" fill="none" stroke="#0a58ca" stroke-width="2"/>
<text x="${WIDTH / 2}" y="${HEIGHT + 30}" text-anchor="middle">recall</text><text x="-30" y="-2">precision</text></svg>`;
}

function renderRows(title: string, rows: readonly ReportedRow[]): string {
  const id = title.toLowerCase().replaceAll(' ', '-');
  const shown = rows.slice(0, SHOWN_ROWS);
  return `<h2>${title}: ${rows.length}</h2>
<input type="search" data-table="${id}" aria-label="Filter ${title.toLowerCase()}" placeholder="Filter">
<table id="${id}"><thead><tr><th>id</th><th>score</th><th>categories</th><th>text</th></tr></thead><tbody>
${shown
  .map(
    (row) =>
      `<tr><td>${escape(String(row.id))}</td><td>${row.score.toFixed(3)}</td><td>${escape(row.categories.join(', '))}</td><td class="text">${escape(row.text.slice(0, SHOWN_CHARACTERS))}</td></tr>`,
  )
  .join('\n')}
</tbody></table>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
