import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '@espalier/core';
import type { Dispatcher } from 'undici';
import type { WireExchange } from '../exchange/wire-exchange.js';
import type { WireError } from '../wire-error.js';
import type { WireTarget } from '../wires-context.js';
import { createAnswerSink, type SinkControl } from './answer-sink.js';
import type { ForwardFilter } from './forward-filter.js';
import { createStreamSink } from './stream-sink.js';
import {
  connectionFault,
  upstreamGarbage,
  upstreamTimeout,
  upstreamTooLarge,
} from './upstream-fault.js';
import { upstreamStatusError } from './upstream-status-error.js';
import type { UpstreamPools } from './upstream-pools.js';

/** How much may follow the end of an answer before the connection is given up. Units: bytes. */
const MAX_EXCESS = 64 * 1024;
const MAX_ERROR_BODY = 64 * 1024;

/** What is forwarded, and through what. */
export interface ForwardRequestOptions {
  readonly pools: UpstreamPools;
  readonly target: WireTarget;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isStream: boolean;
  readonly exchange: WireExchange;
  readonly filter: ForwardFilter;
  readonly clock: Clock;
  /** Headers of the answer. */
  readonly answerHeaders: Record<string, string>;
}

/**
 * Sends a request to an upstream of the same wire and its answer straight to the caller.
 *
 * Resolves when the answer is complete or the caller has gone. A fault before the first byte of the answer rejects
 * with a `WireError`; one after it is told in the stream, and then rejects too.
 */
export function forwardRequest(options: ForwardRequestOptions): Promise<void> {
  const { target, exchange, clock } = options;
  const { pool, path } = options.pools.at(target.url);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let controller: Dispatcher.DispatchController | undefined;
  let isSettled = false;
  let hasEnded = false;
  let stopTimer = (): void => undefined;

  const settle = (error?: WireError): void => {
    if (isSettled) return;
    isSettled = true;
    stopTimer();
    if (error === undefined) {
      resolve();
      return;
    }
    reject(error);
    stopUpstream(error);
  };
  const stopUpstream = (reason: Error): void => {
    if (!hasEnded) controller?.abort(reason);
  };
  const leave = (): void => {
    settle();
    stopUpstream(new Error('The caller has gone.'));
  };
  exchange.onClientGone(leave);
  if (isSettled) return promise;

  const control: SinkControl = {
    settle,
    stopUpstream,
    pause: () => controller?.pause(),
    resume: () => {
      if (!hasEnded) controller?.resume();
    },
  };
  const { filter, answerHeaders } = options;
  const sinkOptions = { exchange, filter, clock, answerHeaders, control };
  const sink = options.isStream ? createStreamSink(sinkOptions) : createAnswerSink(sinkOptions);
  const fail = (error: WireError): void => {
    sink.error(error);
    stopUpstream(error);
  };
  const watchOutput = (): void => {
    const idleMs = sink.isWaitingForCaller ? 0 : clock.monotonic() - sink.lastOutputMs;
    if (idleMs >= target.timeouts.outputMs - 1)
      fail(upstreamTimeout('output', target.timeouts.outputMs));
    else stopTimer = clock.setTimer(target.timeouts.outputMs - idleMs, watchOutput);
  };
  stopTimer = clock.setTimer(target.timeouts.outputMs, watchOutput);

  let status = 0;
  let received = 0;
  let excess = 0;
  let errorBody = '';
  let retryAfter: string | undefined;
  const errorDecoder = new StringDecoder('utf8');
  pool.dispatch(
    {
      path,
      method: 'POST',
      headers: options.headers,
      body: options.body,
      headersTimeout: target.timeouts.headersMs,
      bodyTimeout: target.timeouts.idleMs,
    },
    {
      onRequestStart(started) {
        controller = started;
        if (isSettled) started.abort(new Error('The caller has gone.'));
      },
      onResponseStart(_, statusCode, headers) {
        if (statusCode < 200) return;
        status = statusCode;
        const contentType = String(headers['content-type'] ?? '');
        if (status >= 300) {
          retryAfter = firstOf(headers['retry-after']);
        } else if (options.isStream && !contentType.includes('text/event-stream')) {
          fail(
            upstreamGarbage(`"${contentType.slice(0, 60)}" where an event stream was asked for`),
          );
        }
      },
      onResponseData(_, chunk) {
        received += chunk.length;
        if (isSettled) {
          // An upstream that goes on after the end of its answer is not read for long.
          if ((excess += chunk.length) > MAX_EXCESS)
            stopUpstream(new Error('The answer goes on after its end.'));
          return;
        }
        if (received > target.maxResponseBytes) {
          fail(upstreamTooLarge(target.maxResponseBytes));
        } else if (status >= 300) {
          if (errorBody.length < MAX_ERROR_BODY) errorBody += errorDecoder.write(chunk);
        } else {
          sink.data(chunk);
        }
      },
      onResponseEnd() {
        hasEnded = true;
        if (isSettled) return;
        if (status >= 300) {
          settle(upstreamStatusError({ status, retryAfter, body: errorBody, nowMs: clock.now() }));
        } else {
          sink.end();
        }
      },
      onResponseError(_, error) {
        hasEnded = true;
        if (isSettled) return;
        if (status >= 300) {
          settle(upstreamStatusError({ status, retryAfter, body: errorBody, nowMs: clock.now() }));
        } else {
          sink.error(connectionFault(error, target.timeouts));
        }
      },
    },
  );
  return promise;
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
