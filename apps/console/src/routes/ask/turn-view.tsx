import { RunNotFinishedError } from '@espalier/sdk-ts';
import { useEffect, useId, useRef, type ReactElement } from 'react';
import { Badge } from '../../components/badge.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { ProgressBar } from '../../components/progress-bar.js';
import type { Citation, Passage } from '../../runs/run-view.js';
import type { Turn } from '../../runs/use-ask.js';
import { AnswerText } from './answer-text.js';
import { ApprovalPanel } from './approval-panel.js';
import { RunSteps } from './run-steps.js';
import { SourceList } from './source-list.js';
import styles from './turn-view.module.css';

/** One question with its answer, its sources, and the steps that led there. */
export function TurnView(props: {
  turn: Turn;
  onOpen: (source: Citation | Passage, turn: Turn) => void;
  onRetry: () => void;
  onDecide: (decisions: readonly { toolCallId: string; isApproved: boolean }[]) => void;
}): ReactElement {
  const { turn, onOpen } = props;
  const { view } = turn;
  const isOpen = turn.elapsedMs === undefined;
  const titleId = useId();
  const article = useRef<HTMLElement>(null);
  const open = (source: Citation | Passage): void => onOpen(source, turn);

  useEffect(() => {
    article.current?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  }, []);

  return (
    <article ref={article} className={styles['turn']} aria-labelledby={titleId} aria-busy={isOpen}>
      <h2 id={titleId}>{turn.question}</h2>
      <div className={styles['columns']}>
        <div className={styles['answer']}>
          {view.text !== '' && (
            <AnswerText
              text={view.text}
              citations={view.citations}
              isStreaming={isOpen}
              onOpen={open}
            />
          )}
          {view.text === '' && isOpen && <ProgressBar label={waitingLabel(turn)} />}
          {view.status === 'paused' && !isOpen && (
            <ApprovalPanel requests={view.approvals} onDecide={props.onDecide} />
          )}
          <Ending turn={turn} onRetry={props.onRetry} />
          <SourceList citations={view.citations} onOpen={open} />
        </div>
        <RunSteps view={view} elapsedMs={turn.elapsedMs} onOpenPassage={open} />
      </div>
    </article>
  );
}

function waitingLabel({ view }: Turn): string {
  const last = view.steps.at(-1)?.kind;
  if (last === 'model') return 'Writing the answer';
  if (last === 'retrieval') return 'Reading the passages';
  return 'Searching the documents';
}

const ENDINGS: Readonly<Record<string, string>> = {
  length: 'The answer was cut: it reached the model’s length limit.',
  'content-filter': 'The provider’s content filter ended the answer.',
  'step-limit': 'The run ended at its limit of steps.',
  'cost-limit': 'The run ended at its limit of cost.',
  blocked: 'A rail blocked this run.',
};

function Ending(props: { turn: Turn; onRetry: () => void }): ReactElement | null {
  const { view, error, elapsedMs } = props.turn;
  if (elapsedMs === undefined) return null;
  if (error !== undefined) return <ErrorNotice error={error} onRetry={props.onRetry} />;
  if (view.status === 'cancelled')
    return (
      <p>
        <Badge tone="notice">stopped</Badge>
      </p>
    );
  if (view.status === 'failed') {
    const failure = new RunNotFinishedError({
      runId: view.runId ?? '',
      outcome: 'failed',
      ...(view.failure === undefined ? {} : { error: view.failure }),
    });
    return <ErrorNotice error={failure} onRetry={props.onRetry} />;
  }
  const ending = ENDINGS[view.finishReason ?? ''];
  return ending === undefined ? null : (
    <p role="note" className={styles['ending']}>
      {ending}
    </p>
  );
}
