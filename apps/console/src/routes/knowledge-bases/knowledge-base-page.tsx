import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { PageHeader } from '../../components/page-header.js';
import { knowledgeBaseQuery, queryKeys } from '../../data/queries.js';
import { formatCount } from '../../format/format-number.js';
import { useClient } from '../../session/session-context.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { DocumentTable } from './document-table.js';
import styles from './knowledge-base-page.module.css';
import { UploadPanel } from './upload-panel.js';

/** One knowledge base: its documents, and ways to add and remove them. */
export function KnowledgeBasePage(): ReactElement {
  const { name = '' } = useParams();
  const client = useClient();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery(knowledgeBaseQuery(client, name));
  const [isDeleting, setIsDeleting] = useState(false);

  const remove = async (): Promise<void> => {
    await client.knowledgeBases.delete({ name });
    await navigate('/knowledge-bases');
    queryClient.removeQueries({ queryKey: queryKeys.knowledgeBase(name) });
    await queryClient.invalidateQueries({ queryKey: queryKeys.knowledgeBases });
  };

  return (
    <>
      <nav aria-label="Breadcrumb" className={styles['crumbs']}>
        <Link to="/knowledge-bases">Knowledge bases</Link>
      </nav>
      <PageHeader
        title={name}
        lead={
          query.data === undefined
            ? undefined
            : [
                query.data.description,
                `${formatCount(query.data.documents, 'document')}, ${formatCount(query.data.chunks, 'passage')}.`,
              ]
                .filter((part) => part !== null)
                .join(' · ')
        }
        actions={
          <>
            <Link to={`/?kb=${encodeURIComponent(name)}`} className={styles['ask']}>
              Ask it
            </Link>
            <Link to={`/search?kb=${encodeURIComponent(name)}`}>Debug a search</Link>
            <Button kind="danger" onClick={() => setIsDeleting(true)}>
              Delete
            </Button>
          </>
        }
      />
      {query.isError ? (
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          <UploadPanel knowledgeBase={name} />
          <DocumentTable knowledgeBase={name} />
        </>
      )}
      {isDeleting && (
        <ConfirmDialog
          title={`Delete “${name}”?`}
          action="Delete for good"
          onConfirm={remove}
          onClose={() => setIsDeleting(false)}
        >
          All its documents and their index go with it. This cannot be undone.
        </ConfirmDialog>
      )}
    </>
  );
}
