import { ModelTimeoutError } from '../errors.js';
import type { CallGuard } from './call-guard.js';
import type { CallTimeouts } from './call-limits.js';
import type { CallRuntime } from './call-runtime.js';

const LIMITS = {
  headersMs: { name: 'headers', phase: 'headers' },
  idleMs: { name: 'idle', phase: 'body' },
  outputMs: { name: 'output', phase: 'output' },
} as const;

/**
 * Starts, or starts again, one of a call's time limits; when it passes, the guard aborts with a `ModelTimeoutError`.
 *
 * Units: `remainingMs` ms, what is left of the limit; default all of it.
 */
export function startLimit(
  guard: CallGuard,
  runtime: CallRuntime,
  limitName: keyof CallTimeouts,
  remainingMs?: number,
): void {
  const { name, phase } = LIMITS[limitName];
  const limitMs = runtime.timeouts[limitName];
  guard.start(
    name,
    remainingMs ?? limitMs,
    () => new ModelTimeoutError({ ...runtime.identity, phase, limitMs, limitName }),
  );
}
