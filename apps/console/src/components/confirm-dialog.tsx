import { useMutation } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { ErrorNotice } from './error-notice.js';
import styles from './dialog-form.module.css';

/** Asks before something is destroyed, destroys it, and tells if that failed. */
export function ConfirmDialog(props: {
  title: string;
  action: string;
  children: ReactNode;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}): ReactElement {
  const confirm = useMutation({ mutationFn: props.onConfirm, onSuccess: props.onClose });
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <div className={styles['form']}>
        <p>{props.children}</p>
        {confirm.isError && <ErrorNotice error={confirm.error} />}
        <div className={styles['actions']}>
          <Button onClick={props.onClose} autoFocus>
            Keep
          </Button>
          <Button kind="danger" disabled={confirm.isPending} onClick={() => confirm.mutate()}>
            {props.action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
