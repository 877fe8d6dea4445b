import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useParams } from 'react-router';
import { Badge } from '../../components/badge.js';
import { Button } from '../../components/button.js';
import { DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { PageHeader } from '../../components/page-header.js';
import { ProgressBar } from '../../components/progress-bar.js';
import { modelVersionsQuery, trainingKeys } from '../../data/training-queries.js';
import { formatScore } from '../../format/format-number.js';
import { useClient } from '../../session/session-context.js';
import { AliasForm } from './alias-form.js';
import { CompareVersions } from './compare-versions.js';
import { groupVersions, toneOfStage, type ModelVersion } from './group-versions.js';
import styles from './model-page.module.css';
import { VersionDetails } from './version-details.js';

const STAGES: readonly ModelVersion['stage'][] = ['candidate', 'staging', 'production', 'archived'];

/** One registered name: its versions, where they stand and came from, and what differs between them. */
export function ModelPage(): ReactElement {
  const { name = '' } = useParams();
  const client = useClient();
  const queryClient = useQueryClient();
  const query = useQuery(modelVersionsQuery(client));
  const refresh = (): Promise<void> =>
    queryClient.invalidateQueries({ queryKey: trainingKeys.versions });
  const promote = useMutation({
    mutationFn: (to: { reference: string; stage: ModelVersion['stage'] }) =>
      client.registry.promote(to),
    onSettled: refresh,
  });
  const rollback = useMutation({
    mutationFn: () => client.registry.rollback({ name }),
    onSettled: refresh,
  });
  const group = groupVersions(query.data ?? []).find((one) => one.name === name);
  const failure = promote.error ?? rollback.error;

  return (
    <>
      <PageHeader
        title={name}
        lead={
          group &&
          (group.production === undefined
            ? 'No version is in production.'
            : `${group.production.reference} is in production: it answers as “${name}”.`)
        }
        actions={
          group && (
            <Button disabled={rollback.isPending} onClick={() => rollback.mutate()}>
              Roll production back
            </Button>
          )
        }
      />
      <p role="status" className="visually-hidden">
        {rollback.isSuccess && `${rollback.data.reference} is in production again.`}
        {promote.isSuccess && `${promote.data.reference} is now ${promote.data.stage}.`}
      </p>
      {query.isPending && <ProgressBar label="Loading the model" />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && group === undefined && (
        <EmptyState title="There is no such model">It may have been removed.</EmptyState>
      )}
      {failure !== null && <ErrorNotice error={failure} />}
      {group !== undefined && (
        <>
          <DataTable label={`Versions of ${name}`}>
            <thead>
              <tr>
                <th scope="col">Version</th>
                <th scope="col">Stage</th>
                <th scope="col">Aliases</th>
                <th scope="col">Measured</th>
                <th scope="col">On top of</th>
                <th scope="col">Made</th>
                <th scope="col">Move to</th>
              </tr>
            </thead>
            <tbody>
              {group.versions.map((version) => (
                <tr key={version.version}>
                  <th scope="row">{version.reference}</th>
                  <td>
                    <Badge tone={toneOfStage(version.stage)}>{version.stage}</Badge>
                  </td>
                  <td>{version.aliases.join(', ') || '–'}</td>
                  <td className={styles['metrics']}>
                    {Object.entries(version.metrics)
                      .map(([metric, value]) => `${metric} ${formatScore(value)}`)
                      .join(', ') || '–'}
                  </td>
                  <td>{version.base ?? '–'}</td>
                  <td className={styles['date']}>{new Date(version.createdAt).toLocaleString()}</td>
                  <td>
                    <select
                      className={styles['stage']}
                      aria-label={`Stage of ${version.reference}`}
                      value={version.stage}
                      disabled={promote.isPending}
                      onChange={(event) => {
                        const stage = STAGES.find((one) => one === event.target.value);
                        if (stage !== undefined)
                          promote.mutate({ reference: version.reference, stage });
                      }}
                    >
                      {STAGES.map((stage) => (
                        <option key={stage}>{stage}</option>
                      ))}
                    </select>
                  </td>
                </tr>
              ))}
            </tbody>
          </DataTable>
          <AliasForm group={group} onChanged={refresh} />
          {group.versions.length > 1 && <CompareVersions versions={group.versions} />}
          <section className={styles['section']}>
            <h2>Where they came from</h2>
            {group.versions.map((version) => (
              <VersionDetails key={version.version} version={version} />
            ))}
          </section>
        </>
      )}
    </>
  );
}
