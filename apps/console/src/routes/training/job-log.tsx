import type { ReactElement } from 'react';
import { formatInteger } from '../../format/format-number.js';
import type { TrainingJob } from '../../training/training-job.js';
import type { TrainingView } from '../../training/training-view.js';
import styles from './training-job-page.module.css';

/** What a job told beside its curves, its checkpoints, and its settings. */
export function JobLog(props: {
  view: TrainingView;
  settings: TrainingJob['settings'];
}): ReactElement {
  const { log, checkpoints } = props.view;
  return (
    <section className={styles['section']}>
      <h2>Events</h2>
      <ol
        className={styles['log']}
        // Scrollable, so that the keyboard must reach it.
        tabIndex={0}
        aria-label="Events, newest first"
        reversed
      >
        {log.toReversed().map(({ id, text }) => (
          <li key={id} value={id}>
            {text}
          </li>
        ))}
      </ol>
      <details className={styles['settings']}>
        <summary>Settings</summary>
        <pre tabIndex={0}>{JSON.stringify(props.settings, null, 2)}</pre>
      </details>
      {checkpoints.length > 0 && (
        <details className={styles['settings']}>
          <summary>Checkpoints ({checkpoints.length})</summary>
          <p>After steps {checkpoints.map(formatInteger).join(', ')}.</p>
        </details>
      )}
    </section>
  );
}
