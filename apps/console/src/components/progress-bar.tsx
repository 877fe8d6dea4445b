import type { ReactElement } from 'react';
import styles from './progress-bar.module.css';

/** How far something is; without `value` it goes on for an unknown time. */
export function ProgressBar(props: {
  label: string;
  value?: number;
  detail?: string;
}): ReactElement {
  return (
    <div className={styles['progress']}>
      <div className={styles['words']}>
        <span>{props.label}</span>
        {props.detail !== undefined && <span className={styles['detail']}>{props.detail}</span>}
      </div>
      <progress aria-label={props.label} max={1} value={props.value} />
    </div>
  );
}
