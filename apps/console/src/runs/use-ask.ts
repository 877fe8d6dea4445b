import type { EspalierClient, RunStream } from '@espalier/sdk-ts';
import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { RunEvent } from './run-event.js';
import { EMPTY_RUN_VIEW, reduceRunView, type RunView } from './run-view.js';

/** What a question is asked of. */
export interface AskSelection {
  readonly agent: string;
  /** `undefined`: the agent's own. */
  readonly knowledgeBase: string | undefined;
  /** `undefined`: the agent's own. */
  readonly model: string | undefined;
}

/** A question with its run. */
export interface Turn {
  readonly id: number;
  readonly question: string;
  readonly selection: AskSelection;
  readonly view: RunView;
  /** Why the stream could not be read to its end. */
  readonly error: unknown;
  /** From the question to the end of its run; `undefined` while it goes on. Units: ms. */
  readonly elapsedMs: number | undefined;
  /** Where a paused run is followed on. */
  readonly lastEventId: number;
}

type Action =
  | { type: 'asked'; id: number; question: string; selection: AskSelection }
  | { type: 'events'; id: number; events: readonly RunEvent[]; lastEventId: number }
  | { type: 'ended'; id: number; elapsedMs: number; error?: unknown; wasStopped: boolean };

/** Pieces of text are shown in batches, so that a fast model does not cost a rendering for each word. Units: ms. */
const BATCH_MS = 40;

/** What a page can do with its questions. */
export interface Ask {
  readonly turns: readonly Turn[];
  readonly isBusy: boolean;
  readonly ask: (question: string, selection: AskSelection) => void;
  /** Ends the run that goes on, here and on the server. */
  readonly stop: () => void;
  /** Decides on the tool calls for which a run waits, and follows it on. */
  readonly decide: (
    turn: Turn,
    decisions: readonly { toolCallId: string; isApproved: boolean }[],
  ) => void;
}

/** Keeps the questions of one page and runs them, one at a time; leaving the page stops the one that runs. */
export function useAsk(client: EspalierClient): Ask {
  const [turns, dispatch] = useReducer(reduceTurns, []);
  const running = useRef<AbortController | undefined>(undefined);
  const nextId = useRef(1);

  useEffect(() => () => running.current?.abort(), []);

  const follow = useCallback(
    async (id: number, open: (abortSignal: AbortSignal) => Promise<RunStream>) => {
      const controller = new AbortController();
      running.current?.abort();
      running.current = controller;
      const startedAt = performance.now();
      const batch: RunEvent[] = [];
      let lastEventId = 0;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const flush = (): void => {
        timer = undefined;
        if (batch.length > 0)
          dispatch({ type: 'events', id, events: batch.splice(0), lastEventId });
      };
      let error: unknown;
      try {
        const stream = await open(controller.signal);
        for await (const event of stream) {
          batch.push(event);
          lastEventId = stream.lastEventId;
          timer ??= setTimeout(flush, BATCH_MS);
        }
      } catch (problem) {
        error = problem;
      }
      clearTimeout(timer);
      flush();
      const wasStopped = controller.signal.aborted;
      const elapsedMs = performance.now() - startedAt;
      dispatch({ type: 'ended', id, elapsedMs, wasStopped, ...(wasStopped ? {} : { error }) });
      if (running.current === controller) running.current = undefined;
    },
    [],
  );

  const ask = useCallback<Ask['ask']>(
    (question, selection) => {
      const id = nextId.current++;
      dispatch({ type: 'asked', id, question, selection });
      void follow(id, async (abortSignal) =>
        client.runs.stream({
          agent: selection.agent,
          input: question,
          abortSignal,
          ...(selection.knowledgeBase === undefined
            ? {}
            : { knowledgeBase: selection.knowledgeBase }),
          ...(selection.model === undefined ? {} : { model: selection.model }),
        }),
      );
    },
    [client, follow],
  );

  const decide = useCallback<Ask['decide']>(
    (turn, decisions) => {
      const id = turn.view.runId;
      if (id === undefined) return;
      void follow(turn.id, async (abortSignal) => {
        await client.runs.approve({ id, decisions: [...decisions], abortSignal });
        return client.runs.attach({ id, lastEventId: turn.lastEventId, abortSignal });
      });
    },
    [client, follow],
  );

  const stop = useCallback(() => running.current?.abort(), []);
  const isBusy = turns.some((turn) => turn.elapsedMs === undefined);
  return { turns, isBusy, ask, stop, decide };
}

function reduceTurns(turns: readonly Turn[], action: Action): readonly Turn[] {
  if (action.type === 'asked') {
    const { id, question, selection } = action;
    const turn: Turn = {
      id,
      question,
      selection,
      view: EMPTY_RUN_VIEW,
      error: undefined,
      elapsedMs: undefined,
      lastEventId: 0,
    };
    return [...turns, turn];
  }
  return turns.map((turn) => (turn.id === action.id ? reduceTurn(turn, action) : turn));
}

function reduceTurn(turn: Turn, action: Exclude<Action, { type: 'asked' }>): Turn {
  if (action.type === 'events') {
    return {
      ...turn,
      elapsedMs: undefined,
      view: action.events.reduce(reduceRunView, turn.view),
      lastEventId: action.lastEventId,
    };
  }
  const isOpen = turn.view.status === 'starting' || turn.view.status === 'running';
  const view: RunView =
    isOpen && action.wasStopped
      ? { ...turn.view, status: 'cancelled' }
      : isOpen
        ? { ...turn.view, status: 'failed' }
        : turn.view;
  return { ...turn, view, error: action.error, elapsedMs: action.elapsedMs };
}
