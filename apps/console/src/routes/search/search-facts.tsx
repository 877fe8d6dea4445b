import type { ReactElement } from 'react';
import { formatDuration } from '../../format/format-duration.js';
import { formatCount, formatInteger, formatScore } from '../../format/format-number.js';
import type { Explanation } from './found.js';
import { legName } from './leg-names.js';
import styles from './search-facts.module.css';

/** What holds for a search as a whole: what was compared, how its words are looked up, and how its legs count. */
export function SearchFacts(props: {
  explanation: Explanation;
  hasEvidence: boolean;
}): ReactElement {
  const { words, legs, corpus, candidates, leftOut, durationMs } = props.explanation;
  return (
    <section aria-label="The search" className={styles['facts']}>
      <p className={styles['line']}>
        <strong>{props.hasEvidence ? 'Likely answered' : 'Probably not answered'}</strong> by these
        passages. {formatInteger(candidates)} of {formatCount(corpus.chunks, 'passage')} compared in{' '}
        {formatDuration(durationMs)}
        {leftOut > 0 && `, ${formatInteger(leftOut)} left out by readers or filter`}.
      </p>
      <div className={styles['tables']}>
        <div className={styles['frame']} tabIndex={0} role="region" aria-label="Words of the query">
          <table>
            <caption>Words of the query</caption>
            <thead>
              <tr>
                <th scope="col">Word</th>
                <th scope="col">Looked up as</th>
                <th scope="col">In passages</th>
                <th scope="col">Rarity</th>
              </tr>
            </thead>
            <tbody>
              {words.map(({ word, terms, documentFrequency, idf }) => (
                <tr key={word}>
                  <th scope="row">{word}</th>
                  <td>{terms.length === 0 ? 'not looked up' : terms.join(' ')}</td>
                  <td className={styles['number']}>{formatInteger(documentFrequency)}</td>
                  <td className={styles['number']}>{formatScore(idf)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <div className={styles['frame']} tabIndex={0} role="region" aria-label="Legs of the search">
          <table>
            <caption>Legs of the search</caption>
            <thead>
              <tr>
                <th scope="col">Leg</th>
                <th scope="col">Weight</th>
                <th scope="col">Mean</th>
                <th scope="col">Deviation</th>
              </tr>
            </thead>
            <tbody>
              {legs.map(({ name, weight, mean, deviation }) => (
                <tr key={name}>
                  <th scope="row">{legName(name)}</th>
                  <td className={styles['number']}>{formatScore(weight)}</td>
                  <td className={styles['number']}>{formatScore(mean)}</td>
                  <td className={styles['number']}>{formatScore(deviation)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}
