import type { RunEvent } from '@espalier/core';
import { isFinalRunEvent, type RunObject } from '@espalier/protocol';
import { foldRunEvent } from './fold-run-event.js';
import type { StoredEvent } from './run-store.js';

/** A run that this process works on, with its events so far. */
export interface LiveRun {
  readonly keyId: string;
  readonly run: RunObject;
  /** The id before the first event held here. */
  readonly baseId: number;
  readonly events: readonly StoredEvent[];
  readonly isDone: boolean;
  readonly abortController: AbortController;
  /** Resolves when the run has ended and is stored. */
  readonly finished: Promise<RunObject>;
  /** Takes an event in; gives it as it is to be stored. */
  push(event: RunEvent, nowMs: number): StoredEvent;
  /** Resolves at the next event, at the end, or rejects when the signal aborts. */
  changed(abortSignal?: AbortSignal): Promise<void>;
  settle(): void;
}

/** Creates the record of a run that begins, or that goes on after a pause. */
export function createLiveRun(options: { keyId: string; run: RunObject }): LiveRun {
  let run = options.run;
  let isDone = false;
  const baseId = run.lastEventId;
  const events: StoredEvent[] = [];
  let waiters: (() => void)[] = [];
  const finished = Promise.withResolvers<RunObject>();
  const wake = (): void => {
    const woken = waiters;
    waiters = [];
    for (const waiter of woken) waiter();
  };
  return {
    keyId: options.keyId,
    baseId,
    events,
    abortController: new AbortController(),
    finished: finished.promise,
    get run() {
      return run;
    },
    get isDone() {
      return isDone;
    },
    push(event, nowMs) {
      const id = baseId + events.length + 1;
      const stored = { id, type: event.type, json: JSON.stringify(event) };
      run = foldRunEvent(run, event, { id, nowMs });
      events.push(stored);
      if (isFinalRunEvent(event)) isDone = true;
      wake();
      return stored;
    },
    changed(abortSignal) {
      if (abortSignal?.aborted === true) return Promise.reject(abortSignal.reason as Error);
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          reject(abortSignal?.reason as Error);
        };
        abortSignal?.addEventListener('abort', onAbort, { once: true });
        waiters.push(() => {
          abortSignal?.removeEventListener('abort', onAbort);
          resolve();
        });
      });
    },
    settle() {
      isDone = true;
      wake();
      finished.resolve(run);
    },
  };
}
