import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Link } from 'react-router';
import { Button } from '../../components/button.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { PageHeader } from '../../components/page-header.js';
import { ProgressBar } from '../../components/progress-bar.js';
import { knowledgeBasesQuery } from '../../data/queries.js';
import { formatCount } from '../../format/format-number.js';
import { useClient } from '../../session/session-context.js';
import { CreateKnowledgeBaseDialog } from './create-knowledge-base-dialog.js';
import styles from './knowledge-bases-page.module.css';

/** Every knowledge base of the server. */
export function KnowledgeBasesPage(): ReactElement {
  const client = useClient();
  const query = useQuery(knowledgeBasesQuery(client));
  const [isCreating, setIsCreating] = useState(false);
  return (
    <>
      <PageHeader
        title="Knowledge bases"
        lead="Collections of documents that agents read and cite."
        actions={
          <Button kind="primary" onClick={() => setIsCreating(true)}>
            New knowledge base
          </Button>
        }
      />
      {query.isPending && <ProgressBar label="Loading knowledge bases" />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && (
        <EmptyState title="Nothing is planted yet">
          Make a knowledge base, then add documents to it.
        </EmptyState>
      )}
      {query.data !== undefined && query.data.length > 0 && (
        <ul className={styles['grid']}>
          {query.data.map((base) => (
            <li key={base.name} className={styles['card']}>
              <h2>
                <Link to={`/knowledge-bases/${encodeURIComponent(base.name)}`}>{base.name}</Link>
              </h2>
              {base.description !== null && <p>{base.description}</p>}
              <p className={styles['facts']}>
                {formatCount(base.documents, 'document')} · {formatCount(base.chunks, 'passage')}
              </p>
              <p className={styles['model']}>
                embedded by <code>{base.embeddingModelId}</code>
              </p>
            </li>
          ))}
        </ul>
      )}
      {isCreating && <CreateKnowledgeBaseDialog onClose={() => setIsCreating(false)} />}
    </>
  );
}
