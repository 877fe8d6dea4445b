import { GEN_AI, type GuardStream, type RunEvent } from '@espalier/core';
import { evidenceOf } from './evidence-of.js';
import type { RunContext } from './run-context.js';
import { untilAborted } from './until-aborted.js';

/** A text of the model's on its way through the output rails. */
export interface GuardedStream {
  /** What may go out after this piece. */
  push(text: string): Promise<GuardedPiece>;
  /** The rest. Ends the span and tells how long the rails took. */
  end(): Promise<GuardedPiece>;
  /** Gives the text up, without the rest. */
  discard(): void;
}

/** What came out, with the events that tell of it. */
export interface GuardedPiece {
  readonly text: string;
  readonly isBlocked: boolean;
  readonly reason: string | undefined;
  /** What to tell the model so that another answer may pass. */
  readonly feedback?: string | undefined;
  readonly events: readonly RunEvent[];
}

/** Opens a stream through the output rails; without such rails, everything goes out at once. */
export function openGuardedStream(run: RunContext): GuardedStream {
  const rails = run.guardrails?.railsAt('output') ?? [];
  if (run.guardrails === undefined || rails.length === 0) return createPlainStream();
  const span = run.openSpan(`${GEN_AI.operation.guard} output`, {
    [GEN_AI.attribute.operationName]: GEN_AI.operation.guard,
    [GEN_AI.attribute.railPoint]: 'output',
  });
  const stream = run.guardrails.openStream({
    point: 'output',
    evidence: evidenceOf(run),
    abortSignal: run.abortSignal,
  });
  let spentMs = 0;
  let isOpen = true;
  const close = (): void => {
    if (isOpen) span.span.end();
    isOpen = false;
  };
  const advance = async (
    work: (guarded: GuardStream) => ReturnType<GuardStream['end']>,
  ): Promise<GuardedPiece> => {
    const startedMs = run.clock.monotonic();
    try {
      const release = await untilAborted(
        span.run(() => work(stream)),
        run.abortSignal,
      );
      span.span.setAttribute(GEN_AI.attribute.railBlocked, release.isBlocked);
      return {
        text: release.text,
        isBlocked: release.isBlocked,
        reason: release.reason,
        feedback: release.feedback,
        events: release.reports.map((report): RunEvent => ({ type: 'rail', report })),
      };
    } catch (error) {
      span.fail(error);
      close();
      throw error;
    } finally {
      spentMs += run.clock.monotonic() - startedMs;
    }
  };
  const checked = (): RunEvent => ({
    type: 'rails-checked',
    point: 'output',
    rails: [...rails],
    durationMs: spentMs,
  });
  return {
    async push(text) {
      const piece = await advance((guarded) => guarded.push(text));
      if (!piece.isBlocked) return piece;
      close();
      return { ...piece, events: [...piece.events, checked()] };
    },
    async end() {
      const piece = await advance((guarded) => guarded.end());
      close();
      return { ...piece, events: [...piece.events, checked()] };
    },
    discard: close,
  };
}

/** Passes text on, but keeps the halves of a surrogate pair together. */
function createPlainStream(): GuardedStream {
  let half = '';
  const piece = (text: string): GuardedPiece => ({
    text,
    isBlocked: false,
    reason: undefined,
    events: [],
  });
  return {
    push: async (text) => {
      const whole = half + text;
      const last = whole.charCodeAt(whole.length - 1);
      half = last >= 0xd800 && last <= 0xdbff ? whole.slice(-1) : '';
      return piece(half === '' ? whole : whole.slice(0, -1));
    },
    end: async () => piece(half),
    discard: () => undefined,
  };
}
