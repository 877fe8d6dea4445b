import type { ReactElement } from 'react';
import { formatBytes } from '../../format/format-number.js';
import type { ModelVersion } from './group-versions.js';
import styles from './model-page.module.css';

/** Where a version came from, and what it consists of. */
export function VersionDetails(props: { version: ModelVersion }): ReactElement {
  const { reference, modelId, kind, base, digest, files, lineage } = props.version;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Kind', kind],
    ['Model id', modelId],
    ['Base', base],
    ['Made from', lineage.parent],
    ['Code', lineage.codeVersion],
    ['Content', digest],
    ...Object.entries(lineage.data).map(([file, hash]) => [`Data ${file}`, hash] as const),
    ...files.map(
      ({ path, sha256, bytes }) => [path, `${formatBytes(bytes)}, sha256 ${sha256}`] as const,
    ),
  ];
  return (
    <details className={styles['details']}>
      <summary>{reference}</summary>
      <dl>
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name} className={styles['fact']}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <pre tabIndex={0} aria-label={`Settings of ${reference}`}>
        {JSON.stringify(lineage.config, null, 2)}
      </pre>
    </details>
  );
}
