import type { EspalierClient } from '@espalier/sdk-ts';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { DataTable } from '../../components/data-table.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { SelectField } from '../../components/field.js';
import { modelDifferenceQuery } from '../../data/training-queries.js';
import { useClient } from '../../session/session-context.js';
import type { ModelVersion } from './group-versions.js';
import styles from './model-page.module.css';

/** What differs between two versions; at first, the latest and the one before. */
export function CompareVersions(props: { versions: readonly ModelVersion[] }): ReactElement {
  const { versions } = props;
  const client = useClient();
  const [from, setFrom] = useState(versions[1]?.reference ?? '');
  const [to, setTo] = useState(versions[0]?.reference ?? '');
  const query = useQuery({
    ...modelDifferenceQuery(client, from, to),
    enabled: from !== '' && to !== '' && from !== to,
  });
  const options = versions.map(({ reference }) => <option key={reference}>{reference}</option>);
  return (
    <section className={styles['section']}>
      <h2>What differs</h2>
      <div className={styles['row']}>
        <SelectField label="From" value={from} onChange={(event) => setFrom(event.target.value)}>
          {options}
        </SelectField>
        <SelectField label="To" value={to} onChange={(event) => setTo(event.target.value)}>
          {options}
        </SelectField>
      </div>
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {from === to && <p>Choose two versions.</p>}
      {query.data !== undefined && from !== to && <Differences difference={query.data} />}
    </section>
  );
}

function Differences(props: {
  difference: Awaited<ReturnType<EspalierClient['registry']['compare']>>;
}): ReactElement {
  const { from, to, config, data, metrics, files, base } = props.difference;
  const rows = [
    ...Object.entries(metrics).map(([name, change]) => ({ what: name, kind: 'measured', change })),
    ...Object.entries(config).map(([name, change]) => ({ what: name, kind: 'setting', change })),
    ...Object.entries(data).map(([name, change]) => ({ what: name, kind: 'data', change })),
    ...(base.from === base.to ? [] : [{ what: 'base', kind: 'model', change: base }]),
    ...files.added.map((what) => fileRow(what, '–', 'there')),
    ...files.removed.map((what) => fileRow(what, 'there', '–')),
    ...files.changed.map((what) => fileRow(what, 'there', 'changed')),
  ];
  if (rows.length === 0) return <p>Nothing differs.</p>;
  return (
    <DataTable label="Differences">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Kind</th>
          <th scope="col">{from}</th>
          <th scope="col">{to}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ what, kind, change }) => (
          <tr key={`${kind} ${what}`}>
            <th scope="row">{what}</th>
            <td>{kind}</td>
            <td>{told(change.from)}</td>
            <td>{told(change.to)}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}

const fileRow = (what: string, from: string, to: string) => ({
  what,
  kind: 'file',
  change: { from, to },
});

function told(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
