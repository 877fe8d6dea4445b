import type { Clock, JsonObject, JsonValue } from '@espalier/core';
import type { WireExchange } from '../exchange/wire-exchange.js';
import { isObject } from '../request/guard-input.js';
import { toWireError } from '../to-wire-error.js';
import type { WireError } from '../wire-error.js';
import type { ForwardFilter } from './forward-filter.js';
import { upstreamGarbage } from './upstream-fault.js';

/** Where the bytes of an upstream's answer go. */
export interface AnswerSink {
  data(chunk: Buffer): void;
  end(): void;
  error(error: WireError): void;
  /** When the answer last held output, on the monotonic clock; comments and pings are none. Units: ms. */
  readonly lastOutputMs: number;
  readonly isWaitingForCaller: boolean;
}

/** What a sink writes to, and through what. */
export interface SinkOptions {
  readonly exchange: WireExchange;
  readonly filter: ForwardFilter;
  readonly clock: Clock;
  readonly answerHeaders: Record<string, string>;
  readonly control: SinkControl;
}

/** What a sink may do to the request that feeds it. */
export interface SinkControl {
  settle(error?: WireError): void;
  stopUpstream(reason: Error): void;
  pause(): void;
  resume(): void;
}

/** A sink for an answer in one piece: it is read whole, looked at, and sent. */
export function createAnswerSink(options: SinkOptions): AnswerSink {
  const { exchange, filter, clock, answerHeaders, control } = options;
  const chunks: Buffer[] = [];
  let lastOutputMs = clock.monotonic();
  const finish = async (): Promise<void> => {
    const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    let answer: JsonValue;
    try {
      answer = JSON.parse(bytes.toString('utf8')) as JsonValue;
    } catch (error) {
      throw upstreamGarbage('an answer that is cut or not JSON', error);
    }
    if (!isObject(answer)) throw upstreamGarbage('an answer that is not a JSON object');
    await filter.answer(answer);
    exchange.send(200, answerHeaders, JSON.stringify(answer satisfies JsonObject));
    control.settle();
  };
  return {
    data(chunk) {
      chunks.push(chunk);
      lastOutputMs = clock.monotonic();
    },
    end() {
      finish().catch((error: unknown) => {
        control.settle(toWireError(error));
      });
    },
    error: (error) => {
      control.settle(error);
    },
    get lastOutputMs() {
      return lastOutputMs;
    },
    isWaitingForCaller: false,
  };
}
