import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Link } from 'react-router';
import { Badge } from '../../components/badge.js';
import { Button } from '../../components/button.js';
import { DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { PageHeader } from '../../components/page-header.js';
import { ProgressBar } from '../../components/progress-bar.js';
import { trainingJobsQuery } from '../../data/training-queries.js';
import { formatInteger, formatScore } from '../../format/format-number.js';
import { useClient } from '../../session/session-context.js';
import { toneOf } from '../../training/job-status.js';
import type { TrainingJob } from '../../training/training-job.js';
import { CreateJobDialog } from './create-job-dialog.js';
import styles from './training-page.module.css';

/** The training jobs that the key may see. */
export function TrainingPage(): ReactElement {
  const client = useClient();
  const query = useInfiniteQuery(trainingJobsQuery(client));
  const [isCreating, setIsCreating] = useState(false);
  const jobs = query.data?.pages.flatMap(({ data }) => data);
  return (
    <>
      <PageHeader
        title="Training"
        lead="Models that are taught here: each job in a process of its own, safe against restarts."
        actions={
          <Button kind="primary" onClick={() => setIsCreating(true)}>
            New training job
          </Button>
        }
      />
      {query.isPending && <ProgressBar label="Loading training jobs" />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {jobs?.length === 0 && (
        <EmptyState title="Nothing is trained yet">
          Start a job: a model, a file of examples, and how many steps.
        </EmptyState>
      )}
      {jobs !== undefined && jobs.length > 0 && (
        <DataTable label="Training jobs">
          <thead>
            <tr>
              <th scope="col">Job</th>
              <th scope="col">State</th>
              <th scope="col">Progress</th>
              <th scope="col" className="number">
                Loss
              </th>
              <th scope="col">Result</th>
              <th scope="col">Begun</th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </tbody>
        </DataTable>
      )}
      {query.hasNextPage && (
        <p className={styles['more']}>
          <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older jobs
          </Button>
        </p>
      )}
      {isCreating && <CreateJobDialog onClose={() => setIsCreating(false)} />}
    </>
  );
}

function JobRow(props: { job: TrainingJob }): ReactElement {
  const { id, register, model, task, status, progress, result, error, createdAt } = props.job;
  const share = progress === null ? undefined : progress.step / Math.max(1, progress.totalSteps);
  return (
    <tr>
      <th scope="row">
        <Link to={`/training/${encodeURIComponent(id)}`}>{register}</Link>
        <span className={styles['from']}>
          {task} from {model}
        </span>
      </th>
      <td>
        <Badge tone={toneOf(status)}>{status}</Badge>
      </td>
      <td>
        {progress !== null && share !== undefined && (
          <progress
            className={styles['bar']}
            max={1}
            value={share}
            aria-label={`${register}: step ${progress.step} of ${progress.totalSteps}`}
          />
        )}
        <span className={styles['steps']}>
          {progress === null
            ? '–'
            : `${formatInteger(progress.step)} / ${formatInteger(progress.totalSteps)}`}
        </span>
      </td>
      <td className="number">
        {typeof progress?.loss === 'number' ? formatScore(progress.loss) : '–'}
      </td>
      <td>
        {result !== null && (
          <Link to={`/registry/${encodeURIComponent(register)}`}>{result.reference}</Link>
        )}
        {error !== null && <code>{error.code}</code>}
      </td>
      <td className={styles['date']}>{new Date(createdAt).toLocaleString()}</td>
    </tr>
  );
}
