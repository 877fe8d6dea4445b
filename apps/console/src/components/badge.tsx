import type { ReactElement, ReactNode } from 'react';
import { classes } from './classes.js';
import styles from './badge.module.css';

/** A short fact beside something. */
export function Badge(props: {
  tone?: 'plain' | 'good' | 'notice' | 'bad';
  children: ReactNode;
}): ReactElement {
  return (
    <span className={classes(styles['badge'], styles[props.tone ?? 'plain'])}>
      {props.children}
    </span>
  );
}
