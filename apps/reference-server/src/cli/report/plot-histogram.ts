import { PLOT, plotFrame, plotScale, plotTicks, seriesColor } from './plot-frame.js';

/** Draws how many values lie in each of some equal ranges; values above the last range count in it. */
export function plotHistogram(options: {
  readonly title: string;
  readonly note?: string;
  readonly label: string;
  readonly counted: string;
  readonly values: readonly number[];
  /** Where the last range ends. Default: a round number above the values. */
  readonly highest?: number;
  readonly bins?: number;
}): string {
  const { values, bins = 20 } = options;
  const ticks = plotTicks(options.highest ?? Math.max(0, ...values));
  const highest = ticks.at(-1) ?? 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor((value / highest) * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const most = plotTicks(Math.max(1, ...counts)).filter((tick) => Number.isInteger(tick));
  const x = plotScale([0, highest], [PLOT.left, PLOT.width - PLOT.right]);
  const base = PLOT.height - PLOT.bottom;
  const y = plotScale([0, Math.max(1, most.at(-1) ?? 1, ...counts)], [base, PLOT.top]);
  const marks = counts.map((count, bin) => {
    if (count === 0) return '';
    const [from, to] = [(bin * highest) / bins, ((bin + 1) * highest) / bins];
    const name = `${round(from)}–${round(to)}: ${count}`;
    return `<rect x="${(x(from) + 1).toFixed(1)}" y="${y(count).toFixed(1)}" width="${Math.max(1, x(to) - x(from) - 2).toFixed(1)}" height="${(base - y(count)).toFixed(1)}" rx="1.5" fill="${seriesColor(0)}"><title>${name}</title></rect>`;
  });
  return plotFrame({
    title: options.title,
    ...(options.note === undefined ? {} : { note: options.note }),
    x: { label: options.label, ticks, at: x, format: round },
    y: { label: options.counted, ticks: most, at: y },
    marks: marks.join(''),
  });
}

const round = (value: number): string => String(Number(value.toPrecision(4)));
