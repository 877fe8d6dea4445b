import { useState, type ReactElement } from 'react';
import { Link, useSearchParams } from 'react-router';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { PageHeader } from '../../components/page-header.js';
import { formatCount } from '../../format/format-number.js';
import type { Citation, Passage } from '../../runs/run-view.js';
import { useAsk, type Turn } from '../../runs/use-ask.js';
import { useClient } from '../../session/session-context.js';
import { SourceDialog, type SourceTarget } from '../../sources/source-dialog.js';
import styles from './ask-page.module.css';
import { Composer } from './composer.js';
import { TurnView } from './turn-view.js';
import { useAskChoices, type AskChoices } from './use-ask-choices.js';

/** Where questions are asked of documents. */
export function AskPage(): ReactElement {
  const client = useClient();
  const [parameters] = useSearchParams();
  const wanted = parameters.get('kb');
  const choices = useAskChoices(client, wanted === null ? {} : { knowledgeBase: wanted });
  const { turns, isBusy, ask, stop, decide } = useAsk(client);
  const [source, setSource] = useState<SourceTarget>();

  const askQuestion = (question: string): void => {
    if (choices.selection !== undefined) ask(question, choices.selection);
  };
  const open = (cited: Citation | Passage, turn: Turn): void => {
    const knowledgeBase =
      cited.knowledgeBase ?? turn.selection.knowledgeBase ?? choices.agent?.knowledgeBase ?? '';
    setSource({
      knowledgeBase,
      documentId: cited.documentId,
      source: cited.source,
      passage: { span: cited.span, quote: 'quote' in cited ? cited.quote : cited.text },
    });
  };

  return (
    <div className={styles['page']}>
      <PageHeader
        title="Ask"
        lead="Answers come from your documents, and every statement leads back to its source."
      />
      {choices.error !== undefined && <ErrorNotice error={choices.error} onRetry={choices.retry} />}
      {turns.length === 0 && !choices.isLoading && (
        <div className={styles['start']}>
          <Start choices={choices} onAsk={askQuestion} />
        </div>
      )}
      <div className={styles['turns']}>
        {turns.map((turn) => (
          <TurnView
            key={turn.id}
            turn={turn}
            onOpen={open}
            onRetry={() => ask(turn.question, turn.selection)}
            onDecide={(decisions) => decide(turn, decisions)}
          />
        ))}
      </div>
      <div className={styles['dock']}>
        <Composer
          choices={choices}
          isBusy={isBusy}
          isFirst={turns.length === 0}
          onAsk={askQuestion}
          onStop={stop}
        />
      </div>
      <p role="status" className="visually-hidden">
        {announcement(turns.at(-1))}
      </p>
      {source !== undefined && (
        <SourceDialog target={source} onClose={() => setSource(undefined)} />
      )}
    </div>
  );
}

const SUGGESTIONS = [
  'How do I write a plug-in?',
  'What does a rail do?',
  'How are citations made?',
];

function Start(props: { choices: AskChoices; onAsk: (question: string) => void }): ReactElement {
  const { choices } = props;
  if (choices.knowledgeBases.length === 0 && choices.error === undefined) {
    return (
      <EmptyState title="Nothing is planted yet">
        <Link to="/knowledge-bases">Add a knowledge base</Link> with documents of yours, then ask
        them here.
      </EmptyState>
    );
  }
  const base = choices.knowledgeBases.find((candidate) => candidate.name === choices.knowledgeBase);
  return (
    <EmptyState title="What would you like to know?">
      <p>
        {base === undefined
          ? 'Choose a knowledge base below.'
          : `“${base.name}” holds ${formatCount(base.documents, 'document')}, ready to answer.`}
      </p>
      {base?.name === choices.agent?.knowledgeBase && (
        <ul className={styles['suggestions']}>
          {SUGGESTIONS.map((suggestion) => (
            <li key={suggestion}>
              <button type="button" onClick={() => props.onAsk(suggestion)}>
                {suggestion}
              </button>
            </li>
          ))}
        </ul>
      )}
    </EmptyState>
  );
}

/** What a screen reader is told: that it began, and once it is whole, the answer; not every piece of it. */
function announcement(turn: Turn | undefined): string {
  if (turn === undefined) return '';
  const { view } = turn;
  if (turn.elapsedMs === undefined) return 'Looking for an answer…';
  if (turn.error !== undefined || view.status === 'failed')
    return 'The question could not be answered.';
  if (view.status === 'cancelled') return 'Stopped.';
  if (view.status === 'paused') return 'The run waits for your approval.';
  const sources = new Set(view.citations.map((citation) => citation.index)).size;
  return `Answer: ${view.text} — ${formatCount(sources, 'source')}.`;
}
