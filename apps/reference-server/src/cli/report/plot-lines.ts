import { escapeHtml } from './escape-html.js';
import { PLOT, plotFrame, plotScale, seriesColor } from './plot-frame.js';

/** One line: its points from left to right. */
export interface PlotSeries {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Draws shares from 0 to 1 over something, one line a series; the first stands out. */
export function plotLines(options: {
  readonly title: string;
  readonly note?: string;
  readonly x: {
    readonly label: string;
    readonly ticks: readonly number[];
    readonly isLogarithmic?: boolean;
  };
  readonly y: string;
  readonly series: readonly PlotSeries[];
}): string {
  const { ticks, label, isLogarithmic = false } = options.x;
  const on = (value: number): number => (isLogarithmic ? Math.log(value) : value);
  const range = [on(ticks[0] ?? 0), on(ticks.at(-1) ?? 1)] as const;
  const scale = plotScale(range, [PLOT.left, PLOT.width - PLOT.right]);
  const x = (value: number): number => scale(on(value));
  const y = plotScale([0, 1], [PLOT.height - PLOT.bottom, PLOT.top]);
  const marks = options.series.map(({ name, points }, n) => {
    const path = points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(' ');
    const dots = points.map(
      ([a, b]) =>
        `<circle cx="${x(a).toFixed(1)}" cy="${y(b).toFixed(1)}" r="${n === 0 ? 3 : 2}" fill="${seriesColor(n)}"><title>${escapeHtml(name)} ${a}: ${b.toFixed(3)}</title></circle>`,
    );
    return `<g><polyline points="${path}" fill="none" stroke="${seriesColor(n)}" stroke-width="${n === 0 ? 2.5 : 1.25}"${n === 0 ? '' : ' opacity="0.85"'}/>${dots.join('')}</g>`;
  });
  return plotFrame({
    title: options.title,
    ...(options.note === undefined ? {} : { note: options.note }),
    x: { label, ticks, at: x },
    y: { label: options.y, ticks: SHARES, at: y, format: (value) => value.toFixed(1) },
    // The first lies on top of the others.
    marks: marks.toReversed().join(''),
    legend: options.series.map(({ name }, series) => ({ name, series })),
  });
}
