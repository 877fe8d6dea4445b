import type { ButtonHTMLAttributes, ReactElement } from 'react';
import { classes } from './classes.js';
import styles from './button.module.css';

/** What a button is for: the page's main act, another one, a quiet one, or one that destroys. */
export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

/** A button. */
export function Button(
  props: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: ButtonKind },
): ReactElement {
  const { kind = 'secondary', className, type = 'button', ...rest } = props;
  return (
    <button {...rest} type={type} className={classes(styles['button'], styles[kind], className)} />
  );
}
