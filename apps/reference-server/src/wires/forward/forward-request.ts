import { StringDecoder } from 'node:string_decoder';
import type { Clock, JsonObject, JsonValue } from '@espalier/core';
import type { Dispatcher } from 'undici';
import type { WireExchange } from '../exchange/wire-exchange.js';
import { isObject } from '../request/guard-input.js';
import { toWireError } from '../to-wire-error.js';
import type { WireError } from '../wire-error.js';
import type { WireTarget } from '../wires-context.js';
import type { ForwardFilter } from './forward-filter.js';
import { createSseSplitter, type SseEvent } from './sse-splitter.js';
import {
  connectionFault,
  upstreamClosed,
  upstreamGarbage,
  upstreamTimeout,
  upstreamTooLarge,
} from './upstream-fault.js';
import { upstreamStatusError } from './upstream-status-error.js';
import type { UpstreamPools } from './upstream-pools.js';

/** How much may follow the end of an answer before the connection is given up. Units: bytes. */
const MAX_EXCESS = 64 * 1024;
const MAX_ERROR_BODY = 64 * 1024;
/** How much of an answer may wait for rails or a slow caller before the upstream is paused. Units: events. */
const MAX_QUEUED_EVENTS = 256;

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
  const url = new URL(target.url);
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
  const sink = options.isStream
    ? createStreamSink(options, control)
    : createAnswerSink(options, control);
  const fail = (error: WireError): void => {
    sink.error(error);
    stopUpstream(error);
  };
  let lastOutputMs = clock.monotonic();
  const watchOutput = (): void => {
    const idleMs = sink.isWaitingForCaller ? 0 : clock.monotonic() - lastOutputMs;
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
  options.pools.of(url.origin).dispatch(
    {
      path: url.pathname + url.search,
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
        } else if (sink.data(chunk)) {
          lastOutputMs = clock.monotonic();
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

/** Where the bytes of an answer go. */
interface AnswerSink {
  /** Whether the bytes held output. */
  data(chunk: Buffer): boolean;
  end(): void;
  error(error: WireError): void;
  readonly isWaitingForCaller: boolean;
}

/** What a sink may do to the request that feeds it. */
interface SinkControl {
  settle(error?: WireError): void;
  stopUpstream(reason: Error): void;
  pause(): void;
  resume(): void;
}

function createAnswerSink(options: ForwardRequestOptions, control: SinkControl): AnswerSink {
  const chunks: Buffer[] = [];
  const finish = async (): Promise<void> => {
    const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    let answer: JsonValue;
    try {
      answer = JSON.parse(bytes.toString('utf8')) as JsonValue;
    } catch (error) {
      throw upstreamGarbage('an answer that is cut or not JSON', error);
    }
    if (!isObject(answer)) throw upstreamGarbage('an answer that is not a JSON object');
    await options.filter.answer(answer);
    options.exchange.send(200, options.answerHeaders, JSON.stringify(answer satisfies JsonObject));
    control.settle();
  };
  return {
    data(chunk) {
      chunks.push(chunk);
      return true;
    },
    end() {
      finish().catch((error: unknown) => {
        control.settle(toWireError(error));
      });
    },
    error: (error) => {
      control.settle(error);
    },
    isWaitingForCaller: false,
  };
}

function createStreamSink(options: ForwardRequestOptions, control: SinkControl): AnswerSink {
  const { exchange, filter } = options;
  const splitter = createSseSplitter();
  let queue: SseEvent[] = [];
  let isBusy = false;
  let isWaitingForCaller = false;
  let hasEnded = false;
  let brokenBy: WireError | undefined;

  const write = (text: string): boolean => {
    if (text === '') return true;
    if (!exchange.isStarted) exchange.start(200, options.answerHeaders);
    return exchange.write(text);
  };
  const complete = (): void => {
    exchange.end();
    control.settle();
    if (filter.isBlocked) control.stopUpstream(new Error('A rail stopped the answer.'));
  };
  const breakOff = (error: WireError): void => {
    queue = [];
    if (exchange.isStarted) {
      exchange.write(filter.fail(error));
      exchange.end();
    }
    control.settle(error);
  };

  /** Writes what has come; returns at once when neither rails nor the caller need waiting for. */
  const work = (): void => {
    if (isBusy) return;
    try {
      while (queue.length > 0 && !filter.isComplete) {
        const events = queue;
        queue = [];
        const text = filter.events(events);
        if (typeof text !== 'string') {
          isBusy = true;
          text.then(afterWait, afterFault);
          return;
        }
        if (!write(text)) {
          waitForCaller();
          return;
        }
      }
    } catch (error) {
      breakOff(toWireError(error));
      return;
    }
    finishIfDone();
  };
  const afterWait = (text: string): void => {
    isBusy = false;
    if (write(text)) {
      control.resume();
      work();
    } else {
      waitForCaller();
    }
  };
  const afterFault = (error: unknown): void => {
    isBusy = false;
    breakOff(toWireError(error));
  };
  const waitForCaller = (): void => {
    isBusy = true;
    isWaitingForCaller = true;
    control.pause();
    void exchange.drained().then(() => {
      isBusy = false;
      isWaitingForCaller = false;
      control.resume();
      work();
    });
  };
  const finishIfDone = (): void => {
    if (filter.isComplete) {
      complete();
    } else if (brokenBy !== undefined) {
      breakOff(brokenBy);
    } else if (hasEnded) {
      if (splitter.hasRest) {
        breakOff(upstreamClosed());
        return;
      }
      isBusy = true;
      filter.close().then((text) => {
        write(text);
        complete();
      }, afterFault);
    }
  };

  return {
    data(chunk) {
      const events = splitter.push(chunk);
      if (events.length === 0) return false;
      for (const event of events) queue.push(event);
      if (isBusy && queue.length > MAX_QUEUED_EVENTS) control.pause();
      work();
      return true;
    },
    end() {
      hasEnded = true;
      if (!isBusy) work();
    },
    error(error) {
      brokenBy ??= error;
      if (!isBusy) work();
    },
    get isWaitingForCaller() {
      return isWaitingForCaller;
    },
  };
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
