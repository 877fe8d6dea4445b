import type { LanguageModelCallOptions, Usage } from '@espalier/core';
import type { WireExchange } from '../exchange/wire-exchange.js';
import { upstreamClosed } from '../forward/upstream-fault.js';
import { toWireError } from '../to-wire-error.js';
import type { StreamEncoder } from '../wire.js';
import type { AnswerSource } from './answer-source.js';

/**
 * Writes an answer as it comes.
 *
 * Nothing is sent before the first part with content, so that an early fault still has its own status. A later fault
 * is told in the stream and then thrown.
 */
export async function streamAnswer(options: {
  source: AnswerSource;
  call: LanguageModelCallOptions;
  encoder: StreamEncoder;
  exchange: WireExchange;
  headers: Record<string, string>;
  onUsage(usage: Usage): void;
}): Promise<void> {
  const { exchange, encoder } = options;
  let hasFinished = false;
  try {
    for await (const part of options.source.stream(options.call)) {
      if (exchange.isClientGone) return;
      const text = encoder.encode(part);
      if (part.type === 'finish') {
        hasFinished = true;
        options.onUsage(part.usage);
      }
      if (text === '') continue;
      let isFree: boolean;
      if (exchange.isStarted) {
        isFree = exchange.write(text);
      } else {
        exchange.start(200, options.headers);
        isFree = exchange.write(encoder.open() + text);
      }
      if (!isFree) await exchange.drained();
    }
    if (!hasFinished) throw upstreamClosed();
    exchange.end();
  } catch (error) {
    if (exchange.isStarted && !exchange.isClientGone) {
      exchange.write(encoder.fail(toWireError(error)));
      exchange.end();
    }
    throw error;
  }
}
