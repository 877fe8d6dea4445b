import type { ReactElement } from 'react';
import type { Citation } from '../../runs/run-view.js';
import styles from './citation-chip.module.css';

/** The number of a citation; opening it shows the cited words in their document. */
export function CitationChip(props: {
  citation: Citation;
  onOpen: (citation: Citation) => void;
}): ReactElement {
  const { citation, onOpen } = props;
  return (
    <button
      type="button"
      className={styles['chip']}
      onClick={() => onOpen(citation)}
      title={`${citation.source}, ${linesLabel(citation)}`}
      aria-label={`Source ${citation.index}: ${citation.source}, ${linesLabel(citation)}`}
    >
      {citation.index}
    </button>
  );
}

/** The place of a citation in words: `line 4` or `lines 4–9`. */
export function linesLabel({ lines }: Pick<Citation, 'lines'>): string {
  return lines.start === lines.end ? `line ${lines.start}` : `lines ${lines.start}–${lines.end}`;
}
