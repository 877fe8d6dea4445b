import { useMemo, type ReactElement } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import {
  citationAt,
  markAnswer,
  markerOf,
  remarkCitationMarkers,
} from '../../runs/citation-markers.js';
import type { Citation } from '../../runs/run-view.js';
import styles from './answer-text.module.css';
import { CitationChip } from './citation-chip.js';

const PLUGINS = [remarkGfm, remarkCitationMarkers];

/**
 * Shows an answer's Markdown with its citations as chips.
 *
 * Raw HTML is shown as text, and images as their description: an answer must not make the browser load anything.
 */
export function AnswerText(props: {
  text: string;
  citations: readonly Citation[];
  isStreaming: boolean;
  onOpen: (citation: Citation) => void;
}): ReactElement {
  const { text, citations, isStreaming, onOpen } = props;
  const answer = useMemo(() => markAnswer(text, citations), [text, citations]);
  const components = useMemo<Components>(
    () => ({
      a({ href, children }) {
        const marker = markerOf(href);
        if (marker === undefined) {
          return (
            <a href={href} target="_blank" rel="noopener noreferrer nofollow">
              {children}
            </a>
          );
        }
        const citation = citationAt(answer, marker);
        if (citation === undefined) return <>[{children}]</>;
        return <CitationChip citation={citation} onOpen={onOpen} />;
      },
      img: ({ alt }) => <span className={styles['image']}>[image: {alt}]</span>,
      table: ({ children }) => (
        <div className={styles['table']} tabIndex={0} role="region" aria-label="Table">
          <table>{children}</table>
        </div>
      ),
      h1: ({ children }) => <h3>{children}</h3>,
      h2: ({ children }) => <h3>{children}</h3>,
      h3: ({ children }) => <h4>{children}</h4>,
    }),
    [answer, onOpen],
  );
  return (
    <div className={styles['answer']} data-streaming={isStreaming}>
      <Markdown remarkPlugins={PLUGINS} components={components}>
        {answer.markdown}
      </Markdown>
    </div>
  );
}
