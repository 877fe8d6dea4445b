import type { Clock, Usage } from '@espalier/core';
import type { WireExchange } from '../exchange/wire-exchange.js';
import type { WireRoute } from '../wire-routes.js';
import type { Caller } from '../wires-context.js';
import type { RequestGuard } from './request-guard.js';

/** One request of a wire and what becomes known of it while it runs. */
export interface WireRequest {
  readonly route: WireRoute;
  readonly exchange: WireExchange;
  /** The caller's own where it gave a usable one. */
  readonly requestId: string;
  /** Units: ms since 1970. */
  readonly startedAtMs: number;
  /** On the monotonic clock. Units: ms. */
  readonly startedAt: number;
  caller: Caller | undefined;
  guard: RequestGuard;
  modelId: string | undefined;
  usage: Usage;
  isStream: boolean;
  isForwarded: boolean;
}

/** A request whose caller is known. */
export type AdmittedRequest = WireRequest & { caller: Caller };

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/u;
const UNGUARDED: RequestGuard = {
  input: undefined,
  output: undefined,
  forAgent: undefined,
  mayForward: true,
};

/** Notes a request that came in just now. */
export function openWireRequest(options: {
  route: WireRoute;
  exchange: WireExchange;
  clock: Clock;
  newRequestId: () => string;
}): WireRequest {
  const { route, exchange, clock, newRequestId } = options;
  const given = exchange.header('x-request-id');
  return {
    route,
    exchange,
    requestId: given !== undefined && REQUEST_ID.test(given) ? given : newRequestId(),
    startedAtMs: clock.now(),
    startedAt: clock.monotonic(),
    caller: undefined,
    guard: UNGUARDED,
    modelId: undefined,
    usage: {},
    isStream: false,
    isForwarded: false,
  };
}

/** A signal that aborts when the client goes away. */
export function clientSignal(exchange: WireExchange): AbortSignal {
  const aborter = new AbortController();
  exchange.onClientGone(() => {
    aborter.abort();
  });
  return aborter.signal;
}
