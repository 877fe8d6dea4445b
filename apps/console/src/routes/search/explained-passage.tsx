import type { ReactElement } from 'react';
import { formatScore } from '../../format/format-number.js';
import styles from './explained-passage.module.css';
import type { Explanation, Found } from './found.js';
import { legName } from './leg-names.js';
import { markMatches } from './mark-matches.js';

type Passage = Found['passages'][number];
type Explained = Explanation['passages'][number];

/** A passage in its place: its text with the matched words, and what each leg gave it. */
export function ExplainedPassage(props: {
  passage: Passage;
  explained: Explained;
  weightOf: (leg: string) => number;
  /** The largest part that any leg has in any score; bars are drawn against it. */
  largest: number;
  onOpen: () => void;
}): ReactElement {
  const { passage, explained, largest } = props;
  const { rank, source, lines, score, legs, words, matches } = explained;
  const place = `${source}:${lines.start}–${lines.end}`;
  return (
    <li className={styles['card']}>
      <article aria-label={`${rank}. ${place}`}>
        <header className={styles['head']}>
          <span className={styles['rank']}>{rank}</span>
          <button type="button" className={styles['open']} onClick={props.onOpen}>
            {place}
          </button>
          <span className={styles['score']}>{formatScore(score)}</span>
        </header>
        {passage.headingPath !== undefined && passage.headingPath.length > 0 && (
          <p className={styles['heading']}>{passage.headingPath.join(' › ')}</p>
        )}
        <p className={styles['text']}>
          {markMatches(passage.text, matches).map((part, index) =>
            part.isMatch ? (
              <mark key={index}>{part.text}</mark>
            ) : (
              <span key={index}>{part.text}</span>
            ),
          )}
        </p>
        <div className={styles['frame']} tabIndex={0} role="region" aria-label={`Legs of ${place}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Leg</th>
                <th scope="col">Rank</th>
                <th scope="col">Score</th>
                <th scope="col">Weight × deviations</th>
                <th scope="col">Part of the score</th>
              </tr>
            </thead>
            <tbody>
              {legs.map(({ leg, rank: own, score: raw, standardized, contribution }) => (
                <tr key={leg}>
                  <th scope="row">{legName(leg)}</th>
                  <td>{own}</td>
                  <td>{formatScore(raw)}</td>
                  <td>
                    {formatScore(props.weightOf(leg))} × {formatScore(standardized)}
                  </td>
                  <td>
                    <span className={styles['part']}>
                      <span className={styles['bar']} aria-hidden="true">
                        <span
                          className={contribution < 0 ? styles['less'] : undefined}
                          style={{ width: `${barWidth(contribution, largest)}%` }}
                        />
                      </span>
                      {formatScore(contribution)}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className={styles['words']}>
          {words.length === 0
            ? 'It holds no word of the query.'
            : `Words: ${words.map(({ word, frequency, contribution }) => `${word} ×${frequency} (${formatScore(contribution)})`).join(', ')}`}
        </p>
      </article>
    </li>
  );
}

function barWidth(contribution: number, largest: number): number {
  return largest === 0 ? 0 : Math.round((Math.abs(contribution) / largest) * 100);
}
