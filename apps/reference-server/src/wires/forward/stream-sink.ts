import { toWireError } from '../to-wire-error.js';
import type { WireError } from '../wire-error.js';
import type { AnswerSink, SinkOptions } from './answer-sink.js';
import { createSseSplitter } from './sse-splitter.js';
import { upstreamClosed } from './upstream-fault.js';

/** How much of an answer may wait for rails or a slow caller before the upstream is paused. Units: bytes. */
const MAX_WAITING_BYTES = 256 * 1024;

/**
 * How long what comes right behind a write waits for more, so that a burst of events is one write.
 *
 * A model that gives fewer than a token in this time never waits. Units: ms.
 */
const GATHER_MS = 4;

/** A sink for an answer in events: each goes on as soon as the rails have cleared it. */
export function createStreamSink(options: SinkOptions): AnswerSink {
  const { exchange, filter, clock, answerHeaders, control } = options;
  const splitter = createSseSplitter();
  let chunks: Buffer[] = [];
  let waitingBytes = 0;
  let lastWorkMs = Number.NEGATIVE_INFINITY;
  let lastOutputMs = clock.monotonic();
  let stopGathering: (() => void) | undefined;
  let isBusy = false;
  let isWaitingForCaller = false;
  let hasEnded = false;
  let brokenBy: WireError | undefined;

  const write = (text: string): boolean => {
    if (text === '') return true;
    if (!exchange.isStarted) exchange.start(200, answerHeaders);
    return exchange.write(text);
  };
  const complete = (): void => {
    exchange.end();
    control.settle();
    if (filter.isBlocked) control.stopUpstream(new Error('A rail stopped the answer.'));
  };
  const breakOff = (error: WireError): void => {
    chunks = [];
    if (exchange.isStarted) {
      exchange.write(filter.fail(error));
      exchange.end();
    }
    control.settle(error);
  };

  /** Writes what has come; returns at once when neither rails nor the caller need waiting for. */
  const work = (): void => {
    stopGathering?.();
    stopGathering = undefined;
    if (isBusy) return;
    try {
      if (chunks.length > 0 && !filter.isComplete) {
        const [first] = chunks;
        const bytes = chunks.length === 1 && first ? first : Buffer.concat(chunks, waitingBytes);
        chunks = [];
        waitingBytes = 0;
        const events = splitter.push(bytes);
        if (events.length > 0) {
          lastWorkMs = lastOutputMs = clock.monotonic();
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
      workOrGather();
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
  /** Works at once where nothing was written just now, or nothing more can come. */
  const workOrGather = (): void => {
    const isLast = hasEnded || brokenBy !== undefined || filter.isComplete;
    const sinceMs = clock.monotonic() - lastWorkMs;
    if (isLast || sinceMs >= GATHER_MS) work();
    else if (chunks.length > 0) stopGathering ??= clock.setTimer(GATHER_MS - sinceMs, work);
  };

  return {
    data(chunk) {
      chunks.push(chunk);
      waitingBytes += chunk.length;
      if (!isBusy) workOrGather();
      else if (waitingBytes > MAX_WAITING_BYTES) control.pause();
    },
    end() {
      hasEnded = true;
      if (!isBusy) work();
    },
    error(error) {
      brokenBy ??= error;
      if (!isBusy) work();
    },
    get lastOutputMs() {
      return lastOutputMs;
    },
    get isWaitingForCaller() {
      return isWaitingForCaller;
    },
  };
}
