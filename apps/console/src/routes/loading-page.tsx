import type { ReactElement } from 'react';

/** Stands while the first page is loaded; that is short, so it only speaks to screen readers. */
export function LoadingPage(): ReactElement {
  return (
    <p role="status" className="visually-hidden">
      Loading…
    </p>
  );
}
