import type { ReactElement } from 'react';
import { LineChart, type ChartSeries } from '../../components/line-chart.js';
import { formatBytes, formatInteger, formatScore } from '../../format/format-number.js';
import type { Point, TrainingView } from '../../training/training-view.js';
import styles from './training-job-page.module.css';

/** The curves that every job has, in this order. */
const CHARTS: readonly { name: string; title: string; format: (value: number) => string }[] = [
  { name: 'learning_rate', title: 'Learning rate', format: (rate) => rate.toPrecision(3) },
  { name: 'grad_norm', title: 'Gradient norm', format: formatScore },
  { name: 'tokens_per_second', title: 'Tokens a second', format: formatInteger },
  { name: 'memory_bytes', title: 'Memory', format: formatBytes },
];
const KNOWN = ['loss', ...CHARTS.map(({ name }) => name)];

/** What the steps of a job measured, as curves. */
export function JobCharts(props: { view: TrainingView }): ReactElement {
  const { series, evaluations } = props.view;
  const of = (name: string): readonly Point[] => series.get(name) ?? [];
  const evaluated: ChartSeries = {
    name: 'evaluation',
    tone: 'bark',
    hasMarks: true,
    points: evaluations.map(({ step, loss }) => ({ step, value: loss })),
  };
  const others = [...series.keys()].filter((name) => !KNOWN.includes(name));
  return (
    <section aria-label="Curves" className={styles['charts']}>
      <LineChart
        title="Loss"
        series={[{ name: 'training', tone: 'leaf', points: of('loss') }, evaluated]}
        format={formatScore}
      />
      {CHARTS.map(({ name, title, format }) => (
        <LineChart
          key={name}
          title={title}
          series={[{ name: title.toLowerCase(), tone: 'leaf', points: of(name) }]}
          format={format}
        />
      ))}
      {others.map((name) => (
        <LineChart
          key={name}
          title={metricTitle(name)}
          series={[{ name: metricTitle(name).toLowerCase(), tone: 'leaf', points: of(name) }]}
          format={formatScore}
        />
      ))}
    </section>
  );
}

/** `reward_margin` as `Reward margin`. */
function metricTitle(name: string): string {
  const words = name.replaceAll(/[_/]/gu, ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
