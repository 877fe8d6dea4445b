import { escapeHtml } from './escape-html.js';

/** The drawing area of a plot, in the units of its view box. */
export const PLOT = { width: 520, height: 260, left: 46, right: 14, top: 12, bottom: 38 } as const;

/** An axis: where values lie, and which of them are written down. */
export interface PlotAxis {
  readonly label: string;
  readonly ticks: readonly number[];
  readonly at: (value: number) => number;
  readonly format?: (value: number) => string;
}

/** A scale that takes values of `[low, high]` to places of `[from, to]`. */
export function plotScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): (value: number) => number {
  const width = high - low || 1;
  return (value) => from + ((value - low) / width) * (to - from);
}

/** Four to six round numbers from 0 to at least `highest`. */
export function plotTicks(highest: number): number[] {
  const rough = Math.max(highest, Number.MIN_VALUE) / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * size >= rough) ?? 10) * size;
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: Math.max(1, count) + 1 }, (_, n) =>
    Number((n * step).toPrecision(12)),
  );
}

/** Draws grid, axes and their labels around `marks`. */
export function plotFrame(options: {
  readonly title: string;
  readonly note?: string;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly marks: string;
  readonly legend?: readonly { readonly name: string; readonly series: number }[];
}): string {
  const { title, note, x, y, marks, legend = [] } = options;
  const { width, height, left, right, bottom } = PLOT;
  const base = height - bottom;
  const rows = y.ticks.map((tick) => {
    const at = y.at(tick).toFixed(1);
    return `<line class="grid" x1="${left}" x2="${width - right}" y1="${at}" y2="${at}"/><text x="${left - 6}" y="${at}" dy="0.32em" text-anchor="end">${labelOf(y, tick)}</text>`;
  });
  const columns = x.ticks.map(
    (tick) =>
      `<text x="${x.at(tick).toFixed(1)}" y="${base + 15}" text-anchor="middle">${labelOf(x, tick)}</text>`,
  );
  const names = `<text x="${(left + width - right) / 2}" y="${height - 5}" text-anchor="middle">${escapeHtml(x.label)}</text><text transform="translate(11 ${(PLOT.top + base) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(y.label)}</text>`;
  const keys = legend.map(
    ({ name, series }) =>
      `<span><i style="background:${seriesColor(series)}"></i>${escapeHtml(name)}</span>`,
  );
  return `<figure><figcaption>${escapeHtml(title)}${note === undefined ? '' : `<small>${escapeHtml(note)}</small>`}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${rows.join('')}${columns.join('')}<line class="axis" x1="${left}" x2="${width - right}" y1="${base}" y2="${base}"/>${marks}${names}</svg>${keys.length === 0 ? '' : `<div class="legend">${keys.join('')}</div>`}</figure>`;
}

/** The colour of the n-th series. */
export function seriesColor(series: number): string {
  return `var(--s${series % 8})`;
}

function labelOf({ format = shortNumber }: PlotAxis, tick: number): string {
  return escapeHtml(format(tick));
}

/** Long numbers would be cut off at the edge. */
function shortNumber(value: number): string {
  return Math.abs(value) < 10_000 ? String(value) : `${value / 1000}k`;
}
