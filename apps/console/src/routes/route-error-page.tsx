import { useEffect, type ReactElement } from 'react';
import { useRouteError } from 'react-router';
import { Button } from '../components/button.js';
import { ErrorNotice } from '../components/error-notice.js';
import { PageHeader } from '../components/page-header.js';

/** Stands in place of a page that broke; the rest of the console stays usable. */
export function RouteErrorPage(): ReactElement {
  const error = useRouteError();
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <>
      <PageHeader title="This page broke" lead="Nothing was lost on the server." />
      <ErrorNotice error={error} />
      <p>
        <Button onClick={() => window.location.reload()}>Reload</Button>
      </p>
    </>
  );
}
