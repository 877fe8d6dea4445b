/** Counters of the process in the Prometheus text format. */
export interface Metrics {
  increment(name: MetricName, labels?: Readonly<Record<string, string>>, by?: number): void;
  /** Counts a duration into a histogram. Units: s. */
  observe(name: HistogramName, labels: Readonly<Record<string, string>>, seconds: number): void;
  /** A value read when the page is asked for. */
  gauge(name: string, help: string, read: () => number): void;
  render(): string;
}

const COUNTERS = {
  espalier_http_requests_total: 'HTTP requests by route, method and status.',
  espalier_tokens_total: 'Tokens by model and direction.',
  espalier_runs_total: 'Runs that ended or paused, by agent and outcome.',
  espalier_job_attempts_total: 'Attempts of jobs that ended, by kind and outcome.',
  espalier_rail_verdicts_total:
    'Texts that a rail did not allow as they were, by rail, point and action.',
  espalier_rail_faults_total: 'Rails that failed or were late, by rail, point and code.',
  espalier_escalations_total: 'Findings that the policy escalates to people, by rail and point.',
} as const;
type MetricName = keyof typeof COUNTERS;

const HISTOGRAMS = {
  espalier_http_request_duration_seconds: 'Time to the end of the answer by route.',
} as const;
type HistogramName = keyof typeof HISTOGRAMS;

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface Histogram {
  readonly counts: number[];
  sum: number;
  total: number;
}

/** Creates empty metrics. */
export function createMetrics(): Metrics {
  const counters = new Map<MetricName, Map<string, number>>();
  const histograms = new Map<HistogramName, Map<string, Histogram>>();
  const gauges = new Map<string, { help: string; read: () => number }>();

  return {
    increment(name, labels = {}, by = 1) {
      const series = counters.get(name) ?? new Map<string, number>();
      counters.set(name, series);
      const key = labelText(labels);
      series.set(key, (series.get(key) ?? 0) + by);
    },
    observe(name, labels, seconds) {
      const series = histograms.get(name) ?? new Map<string, Histogram>();
      histograms.set(name, series);
      const key = labelText(labels);
      const histogram = series.get(key) ?? { counts: BUCKETS.map(() => 0), sum: 0, total: 0 };
      series.set(key, histogram);
      BUCKETS.forEach((bound, index) => {
        if (seconds <= bound) histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
      });
      histogram.sum += seconds;
      histogram.total += 1;
    },
    gauge(name, help, read) {
      gauges.set(name, { help, read });
    },
    render() {
      const lines: string[] = [];
      for (const [name, series] of counters) {
        lines.push(`# HELP ${name} ${COUNTERS[name]}`, `# TYPE ${name} counter`);
        for (const [labels, value] of series) lines.push(`${name}${braced(labels)} ${value}`);
      }
      for (const [name, series] of histograms) {
        lines.push(`# HELP ${name} ${HISTOGRAMS[name]}`, `# TYPE ${name} histogram`);
        for (const [labels, histogram] of series) {
          const prefix = labels === '' ? '' : `${labels},`;
          BUCKETS.forEach((bound, index) => {
            lines.push(`${name}_bucket{${prefix}le="${bound}"} ${histogram.counts[index] ?? 0}`);
          });
          lines.push(
            `${name}_bucket{${prefix}le="+Inf"} ${histogram.total}`,
            `${name}_sum${braced(labels)} ${histogram.sum}`,
            `${name}_count${braced(labels)} ${histogram.total}`,
          );
        }
      }
      for (const [name, { help, read }] of gauges) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${read()}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
    )
    .join(',');
}

const braced = (labels: string): string => (labels === '' ? '' : `{${labels}}`);
