import { createSystemClock, createSystemRandom, type Clock, type Random } from '@espalier/core';
import type { ModelIdentity } from '../errors.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../retry/retry-policy.js';
import { DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_TIMEOUTS, type CallTimeouts } from './call-limits.js';

/** What every adapter over HTTP takes besides its own options. */
export interface HttpAdapterOptions {
  /** Time limits; what is left out keeps its default. */
  readonly timeouts?: Partial<CallTimeouts>;
  readonly retry?: Partial<RetryPolicy>;
  /** The largest answer that is read. Units: bytes. Default 32 000 000. */
  readonly maxResponseBytes?: number;
  /** Extra headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends the requests. Default: a connection pool of the adapter's own. */
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** The settled options of an adapter, as the calls use them. */
export interface CallRuntime {
  readonly identity: ModelIdentity;
  readonly timeouts: CallTimeouts;
  readonly retry: RetryPolicy;
  readonly maxResponseBytes: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Takes out of a text what must not stand in an error. */
  readonly redact: (text: string) => string;
}

/** Settles an adapter's options; `secrets` never appear in errors made with the result. */
export function createCallRuntime(
  identity: ModelIdentity,
  options: HttpAdapterOptions,
  secrets: readonly (string | undefined)[],
): CallRuntime {
  const hidden = secrets.filter((secret) => secret !== undefined && secret.length >= 4) as string[];
  return {
    identity: { provider: identity.provider, modelId: identity.modelId },
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    retry: { ...DEFAULT_RETRY_POLICY, ...options.retry },
    maxResponseBytes: options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    clock: options.clock ?? createSystemClock(),
    random: options.random ?? createSystemRandom(),
    redact: (text) => hidden.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text),
  };
}
