import { createContext, useContext, useMemo, type ReactElement, type ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import {
  citationAt,
  markAnswer,
  markerOf,
  remarkCitationMarkers,
  type MarkedAnswer,
  type Marker,
} from '../../runs/citation-markers.js';
import type { Citation } from '../../runs/run-view.js';
import styles from './answer-text.module.css';
import { CitationChip } from './citation-chip.js';

/** What the chips of an answer need to know. The renderers below stay the same, so that chips keep the focus. */
interface AnswerContextValue {
  readonly answer: MarkedAnswer;
  readonly isStreaming: boolean;
  readonly onOpen: (citation: Citation) => void;
}

const AnswerContext = createContext<AnswerContextValue | undefined>(undefined);

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
  const rendered = useMemo(
    () => (
      <Markdown remarkPlugins={PLUGINS} components={COMPONENTS}>
        {answer.markdown}
      </Markdown>
    ),
    [answer.markdown],
  );
  return (
    <AnswerContext value={{ answer, isStreaming, onOpen }}>
      <div className={styles['answer']} data-streaming={isStreaming}>
        {rendered}
      </div>
    </AnswerContext>
  );
}

const PLUGINS = [remarkGfm, remarkCitationMarkers];

const COMPONENTS: Components = {
  a({ href, children }) {
    const marker = markerOf(href);
    if (marker !== undefined) return <MarkerView marker={marker} />;
    // A link between files of the documents leads nowhere from here.
    if (href === undefined || !/^(?:https?:|mailto:)/u.test(href)) return <span>{children}</span>;
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  },
  img: ({ alt }) => <span className={styles['image']}>[image: {alt}]</span>,
  pre: ({ children }) => (
    <Scrolled label="Code">
      <pre>{children}</pre>
    </Scrolled>
  ),
  table: ({ children }) => (
    <Scrolled label="Table">
      <table>{children}</table>
    </Scrolled>
  ),
  // The question above is the heading of second rank.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
};

/** What may be wider than the page scrolls by itself, by keyboard too. */
function Scrolled(props: { label: string; children: ReactNode }): ReactElement {
  return (
    <div className={styles['scrolled']} tabIndex={0} role="group" aria-label={props.label}>
      {props.children}
    </div>
  );
}

function MarkerView({ marker }: { marker: Marker }): ReactElement {
  const context = useContext(AnswerContext);
  const citation = context === undefined ? undefined : citationAt(context.answer, marker);
  if (context !== undefined && citation !== undefined) {
    return <CitationChip citation={citation} onOpen={context.onOpen} />;
  }
  // A number whose citation has not come yet; once the answer is whole it is text like any other.
  if (context?.isStreaming === true)
    return <span className={styles['pending']}>{marker.index}</span>;
  return <> [{marker.index}]</>;
}
