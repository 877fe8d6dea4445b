import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, type ReactElement } from 'react';
import { Link, useParams } from 'react-router';
import { Badge } from '../../components/badge.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { PageHeader } from '../../components/page-header.js';
import { ProgressBar } from '../../components/progress-bar.js';
import { trainingJobQuery, trainingKeys } from '../../data/training-queries.js';
import { formatDuration } from '../../format/format-duration.js';
import { formatBytes, formatInteger, formatScore } from '../../format/format-number.js';
import { useClient } from '../../session/session-context.js';
import { isFinalJob, toneOf } from '../../training/job-status.js';
import type { TrainingJob } from '../../training/training-job.js';
import type { TrainingView } from '../../training/training-view.js';
import { useTrainingView } from '../../training/use-training-view.js';
import { JobActions } from './job-actions.js';
import { JobCharts } from './job-charts.js';
import { JobEvaluations } from './job-evaluations.js';
import { JobLog } from './job-log.js';
import styles from './training-job-page.module.css';

/** One training job, live. */
export function TrainingJobPage(): ReactElement {
  const { id = '' } = useParams();
  const client = useClient();
  const queryClient = useQueryClient();
  const query = useQuery(trainingJobQuery(client, id));
  const onStatus = useCallback(() => {
    void queryClient.invalidateQueries({ queryKey: trainingKeys.jobs });
    void queryClient.invalidateQueries({ queryKey: trainingKeys.versions });
  }, [queryClient]);
  const { view, error, retry } = useTrainingView(client, id, { onStatus });
  const job = query.data;

  return (
    <>
      <PageHeader
        title={job?.register ?? 'Training job'}
        lead={
          job && (
            <>
              <Badge tone={toneOf(job.status)}>{job.status}</Badge> {job.task} from{' '}
              <code>{job.model}</code> · <code>{job.id}</code>
            </>
          )
        }
        actions={job && <JobActions job={job} />}
      />
      <p role="status" className="visually-hidden">
        {job && `The job is ${job.status}.`}
      </p>
      {query.isPending && <ProgressBar label="Loading the training job" />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {error !== undefined && query.isSuccess && <ErrorNotice error={error} onRetry={retry} />}
      {job !== undefined && (
        <>
          {job.error !== null && (
            <div role="alert" className={styles['failure']}>
              <strong>{job.error.code}</strong> {job.error.message}
            </div>
          )}
          {job.result !== null && (
            <p className={styles['result']}>
              Kept as{' '}
              <Link to={`/registry/${encodeURIComponent(job.register)}`}>
                {job.result.reference}
              </Link>
              ; ask it as <code>{job.result.modelId}</code>.
            </p>
          )}
          <Progress job={job} view={view} />
          <JobCharts view={view} />
          <JobEvaluations view={view} />
          <JobLog view={view} settings={job.settings} />
        </>
      )}
    </>
  );
}

function Progress(props: { job: TrainingJob; view: TrainingView }): ReactElement {
  const { job, view } = props;
  const last = (name: string): number | undefined => view.series.get(name)?.at(-1)?.value;
  const step = view.series.get('loss')?.at(-1)?.step ?? job.progress?.step ?? 0;
  const total = view.totalSteps ?? job.progress?.totalSteps;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Loss', told(last('loss'), formatScore)],
    ['Evaluation loss', told(view.evaluations.at(-1)?.loss, formatScore)],
    ['Tokens a second', told(last('tokens_per_second'), (value) => formatInteger(value))],
    ['Tokens in all', told(job.progress?.trainedTokens, formatInteger)],
    ['Memory', told(last('memory_bytes'), formatBytes)],
    ['Trained weights', told(view.trainableParameters, formatInteger)],
    ['Backend', view.backend],
    ['Last checkpoint', told(view.checkpoints.at(-1), (at) => `step ${formatInteger(at)}`)],
  ];
  const isOpen = !isFinalJob(job.status);
  const eta = job.status === 'running' ? view.etaSeconds : undefined;
  return (
    <section aria-label="How far it is" className={styles['progress']}>
      {total !== undefined && (
        <ProgressBar
          label={`Step ${formatInteger(step)} of ${formatInteger(total)}`}
          value={step / Math.max(1, total)}
          {...(eta !== undefined && { detail: `${formatDuration(eta * 1000)} left` })}
        />
      )}
      {total === undefined && isOpen && job.status === 'running' && (
        <ProgressBar label="Reading model and data" />
      )}
      <dl className={styles['facts']}>
        {facts.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

function told(
  value: number | null | undefined,
  format: (value: number) => string,
): string | undefined {
  return value === undefined || value === null ? undefined : format(value);
}
