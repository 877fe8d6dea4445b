import type { ReactElement } from 'react';
import type { Citation } from '../../runs/run-view.js';
import { linesLabel } from './citation-chip.js';
import styles from './source-list.module.css';

/** The sources of an answer, by number; each opens its document at the cited words. */
export function SourceList(props: {
  citations: readonly Citation[];
  onOpen: (citation: Citation) => void;
}): ReactElement | null {
  const groups = Map.groupBy(props.citations, (citation) => citation.index);
  if (groups.size === 0) return null;
  const sorted = [...groups].sort(([first], [second]) => first - second);
  return (
    <section aria-label="Sources" className={styles['sources']}>
      <h3>Sources</h3>
      <ol>
        {sorted.map(([index, citations]) => {
          const first = citations[0];
          if (first === undefined) return null;
          return (
            <li key={index}>
              <button
                type="button"
                className={styles['source']}
                onClick={() => props.onOpen(first)}
              >
                <span className={styles['index']} aria-hidden="true">
                  {index}
                </span>
                <span className={styles['words']}>
                  <span className={styles['title']}>
                    {first.headingPath?.at(-1) ?? first.title ?? first.source}
                  </span>
                  <span className={styles['place']}>
                    {first.source} ·{' '}
                    {[...new Set(citations.map(linesLabel))].slice(0, 3).join(', ')}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
