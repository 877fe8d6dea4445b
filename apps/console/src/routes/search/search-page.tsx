import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useSearchParams } from 'react-router';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { PageHeader } from '../../components/page-header.js';
import { ProgressBar } from '../../components/progress-bar.js';
import { explainedSearchQuery, knowledgeBasesQuery } from '../../data/queries.js';
import { useClient } from '../../session/session-context.js';
import { SourceDialog, type SourceTarget } from '../../sources/source-dialog.js';
import { ExplainedPassage } from './explained-passage.js';
import type { Found } from './found.js';
import { SearchFacts } from './search-facts.js';
import { SearchForm, type SearchInput } from './search-form.js';
import styles from './search-page.module.css';

const DEFAULT_COUNT = 10;

/** The search debugger: what a query finds, and why each passage stands where it does. */
export function SearchPage(): ReactElement {
  const client = useClient();
  const bases = useQuery(knowledgeBasesQuery(client));
  const [address, setAddress] = useSearchParams();
  const names = bases.data?.map(({ name }) => name) ?? [];
  const input: SearchInput = {
    query: address.get('q') ?? '',
    knowledgeBase: address.get('kb') ?? names[0] ?? '',
    topK: Number(address.get('top') ?? DEFAULT_COUNT) || DEFAULT_COUNT,
  };
  const search = useQuery({
    ...explainedSearchQuery(client, input),
    enabled: input.query !== '' && input.knowledgeBase !== '',
  });
  const found = search.data;

  return (
    <>
      <PageHeader
        title="Search debugger"
        lead="What a query finds, and why each passage stands where it does."
      />
      {bases.isPending && <ProgressBar label="Loading knowledge bases" />}
      {bases.isError && <ErrorNotice error={bases.error} onRetry={() => void bases.refetch()} />}
      {bases.data !== undefined && names.length === 0 && (
        <EmptyState title="Nothing to search yet">
          Make a knowledge base and add documents to it.
        </EmptyState>
      )}
      {names.length > 0 && (
        <SearchForm
          key={`${input.knowledgeBase} ${input.query}`}
          knowledgeBases={names}
          initial={input}
          isBusy={search.isFetching}
          onSearch={({ query, knowledgeBase, topK }) =>
            setAddress({ kb: knowledgeBase, q: query, top: String(topK) })
          }
        />
      )}
      {search.isFetching && <ProgressBar label="Searching" />}
      {search.isError && <ErrorNotice error={search.error} onRetry={() => void search.refetch()} />}
      {found?.explanation !== undefined && (
        <>
          <SearchFacts explanation={found.explanation} hasEvidence={found.hasEvidence} />
          <Results found={found} knowledgeBase={input.knowledgeBase} />
        </>
      )}
    </>
  );
}

function Results(props: { found: Found; knowledgeBase: string }): ReactElement {
  const { passages, explanation } = props.found;
  const [target, setTarget] = useState<SourceTarget>();
  const weights = new Map(explanation?.legs.map(({ name, weight }) => [name, weight]));
  const why = new Map(explanation?.passages.map((passage) => [passage.id, passage]));
  const largest = Math.max(
    0,
    ...[...why.values()].flatMap(({ legs }) =>
      legs.map(({ contribution }) => Math.abs(contribution)),
    ),
  );
  if (passages.length === 0)
    return <EmptyState title="Nothing was found">Try other words.</EmptyState>;
  return (
    <>
      <h2 className={styles['heading']}>Passages</h2>
      <ol className={styles['passages']} aria-label="Passages">
        {passages.map((passage) => {
          const explained = why.get(passage.id);
          if (explained === undefined) return null;
          return (
            <ExplainedPassage
              key={passage.id}
              passage={passage}
              explained={explained}
              weightOf={(leg) => weights.get(leg) ?? 0}
              largest={largest}
              onOpen={() =>
                setTarget({
                  knowledgeBase: props.knowledgeBase,
                  documentId: passage.documentId,
                  source: passage.source,
                  passage: { span: passage.span, quote: passage.text },
                })
              }
            />
          );
        })}
      </ol>
      {target !== undefined && (
        <SourceDialog target={target} onClose={() => setTarget(undefined)} />
      )}
    </>
  );
}
