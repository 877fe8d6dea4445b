import { useId, useState, type ChangeEvent, type DragEvent, type ReactElement } from 'react';
import { Button } from '../../components/button.js';
import { classes } from '../../components/classes.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { ProgressBar } from '../../components/progress-bar.js';
import { formatBytes, formatCount } from '../../format/format-number.js';
import { useClient } from '../../session/session-context.js';
import { useUpload, type UploadReport, type UploadState } from './use-upload.js';
import styles from './upload-panel.module.css';

/** Takes files by choice or by drop, and tells how far their upload is and what became of each. */
export function UploadPanel(props: { knowledgeBase: string }): ReactElement {
  const client = useClient();
  const { state, upload, cancel } = useUpload(client, props.knowledgeBase);
  const [isOver, setIsOver] = useState(false);
  const inputId = useId();
  const isRunning = state.phase === 'sending' || state.phase === 'indexing';

  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    upload([...(event.target.files ?? [])]);
    // So that the same files can be chosen once more.
    event.target.value = '';
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    if (!isRunning) upload([...event.dataTransfer.files]);
  };

  return (
    <section
      aria-label="Add documents"
      className={classes(styles['panel'], isOver && styles['over'])}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      {isRunning ? (
        <div className={styles['running']}>
          <Running state={state} />
          <Button onClick={cancel}>Cancel</Button>
        </div>
      ) : (
        <div className={styles['invite']}>
          <label htmlFor={inputId} className={styles['choose']}>
            Choose files
          </label>
          <input id={inputId} type="file" multiple className="visually-hidden" onChange={choose} />
          <span>or drop them here. Text and Markdown; unchanged files cost nothing.</span>
        </div>
      )}
      <div role="status">{state.phase === 'done' && <Report report={state.report} />}</div>
      {state.phase === 'failed' && <ErrorNotice error={state.error} />}
    </section>
  );
}

function Running({ state }: { state: UploadState }): ReactElement | null {
  if (state.phase === 'sending') {
    const { loadedBytes, totalBytes } = state;
    return (
      <ProgressBar
        label="Uploading"
        value={totalBytes === 0 ? 0 : loadedBytes / totalBytes}
        detail={`${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}`}
      />
    );
  }
  if (state.phase !== 'indexing') return null;
  return (
    <ProgressBar
      label={state.source === '' ? 'Reading and indexing' : `Indexing ${state.source}`}
      value={state.total === 0 ? 0 : state.done / state.total}
      detail={`${state.done} of ${formatCount(state.total, 'document')}`}
    />
  );
}

function Report({ report }: { report: UploadReport }): ReactElement {
  const parts = [
    `${report.added} added`,
    `${report.updated} updated`,
    `${report.unchanged} unchanged`,
    ...(report.failed.length > 0 ? [`${report.failed.length} failed`] : []),
  ];
  return (
    <>
      <p>
        Done: {parts.join(', ')}; {formatCount(report.chunks, 'passage')}.
      </p>
      {report.failed.length > 0 && (
        <ul className={styles['failed']}>
          {report.failed.map((failure) => (
            <li key={failure.source}>
              <code>{failure.source}</code>: {failure.error.message}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
