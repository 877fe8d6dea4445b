import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { Badge } from '../../components/badge.js';
import { DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { PageHeader } from '../../components/page-header.js';
import { ProgressBar } from '../../components/progress-bar.js';
import { modelVersionsQuery } from '../../data/training-queries.js';
import { formatCount } from '../../format/format-number.js';
import { useClient } from '../../session/session-context.js';
import { groupVersions, toneOfStage } from './group-versions.js';

/** Every registered model and adapter. */
export function RegistryPage(): ReactElement {
  const client = useClient();
  const query = useQuery(modelVersionsQuery(client));
  return (
    <>
      <PageHeader
        title="Models"
        lead="What was trained or imported: every version, where it came from, and which one answers."
      />
      {query.isPending && <ProgressBar label="Loading models" />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && (
        <EmptyState title="No model is registered yet">
          <Link to="/training">Train one</Link>, or add a folder with{' '}
          <code>espalier registry add</code>.
        </EmptyState>
      )}
      {query.data !== undefined && query.data.length > 0 && (
        <DataTable label="Registered models">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Kind</th>
              <th scope="col">Answers now</th>
              <th scope="col">Latest</th>
              <th scope="col">Aliases</th>
              <th scope="col">Versions</th>
            </tr>
          </thead>
          <tbody>
            {groupVersions(query.data).map(({ name, versions, production, aliases }) => (
              <tr key={name}>
                <th scope="row">
                  <Link to={`/registry/${encodeURIComponent(name)}`}>{name}</Link>
                </th>
                <td>{versions[0]?.kind}</td>
                <td>
                  {production === undefined ? (
                    '–'
                  ) : (
                    <Badge tone={toneOfStage('production')}>{production.reference}</Badge>
                  )}
                </td>
                <td>
                  {versions[0]?.reference}{' '}
                  {versions[0] !== undefined && versions[0] !== production && (
                    <Badge tone={toneOfStage(versions[0].stage)}>{versions[0].stage}</Badge>
                  )}
                </td>
                <td>
                  {aliases.map(({ alias, version }) => `${alias} → ${version}`).join(', ') || '–'}
                </td>
                <td>{formatCount(versions.length, 'version')}</td>
              </tr>
            ))}
          </tbody>
        </DataTable>
      )}
    </>
  );
}
