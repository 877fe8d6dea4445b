import type { ReactElement } from 'react';
import { Link, useLocation } from 'react-router';
import { EmptyState } from '../components/empty-state.js';
import { PageHeader } from '../components/page-header.js';

/** Stands at addresses that are no page. */
export function NotFoundPage(): ReactElement {
  const { pathname } = useLocation();
  return (
    <>
      <PageHeader title="No such page" />
      <EmptyState title="This branch was never grown.">
        There is no page at <code>{pathname}</code>. <Link to="/">Ask a question</Link> or open the{' '}
        <Link to="/knowledge-bases">knowledge bases</Link>.
      </EmptyState>
    </>
  );
}
