import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '../../components/button.js';
import { DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { ProgressBar } from '../../components/progress-bar.js';
import { documentsQuery, queryKeys } from '../../data/queries.js';
import { formatInteger } from '../../format/format-number.js';
import { useClient } from '../../session/session-context.js';
import { SourceDialog } from '../../sources/source-dialog.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import styles from './document-table.module.css';

const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** The documents of a knowledge base, page by page; each can be read and removed. */
export function DocumentTable(props: { knowledgeBase: string }): ReactElement {
  const { knowledgeBase } = props;
  const client = useClient();
  const queryClient = useQueryClient();
  const query = useInfiniteQuery(documentsQuery(client, knowledgeBase));
  const [opened, setOpened] = useState<string>();
  const [removing, setRemoving] = useState<string>();
  const documents = query.data?.pages.flatMap((page) => page.data) ?? [];

  const remove = async (id: string): Promise<void> => {
    await client.documents.delete({ knowledgeBase, id });
    await queryClient.invalidateQueries({ queryKey: queryKeys.knowledgeBases });
  };

  if (query.isPending) return <ProgressBar label="Loading documents" />;
  if (query.isError) {
    return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (documents.length === 0) {
    return <EmptyState title="No documents yet">Add some above.</EmptyState>;
  }
  return (
    <>
      <DataTable label="Documents">
        <thead>
          <tr>
            <th scope="col">Document</th>
            <th scope="col" className="number">
              Passages
            </th>
            <th scope="col" className={styles['date']}>
              Changed
            </th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {documents.map((document) => (
            <tr key={document.id}>
              <th scope="row" className={styles['document']}>
                <button
                  type="button"
                  className={styles['open']}
                  onClick={() => setOpened(document.id)}
                >
                  {document.title ?? document.source}
                </button>
                {document.title !== null && (
                  <span className={styles['source']}>{document.source}</span>
                )}
              </th>
              <td className="number">{formatInteger(document.chunks)}</td>
              <td className={styles['date']}>
                <time dateTime={document.updatedAt}>
                  {DATE.format(new Date(document.updatedAt))}
                </time>
              </td>
              <td className="number">
                <Button
                  kind="quiet"
                  aria-label={`Remove ${document.source}`}
                  onClick={() => setRemoving(document.id)}
                >
                  Remove
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </DataTable>
      {query.hasNextPage && (
        <p className={styles['more']}>
          <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {query.isFetchingNextPage ? 'Loading…' : 'Show more'}
          </Button>
        </p>
      )}
      {opened !== undefined && (
        <SourceDialog
          target={{ knowledgeBase, documentId: opened, source: opened }}
          onClose={() => setOpened(undefined)}
        />
      )}
      {removing !== undefined && (
        <ConfirmDialog
          title="Remove this document?"
          action="Remove"
          onConfirm={() => remove(removing)}
          onClose={() => setRemoving(undefined)}
        >
          <code>{removing}</code> and its passages leave the knowledge base “{knowledgeBase}”.
        </ConfirmDialog>
      )}
    </>
  );
}
