import type { ReactElement } from 'react';
import { Button } from './button.js';
import { adviceFor } from './error-advice.js';
import styles from './error-notice.module.css';

/** Tells what went wrong, what to do about it, and what to quote when asking for help. */
export function ErrorNotice(props: {
  error: unknown;
  onRetry?: (() => void) | undefined;
}): ReactElement {
  const advice = adviceFor(props.error);
  return (
    <div role="alert" className={styles['notice']}>
      <p className={styles['title']}>{advice.title}</p>
      <p>{advice.action}</p>
      <p className={styles['reference']}>
        {advice.code !== undefined && <code>{advice.code}</code>}
        {advice.requestId !== undefined && (
          <>
            {' '}
            request <code>{advice.requestId}</code>
          </>
        )}
      </p>
      {props.onRetry !== undefined && advice.canRetry && (
        <Button onClick={props.onRetry}>Try again</Button>
      )}
    </div>
  );
}
