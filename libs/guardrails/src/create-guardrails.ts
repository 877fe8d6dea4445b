import {
  createSilentLogger,
  createSystemClock,
  type Clock,
  type GuardCheckResult,
  type GuardRelease,
  type Guardrails,
  type GuardStream,
  type Logger,
  type Rail,
} from '@espalier/core';
import { GuardStreamEndedError, RailNameTakenError } from './errors.js';
import {
  createGuardSession,
  type GuardSession,
  type GuardSessionOptions,
} from './internal/guard-session.js';

/** What `createGuardrails` takes. */
export interface GuardrailsOptions {
  readonly rails: readonly Rail[];
  /** How long a rail may take for one look; behind it the text is stopped. Units: ms. Default 10,000. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/**
 * Composes rails into the guard of a run.
 *
 * All rails of a point see the same original text, side by side. One `block` stops it; redactions of several rails are
 * united where they overlap; a text that a rail replaces is checked by the other rails. A rail that throws or takes too
 * long stops the text, with its error's code in the reason. Nothing is released before every rail has cleared it; what
 * is held back is at most the largest `maxHoldBack` plus a sixteenth of it.
 *
 * @throws {RailNameTakenError} `ERR_GUARDRAILS_RAIL_NAME_TAKEN`: two rails have one name.
 */
export function createGuardrails(options: GuardrailsOptions): Guardrails {
  const names = new Set<string>();
  for (const { name } of options.rails) {
    if (names.has(name)) throw new RailNameTakenError({ rail: name });
    names.add(name);
  }
  const clock = options.clock ?? createSystemClock();
  const logger = options.logger ?? createSilentLogger();
  const openSession = (
    at: Pick<GuardSessionOptions, 'point' | 'toolName' | 'abortSignal'>,
  ): GuardSession =>
    createGuardSession({
      rails: options.rails.filter((rail) => rail.points.includes(at.point)),
      point: at.point,
      toolName: at.toolName,
      abortSignal: at.abortSignal,
      clock,
      logger,
      timeoutMs: options.timeoutMs ?? 10_000,
    });
  return {
    specificationVersion: 'v1',
    railsAt: (point) =>
      options.rails.filter((rail) => rail.points.includes(point)).map((rail) => rail.name),
    check: async ({ text, ...at }): Promise<GuardCheckResult> =>
      openSession(at).advance(text, true),
    openStream: (at) => createGuardStream(openSession(at)),
  };
}

function createGuardStream(session: GuardSession): GuardStream {
  let isEnded = false;
  let last: Promise<unknown> = Promise.resolve();
  const enqueue = (piece: string, isFinal: boolean): Promise<GuardRelease> => {
    if (isEnded) return Promise.reject(new GuardStreamEndedError());
    isEnded = isFinal;
    // In order even when a caller does not wait; after a fault every later call fails with it.
    const next = last.then(() => session.advance(piece, isFinal));
    last = next;
    last.catch(() => undefined);
    return next;
  };
  return {
    push: (text) => enqueue(text, false),
    end: () => enqueue('', true),
  };
}
