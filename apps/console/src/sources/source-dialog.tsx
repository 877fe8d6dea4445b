import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import { Dialog } from '../components/dialog.js';
import { ErrorNotice } from '../components/error-notice.js';
import { ProgressBar } from '../components/progress-bar.js';
import { documentQuery } from '../data/queries.js';
import { formatCount } from '../format/format-number.js';
import { useClient } from '../session/session-context.js';
import { locateQuote, splitSourceLines, type TextRange } from './source-lines.js';
import styles from './source-dialog.module.css';

/** A document to open, and the passage in it to show. */
export interface SourceTarget {
  readonly knowledgeBase: string;
  readonly documentId: string;
  readonly source: string;
  /** Absent: the document from its beginning. */
  readonly passage?: { readonly span: TextRange; readonly quote: string };
}

/** Shows a document, with a passage marked and scrolled to. */
export function SourceDialog(props: { target: SourceTarget; onClose: () => void }): ReactElement {
  const { target } = props;
  const client = useClient();
  const query = useQuery(documentQuery(client, target.knowledgeBase, target.documentId));
  const text = query.data?.text;
  const title = query.data?.title ?? target.source;
  return (
    <Dialog
      shape="drawer"
      title={title}
      subtitle={`${target.source} · ${target.knowledgeBase}`}
      onClose={props.onClose}
    >
      {query.isPending && <ProgressBar label="Opening the document" />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {text !== undefined && <SourceText text={text} passage={target.passage} />}
    </Dialog>
  );
}

function SourceText(props: { text: string; passage: SourceTarget['passage'] }): ReactElement {
  const { text, passage } = props;
  const markRef = useRef<HTMLElement>(null);
  const marked = useMemo(
    () => (passage === undefined ? undefined : locateQuote({ text, ...passage })),
    [text, passage],
  );
  const lines = useMemo(() => splitSourceLines(text, marked), [text, marked]);
  const firstMarked = lines.find((line) => line.parts.some((part) => part.isMarked))?.number;

  useEffect(() => {
    // The focus goes to the passage, so that a screen reader begins to read there.
    markRef.current?.focus({ preventScroll: true });
    markRef.current?.scrollIntoView({ block: 'center' });
  }, [marked]);

  return (
    <>
      {passage !== undefined && marked === undefined && (
        <div role="note" className={styles['changed']}>
          <p>The document has changed since it was cited; these words are no longer in it:</p>
          <blockquote>{passage.quote}</blockquote>
        </div>
      )}
      <p className={styles['facts']}>
        {firstMarked !== undefined && `Passage begins at line ${firstMarked} of `}
        {formatCount(lines.length, 'line')}
      </p>
      <div className={styles['text']}>
        {lines.map((line) => (
          <div key={line.number} className={styles['line']}>
            <span className={styles['number']} aria-hidden="true">
              {line.number}
            </span>
            <span>
              {line.parts.map((part, index) =>
                part.isMarked ? (
                  <mark
                    key={index}
                    tabIndex={-1}
                    ref={line.number === firstMarked ? markRef : undefined}
                  >
                    {part.text}
                  </mark>
                ) : (
                  <span key={index}>{part.text}</span>
                ),
              )}
              {'\n'}
            </span>
          </div>
        ))}
      </div>
    </>
  );
}
