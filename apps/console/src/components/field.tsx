import {
  useId,
  type InputHTMLAttributes,
  type ReactElement,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';
import { classes } from './classes.js';
import styles from './field.module.css';

interface FieldOptions {
  readonly label: string;
  /** Told below the control and to screen readers. */
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}

/** A labelled text input. */
export function TextField(
  props: InputHTMLAttributes<HTMLInputElement> & FieldOptions,
): ReactElement {
  const { label, hint, error, className, ...rest } = props;
  const id = useId();
  const hasNote = hint !== undefined || error !== undefined;
  return (
    <div className={classes(styles['field'], className)}>
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        className={styles['control']}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={hasNote ? `${id}-note` : undefined}
      />
      {hasNote && (
        <p id={`${id}-note`} className={error === undefined ? styles['hint'] : styles['error']}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

/** A labelled choice. */
export function SelectField(
  props: SelectHTMLAttributes<HTMLSelectElement> & FieldOptions,
): ReactElement {
  const { label, hint, error, className, children, ...rest } = props;
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={classes(styles['field'], className)}>
      <label htmlFor={id}>{label}</label>
      <select
        {...rest}
        id={id}
        className={styles['control']}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
      >
        {children}
      </select>
      {note !== undefined && (
        <p id={`${id}-note`} className={error === undefined ? styles['hint'] : styles['error']}>
          {note}
        </p>
      )}
    </div>
  );
}

/** A labelled text of several lines. */
export function AreaField(
  props: TextareaHTMLAttributes<HTMLTextAreaElement> & FieldOptions,
): ReactElement {
  const { label, hint, error, className, ...rest } = props;
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={classes(styles['field'], className)}>
      <label htmlFor={id}>{label}</label>
      <textarea
        {...rest}
        id={id}
        className={classes(styles['control'], styles['area'])}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
      />
      {note !== undefined && (
        <p id={`${id}-note`} className={error === undefined ? styles['hint'] : styles['error']}>
          {note}
        </p>
      )}
    </div>
  );
}
