import type { ReactElement, ReactNode } from 'react';
import styles from './data-table.module.css';

/** A table in a frame that scrolls sideways where it is narrow; cells with the class `number` stand to the right. */
export function DataTable(props: { label: string; children: ReactNode }): ReactElement {
  return (
    <div className={styles['frame']} role="region" aria-label={props.label} tabIndex={0}>
      <table className={styles['table']}>{props.children}</table>
    </div>
  );
}
