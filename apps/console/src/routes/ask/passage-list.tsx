import { useState, type ReactElement } from 'react';
import { formatScore } from '../../format/format-number.js';
import type { Passage } from '../../runs/run-view.js';
import { linesLabel } from './citation-chip.js';
import styles from './passage-list.module.css';

const FIRST_SHOWN = 4;

/** Passages of one search with the score that each leg of it gave; opening one shows it in its document. */
export function PassageList(props: {
  passages: readonly Passage[];
  onOpen: (passage: Passage) => void;
}): ReactElement | null {
  const { passages } = props;
  const [isWhole, setIsWhole] = useState(false);
  if (passages.length === 0) return null;
  const shown = isWhole ? passages : passages.slice(0, FIRST_SHOWN);
  const legs = legsOf(passages);
  return (
    <>
      <ol className={styles['passages']}>
        {shown.map((passage, index) => (
          <li key={passage.id}>
            <button
              type="button"
              className={styles['passage']}
              onClick={() => props.onOpen(passage)}
            >
              <span className={styles['place']}>
                <span className={styles['rank']}>{index + 1}</span>
                <span className={styles['source']}>
                  {passage.source} <span className={styles['lines']}>{linesLabel(passage)}</span>
                </span>
              </span>
              <span className={styles['scores']}>
                {legs.map((leg) => (
                  <Score key={leg.name} leg={leg} value={scoreOf(passage, leg.name)} />
                ))}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {passages.length > FIRST_SHOWN && (
        <button
          type="button"
          className={styles['whole']}
          aria-expanded={isWhole}
          onClick={() => setIsWhole(!isWhole)}
        >
          {isWhole ? 'Show fewer' : `Show all ${passages.length}`}
        </button>
      )}
    </>
  );
}

interface Leg {
  readonly name: string;
  /** The best score of this search; bars are drawn against it, for legs have scales of their own. */
  readonly best: number;
}

const FUSED = 'fused';

function Score(props: { leg: Leg; value: number | undefined }): ReactElement {
  const { leg, value } = props;
  const share = value === undefined || leg.best <= 0 ? 0 : Math.max(0, value / leg.best);
  return (
    <span className={styles['score']}>
      <span className={styles['leg']}>{leg.name}</span>
      <span className={styles['bar']} aria-hidden="true">
        <span style={{ width: `${Math.round(share * 100)}%` }} />
      </span>
      <span className={styles['value']}>{value === undefined ? '–' : formatScore(value)}</span>
    </span>
  );
}

function legsOf(passages: readonly Passage[]): Leg[] {
  const names = new Set<string>();
  for (const passage of passages) {
    if (passage.score !== undefined) names.add(FUSED);
    for (const name of Object.keys(passage.scores ?? {})) names.add(name);
  }
  return [...names].map((name) => ({
    name,
    best: Math.max(...passages.map((passage) => scoreOf(passage, name) ?? 0)),
  }));
}

function scoreOf(passage: Passage, leg: string): number | undefined {
  return passage.scores?.[leg] ?? (leg === FUSED ? passage.score : undefined);
}
