import {
  useId,
  useLayoutEffect,
  useRef,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import { Button } from './button.js';
import { classes } from './classes.js';
import styles from './dialog.module.css';

/** What a dialog shows. */
export interface DialogOptions {
  readonly title: string;
  readonly subtitle?: ReactNode;
  /** `drawer` stands at the side over the whole height, `box` in the middle. */
  readonly shape?: 'box' | 'drawer';
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A modal dialog. Rendered means open; the browser keeps the focus inside, closes it on Escape, and gives the focus
 * back to what opened it.
 */
export function Dialog(props: DialogOptions): ReactElement {
  const { shape = 'box', onClose } = props;
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  // Before the page changes: a dialog that is already taken out gives no focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);

  const closeOnBackdrop = (event: MouseEvent): void => {
    if (event.target === ref.current) onClose();
  };

  return (
    // Escape is the keyboard's way out; a click beside the dialog is the pointer's.
    <dialog
      ref={ref}
      className={classes(styles['dialog'], styles[shape])}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={closeOnBackdrop}
    >
      <div className={styles['frame']}>
        <header className={styles['head']}>
          <div className={styles['titles']}>
            <h2 id={titleId}>{props.title}</h2>
            {props.subtitle !== undefined && (
              <div className={styles['subtitle']}>{props.subtitle}</div>
            )}
          </div>
          <Button kind="quiet" onClick={onClose} aria-label="Close">
            <span aria-hidden="true">✕</span>
          </Button>
        </header>
        <div className={styles['body']}>{props.children}</div>
      </div>
    </dialog>
  );
}
