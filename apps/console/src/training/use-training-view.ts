import type { EspalierClient, TrainingStreamEntry } from '@espalier/sdk-ts';
import { useEffect, useReducer, useState } from 'react';
import { addTrainingEvents, EMPTY_TRAINING_VIEW, type TrainingView } from './training-view.js';

/** Events are shown in batches, so that quick steps do not cost a drawing each. Units: ms. */
const BATCH_MS = 200;

type Action = { type: 'events'; entries: readonly TrainingStreamEntry[] } | { type: 'begin' };

/** Follows a job from its first event for as long as the page is open. */
export function useTrainingView(
  client: EspalierClient,
  id: string,
  options: {
    /** Told when the job's status has changed. */
    readonly onStatus: () => void;
  },
): { readonly view: TrainingView; readonly error: unknown; readonly retry: () => void } {
  const { onStatus } = options;
  const [view, dispatch] = useReducer(reduce, EMPTY_TRAINING_VIEW);
  const [error, setError] = useState<unknown>(undefined);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    const batch: TrainingStreamEntry[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      timer = undefined;
      if (batch.length > 0) dispatch({ type: 'events', entries: batch.splice(0) });
    };
    const follow = async (): Promise<void> => {
      for await (const entry of client.training.follow({ id, abortSignal: controller.signal })) {
        batch.push(entry);
        timer ??= setTimeout(flush, BATCH_MS);
        if (entry.event.type === 'status') onStatus();
      }
    };
    dispatch({ type: 'begin' });
    setError(undefined);
    follow()
      .catch((problem: unknown) => {
        if (!controller.signal.aborted) setError(problem);
      })
      .finally(() => {
        clearTimeout(timer);
        if (!controller.signal.aborted) flush();
      });
    return () => controller.abort();
  }, [client, id, onStatus, attempt]);

  return { view, error, retry: () => setAttempt((before) => before + 1) };
}

function reduce(view: TrainingView, action: Action): TrainingView {
  return action.type === 'begin' ? EMPTY_TRAINING_VIEW : addTrainingEvents(view, action.entries);
}
