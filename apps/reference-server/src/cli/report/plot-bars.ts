import { escapeHtml } from './escape-html.js';
import { plotScale, seriesColor } from './plot-frame.js';

/** One bar, with the interval that its value lies in. */
export interface PlotBar {
  readonly name: string;
  readonly value: number;
  readonly interval?: readonly [low: number, high: number];
}

const WIDTH = 520;
const NAMES = 170;
const VALUES = 46;
const ROW = 24;

/** Draws shares from 0 to 1 as bars that lie, one below the other. */
export function plotBars(options: {
  readonly title: string;
  readonly note?: string;
  readonly bars: readonly PlotBar[];
  /** Whether the others are there to compare the first with. */
  readonly isFirstOwn?: boolean;
}): string {
  const { title, note, bars, isFirstOwn = false } = options;
  const x = plotScale([0, 1], [NAMES, WIDTH - VALUES]);
  const rows = bars.map(({ name, value, interval }, n) => {
    const middle = n * ROW + ROW / 2;
    const color = seriesColor(isFirstOwn && n > 0 ? 7 : 0);
    const bar = `<rect x="${NAMES}" y="${middle - 7}" width="${Math.max(0, x(value) - NAMES).toFixed(1)}" height="14" rx="1.5" fill="${color}"/>`;
    const whisker =
      interval === undefined
        ? ''
        : `<line x1="${x(interval[0]).toFixed(1)}" x2="${x(interval[1]).toFixed(1)}" y1="${middle}" y2="${middle}" stroke="var(--ink)" stroke-width="1.5"><title>${interval[0].toFixed(3)}–${interval[1].toFixed(3)}</title></line>`;
    return `<text x="${NAMES - 8}" y="${middle}" dy="0.32em" text-anchor="end" class="value">${escapeHtml(name)}</text>${bar}${whisker}<text x="${WIDTH - VALUES + 6}" y="${middle}" dy="0.32em" class="value">${value.toFixed(3)}</text>`;
  });
  const height = bars.length * ROW;
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="0" y2="${height}"/><text x="${x(tick)}" y="${height + 14}" text-anchor="middle">${tick}</text>`,
  );
  return `<figure><figcaption>${escapeHtml(title)}${note === undefined ? '' : `<small>${escapeHtml(note)}</small>`}</figcaption><svg viewBox="0 0 ${WIDTH} ${height + 20}" role="img" aria-label="${escapeHtml(title)}">${grid.join('')}${rows.join('')}</svg></figure>`;
}
