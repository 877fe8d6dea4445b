import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import styles from './page-header.module.css';

/**
 * The head of a page. It names the browser's tab, and takes the focus when one comes from another page, so that
 * screen readers begin there.
 */
export function PageHeader(props: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
}): ReactElement {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} · Espalier`;
  }, [props.title]);
  useEffect(() => {
    if (
      document.activeElement === document.body ||
      document.activeElement?.closest('nav') instanceof Element
    ) {
      ref.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <header className={styles['header']}>
      <div>
        <h1 ref={ref} tabIndex={-1}>
          {props.title}
        </h1>
        {props.lead !== undefined && <p className={styles['lead']}>{props.lead}</p>}
      </div>
      {props.actions !== undefined && <div className={styles['actions']}>{props.actions}</div>}
    </header>
  );
}
