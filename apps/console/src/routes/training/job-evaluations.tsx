import type { ReactElement } from 'react';
import { Badge } from '../../components/badge.js';
import { DataTable } from '../../components/data-table.js';
import { formatInteger, formatScore } from '../../format/format-number.js';
import type { TrainingView } from '../../training/training-view.js';
import styles from './training-job-page.module.css';

/** Samples that are shown; older ones give way. */
const MAX_SAMPLES = 10;

/** The evaluations of a job, newest first, and what the model wrote at them. */
export function JobEvaluations(props: { view: TrainingView }): ReactElement {
  const { evaluations, samples } = props.view;
  const names = [...new Set(evaluations.flatMap(({ others }) => Object.keys(others)))];
  return (
    <>
      {evaluations.length > 0 && (
        <section className={styles['section']}>
          <h2>Evaluations</h2>
          <DataTable label="Evaluations">
            <thead>
              <tr>
                <th scope="col">Step</th>
                <th scope="col" className="number">
                  Loss
                </th>
                {names.map((name) => (
                  <th key={name} scope="col" className="number">
                    {name.replaceAll('_', ' ')}
                  </th>
                ))}
                <th scope="col">Best so far</th>
              </tr>
            </thead>
            <tbody>
              {evaluations.toReversed().map(({ step, loss, others, isBest }) => (
                <tr key={step}>
                  <th scope="row">{formatInteger(step)}</th>
                  <td className="number">{formatScore(loss)}</td>
                  {names.map((name) => (
                    <td key={name} className="number">
                      {others[name] === undefined ? '–' : formatScore(others[name])}
                    </td>
                  ))}
                  <td>{isBest && <Badge tone="good">best</Badge>}</td>
                </tr>
              ))}
            </tbody>
          </DataTable>
        </section>
      )}
      {samples.length > 0 && (
        <section className={styles['section']}>
          <h2>What it writes</h2>
          <ul className={styles['samples']}>
            {samples
              .slice(-MAX_SAMPLES)
              .toReversed()
              .map(({ step, prompt, text }, index) => (
                <li key={`${step} ${index}`} className={styles['sample']}>
                  <span className={styles['step']}>Step {formatInteger(step)}</span>
                  <pre className={styles['prompt']}>{prompt}</pre>
                  <pre>{text === '' ? '(nothing)' : text}</pre>
                </li>
              ))}
          </ul>
        </section>
      )}
    </>
  );
}
