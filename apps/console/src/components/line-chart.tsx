import {
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
} from 'react';
import { chartScale, thinOut, type ChartScale } from './chart-scale.js';
import { classes } from './classes.js';
import styles from './line-chart.module.css';

/** One curve. */
export interface ChartSeries {
  readonly name: string;
  readonly tone: 'leaf' | 'bark';
  /** In the order of their steps. */
  readonly points: readonly { readonly step: number; readonly value: number }[];
  /** Marks each point, for curves of few. */
  readonly hasMarks?: boolean;
}

const HEIGHT = 190;
const MARGIN = { top: 10, right: 10, bottom: 24, left: 68 };
const DEFAULT_WIDTH = 480;

/**
 * Curves over the steps of a run. The pointer, or the arrow keys once it has the focus, choose a step whose values are
 * told above; without a choice the last ones are.
 */
export function LineChart(props: {
  title: string;
  series: readonly ChartSeries[];
  format: (value: number) => string;
}): ReactElement {
  const { title, format } = props;
  const series = props.series.filter(({ points }) => points.length > 0);
  const titleId = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(DEFAULT_WIDTH);
  const [chosen, setChosen] = useState<number>();

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const measure = (): void => setWidth(Math.max(200, element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const longest = series.reduce<ChartSeries | undefined>(
    (best, one) => (best === undefined || one.points.length > best.points.length ? one : best),
    undefined,
  );
  const steps = longest?.points.map(({ step }) => step) ?? [];
  const first = Math.min(...series.map(({ points }) => points[0]?.step ?? 0));
  const last = Math.max(...series.map(({ points }) => points.at(-1)?.step ?? 1));
  const scale = chartScale(series.flatMap(({ points }) => points.map(({ value }) => value)));
  const x = (step: number): number =>
    MARGIN.left +
    (last === first ? 0.5 : (step - first) / (last - first)) * (width - MARGIN.left - MARGIN.right);
  const y = (value: number): number =>
    HEIGHT -
    MARGIN.bottom -
    ((value - scale.min) / (scale.max - scale.min)) * (HEIGHT - MARGIN.top - MARGIN.bottom);

  const at = chosen ?? last;
  const told = series.flatMap(({ name, points }) => {
    const value = valueAt(points, at);
    return value === undefined ? [] : [`${name} ${format(value)}`];
  });
  const words = `Step ${at}: ${told.join(', ')}`;

  const move = (event: KeyboardEvent): void => {
    const index = nearest(steps, at);
    const page = Math.max(1, Math.round(steps.length / 10));
    const by: Record<string, number> = {
      ArrowLeft: index - 1,
      ArrowDown: index - 1,
      ArrowRight: index + 1,
      ArrowUp: index + 1,
      PageDown: index - page,
      PageUp: index + page,
      Home: 0,
      End: steps.length - 1,
    };
    const to = by[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setChosen(steps[Math.min(Math.max(to, 0), steps.length - 1)]);
  };
  const point = (clientX: number, element: Element): void => {
    const share =
      (clientX - element.getBoundingClientRect().left - MARGIN.left) /
      (width - MARGIN.left - MARGIN.right);
    setChosen(steps[nearest(steps, first + share * (last - first))]);
  };

  return (
    <figure className={styles['chart']}>
      <figcaption className={styles['head']}>
        <span id={titleId} className={styles['title']}>
          {title}
        </span>
        <span className={styles['told']}>{series.length > 0 && words}</span>
      </figcaption>
      <div ref={frame} className={styles['frame']}>
        {series.length === 0 ? (
          <p className={styles['none']}>Nothing measured yet.</p>
        ) : (
          <div
            role="slider"
            tabIndex={0}
            aria-labelledby={titleId}
            aria-valuemin={first}
            aria-valuemax={last}
            aria-valuenow={at}
            aria-valuetext={words}
            className={styles['plot']}
            onKeyDown={move}
            onPointerMove={(event) => point(event.clientX, event.currentTarget)}
            onPointerLeave={() => setChosen(undefined)}
            onBlur={() => setChosen(undefined)}
          >
            <svg width={width} height={HEIGHT} aria-hidden="true">
              <Grid
                scale={scale}
                first={first}
                last={last}
                x={x}
                y={y}
                width={width}
                format={format}
              />
              {series.map(({ name, tone, points, hasMarks }) => (
                <Curve
                  key={name}
                  points={thinOut(points, Math.round(width / 2)).map(({ step, value }) => [
                    x(step),
                    y(value),
                  ])}
                  tone={tone}
                  hasMarks={hasMarks === true}
                />
              ))}
              {chosen !== undefined && (
                <line
                  x1={x(chosen)}
                  x2={x(chosen)}
                  y1={MARGIN.top}
                  y2={HEIGHT - MARGIN.bottom}
                  className={styles['cursor']}
                />
              )}
            </svg>
          </div>
        )}
      </div>
      {series.length > 1 && (
        <ul className={styles['legend']}>
          {series.map(({ name, tone }) => (
            <li key={name} className={styles[tone]}>
              {name}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

function Grid(props: {
  scale: ChartScale;
  first: number;
  last: number;
  width: number;
  x: (step: number) => number;
  y: (value: number) => number;
  format: (value: number) => string;
}): ReactElement {
  const { scale, first, last, width, x, y, format } = props;
  return (
    <g>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={y(tick)}
            y2={y(tick)}
            className={styles['line']}
          />
          <text
            x={MARGIN.left - 8}
            y={y(tick)}
            dy="0.32em"
            textAnchor="end"
            className={styles['tick']}
          >
            {format(tick)}
          </text>
        </g>
      ))}
      <text x={x(first)} y={HEIGHT - 6} className={styles['tick']}>
        {first}
      </text>
      {last !== first && (
        <text x={x(last)} y={HEIGHT - 6} textAnchor="end" className={styles['tick']}>
          {last}
        </text>
      )}
    </g>
  );
}

function Curve(props: {
  points: readonly (readonly [number, number])[];
  tone: ChartSeries['tone'];
  hasMarks: boolean;
}): ReactElement {
  const { points, tone } = props;
  const path = points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
  return (
    <g className={classes(styles['curve'], styles[tone])}>
      <polyline points={path} />
      {(props.hasMarks || points.length === 1) &&
        points.map(([px, py]) => <circle key={px} cx={px} cy={py} r={3} />)}
    </g>
  );
}

/** The value at a step, or at the last one before it. */
function valueAt(points: ChartSeries['points'], step: number): number | undefined {
  return points.findLast((point) => point.step <= step)?.value;
}

/** Where in a rising list the number nearest to `wanted` stands. */
function nearest(steps: readonly number[], wanted: number): number {
  let low = 0;
  let high = steps.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) <= wanted) low = middle;
    else high = middle;
  }
  const below = Math.abs((steps[low] ?? 0) - wanted);
  const above = Math.abs((steps[high] ?? 0) - wanted);
  return above < below ? high : low;
}
