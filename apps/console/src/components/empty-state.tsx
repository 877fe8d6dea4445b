import type { ReactElement, ReactNode } from 'react';
import styles from './empty-state.module.css';

/** What stands where there is nothing yet, with what to do next. */
export function EmptyState(props: { title: string; children: ReactNode }): ReactElement {
  return (
    <div className={styles['empty']}>
      <svg viewBox="0 0 120 64" aria-hidden="true" className={styles['picture']}>
        <path d="M60 60V10M60 46H30a8 8 0 0 1-8-8v-8M60 46h30a8 8 0 0 0 8-8v-8M60 30h-14a6 6 0 0 1-6-6v-6M60 30h14a6 6 0 0 0 6-6v-6" />
        <path d="M8 60h104" className={styles['ground']} />
      </svg>
      <p className={styles['title']}>{props.title}</p>
      <div className={styles['words']}>{props.children}</div>
    </div>
  );
}
