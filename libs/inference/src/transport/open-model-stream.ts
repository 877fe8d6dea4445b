import {
  createStreamCollector,
  type ModelStreamPart,
  type StreamCollector,
  type Warning,
} from '@espalier/core';
import {
  ModelResponseTooLargeError,
  ModelStreamError,
  ModelTimeoutError,
  type StreamFault,
} from '../errors.js';
import { runWithRetries } from '../retry/run-with-retries.js';
import { startLimit } from './start-limit.js';
import { createCallGuard, type CallGuard } from './call-guard.js';
import type { CallRuntime } from './call-runtime.js';
import type { HttpResponse } from './http-transport.js';
import { readBody } from './read-body.js';
import { readSseEvents } from './read-sse-events.js';
import { sendRequest, type SendRequest } from './send-request.js';
import { StreamFaultError, type StreamReader } from './stream-reader.js';

const DRAIN_MS = 500;

/** One streamed call. */
export interface StreamCall {
  readonly url: string;
  readonly send: SendRequest;
  readonly createReader: () => StreamReader;
  readonly warnings: readonly Warning[];
  readonly runtime: CallRuntime;
  readonly abortSignal: AbortSignal | undefined;
}

/**
 * Resolves to a streamed answer once its first output has arrived.
 *
 * Until then nothing has been released, so what fails is tried again. From then on a fault is thrown by the iterator,
 * with what was received. The stream ends normally only after a `finish` part. Leaving the loop cancels the request.
 *
 * @throws {ModelCallError} Typed by what went wrong; aborts are thrown as they are.
 */
export async function openModelStream(call: StreamCall): Promise<AsyncIterable<ModelStreamPart>> {
  const { runtime, abortSignal } = call;
  return runWithRetries(
    async ({ remainingMs }) => {
      const guard = createCallGuard({ clock: runtime.clock, abortSignal });
      startLimit(guard, runtime, 'outputMs', remainingMs);
      try {
        const response = await sendRequest(call.send, call.url, guard, runtime);
        const parts = readParts(call, response, guard);
        const buffered: ModelStreamPart[] = [{ type: 'stream-start', warnings: call.warnings }];
        for (;;) {
          const next = await parts.next();
          if (next.done === true) break;
          buffered.push(next.value);
          if (isOutput(next.value)) break;
        }
        return releaseStream(buffered, parts, guard, abortSignal);
      } catch (error) {
        guard.close();
        throw error;
      }
    },
    {
      policy: runtime.retry,
      totalMs: runtime.timeouts.outputMs,
      clock: runtime.clock,
      random: runtime.random,
      abortSignal,
    },
  );
}

async function* readParts(
  call: StreamCall,
  response: HttpResponse,
  guard: CallGuard,
): AsyncGenerator<ModelStreamPart, void> {
  const reader = call.createReader();
  const collector = createStreamCollector();
  const startOutputLimit = (): void => {
    startLimit(guard, call.runtime, 'outputMs');
  };
  const events = readSseEvents(readBody(response, guard, call.runtime));
  let isWhole = false;
  try {
    for (;;) {
      const event = await events.next();
      if (event.done === true) break;
      let hasOutput = false;
      for (const part of reader.read(event.value)) {
        collector.add(part);
        if (isOutput(part)) {
          // The consumer may take its time: only waiting for the provider counts.
          guard.stop('output');
          hasOutput = true;
        }
        yield part;
      }
      if (reader.isDone) break;
      if (hasOutput) startOutputLimit();
    }
    const last = reader.finish();
    if (last === undefined) {
      throw new StreamFaultError({
        fault: 'early-close',
        problem: 'the provider closed it before the end of the answer.',
      });
    }
    isWhole = true;
    yield* last;
  } catch (error) {
    throw toStreamError(error, call, collector);
  } finally {
    guard.stop('output');
    if (isWhole) void drain(events, guard);
    else guard.close();
  }
}

/** Reads what little follows a whole answer, so that its connection can serve the next call. */
async function drain(events: AsyncGenerator<unknown>, guard: CallGuard): Promise<void> {
  guard.start(
    'drain',
    DRAIN_MS,
    () => new Error('The provider kept the connection open after the answer.'),
  );
  try {
    while ((await events.next()).done !== true);
  } catch {
    // The answer is whole: what happens to its connection now changes nothing.
  } finally {
    guard.close();
  }
}

/** A stream whose first parts are there already, and which cleans up even if nobody ever reads it to the end. */
function releaseStream(
  buffered: readonly ModelStreamPart[],
  rest: AsyncGenerator<ModelStreamPart, void>,
  guard: CallGuard,
  abortSignal: AbortSignal | undefined,
): AsyncIterable<ModelStreamPart> {
  let position = 0;
  const iterator: AsyncIterator<ModelStreamPart, void> = {
    async next() {
      if (abortSignal?.aborted === true) {
        await iterator.return?.();
        throw abortSignal.reason;
      }
      const value = buffered[position];
      position += 1;
      return value === undefined ? rest.next() : { done: false, value };
    },
    async return() {
      position = buffered.length;
      guard.close();
      await rest.return();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

function toStreamError(error: unknown, call: StreamCall, collector: StreamCollector): unknown {
  const { runtime, abortSignal } = call;
  if (abortSignal?.aborted === true) return abortSignal.reason;
  const { fault, problem, isRetryable } = describeFault(error);
  return new ModelStreamError({
    ...runtime.identity,
    fault,
    problem: runtime.redact(problem),
    isRetryable,
    partial: collector.read(),
    cause: error instanceof StreamFaultError ? error.cause : error,
    details: error instanceof StreamFaultError ? error.details : {},
  });
}

function describeFault(error: unknown): {
  fault: StreamFault;
  problem: string;
  isRetryable: boolean;
} {
  if (error instanceof StreamFaultError) {
    return { fault: error.fault, problem: error.message, isRetryable: error.isRetryable };
  }
  if (ModelTimeoutError.isInstance(error)) {
    return {
      fault: 'stalled',
      problem: `no ${error.phase} came for ${String(error.details['limitMs'])} ms.`,
      isRetryable: true,
    };
  }
  if (ModelResponseTooLargeError.isInstance(error)) {
    return {
      fault: 'too-large',
      problem: `it is larger than ${String(error.details['limitBytes'])} bytes.`,
      isRetryable: false,
    };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    fault: 'connection-lost',
    problem: `the connection was lost (${reason}).`,
    isRetryable: true,
  };
}

/** What only announces a block is not yet something of the answer. */
const ANNOUNCEMENTS: readonly ModelStreamPart['type'][] = [
  'stream-start',
  'response-metadata',
  'text-start',
  'reasoning-start',
];

function isOutput(part: ModelStreamPart): boolean {
  return !ANNOUNCEMENTS.includes(part.type);
}
