import { useState, type ReactElement } from 'react';
import { Button } from '../../components/button.js';
import type { ApprovalRequest } from '../../runs/run-view.js';
import styles from './approval-panel.module.css';

/** Asks a person about the tool calls for which a run waits; it goes on once each is decided. */
export function ApprovalPanel(props: {
  requests: readonly ApprovalRequest[];
  onDecide: (decisions: readonly { toolCallId: string; isApproved: boolean }[]) => void;
}): ReactElement {
  const { requests, onDecide } = props;
  const [decided, setDecided] = useState<Readonly<Record<string, boolean>>>({});
  const decide = (toolCallId: string, isApproved: boolean): void => {
    const next = { ...decided, [toolCallId]: isApproved };
    setDecided(next);
    if (requests.every((request) => request.toolCallId in next)) {
      onDecide(
        requests.map((request) => ({
          toolCallId: request.toolCallId,
          isApproved: next[request.toolCallId] === true,
        })),
      );
    }
  };
  return (
    <section className={styles['panel']} aria-label="Waiting for your approval">
      <h3>This run waits for you</h3>
      {requests.map((request) => {
        const choice = decided[request.toolCallId];
        return (
          <div key={request.toolCallId} className={styles['request']}>
            <p>
              May it use <code>{request.toolName}</code>?
            </p>
            <pre>{JSON.stringify(request.input, undefined, 2)}</pre>
            {choice === undefined ? (
              <div className={styles['actions']}>
                <Button kind="primary" onClick={() => decide(request.toolCallId, true)}>
                  Approve
                </Button>
                <Button onClick={() => decide(request.toolCallId, false)}>Refuse</Button>
              </div>
            ) : (
              <p>{choice ? 'Approved.' : 'Refused.'}</p>
            )}
          </div>
        );
      })}
    </section>
  );
}
