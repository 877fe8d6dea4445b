import type * as z from '@espalier/core/zod';
import { ModelCallError, ModelResponseError, ModelResponseTooLargeError } from '../errors.js';
import { runWithRetries } from '../retry/run-with-retries.js';
import { startLimit } from './start-limit.js';
import { createCallGuard, type CallGuard } from './call-guard.js';
import type { CallRuntime } from './call-runtime.js';
import type { HttpResponse } from './http-transport.js';
import { readBody } from './read-body.js';
import { sendRequest, type SendRequest } from './send-request.js';
import { readProviderFailure, statusError } from './status-error.js';

/** One call that is answered by one JSON document. */
export interface JsonCall<Result> {
  readonly url: string;
  readonly send: SendRequest;
  readonly schema: z.ZodType<Result>;
  readonly runtime: CallRuntime;
  readonly abortSignal: AbortSignal | undefined;
}

/**
 * Resolves to the checked answer of a call, tried again while that is safe and the time lasts.
 *
 * @throws {ModelCallError} Typed by what went wrong; aborts are thrown as they are.
 */
export async function requestJson<Result>(call: JsonCall<Result>): Promise<Result> {
  const { runtime, abortSignal } = call;
  const { outputMs } = runtime.timeouts;
  return runWithRetries(
    async ({ remainingMs }) => {
      const guard = createCallGuard({ clock: runtime.clock, abortSignal });
      startLimit(guard, runtime, 'outputMs', remainingMs);
      try {
        const response = await sendRequest(call.send, call.url, guard, runtime);
        return parseAnswer(await readText(response, guard, call), call);
      } finally {
        guard.close();
      }
    },
    {
      policy: runtime.retry,
      totalMs: outputMs,
      clock: runtime.clock,
      random: runtime.random,
      abortSignal,
    },
  );
}

async function readText<Result>(
  response: HttpResponse,
  guard: CallGuard,
  call: JsonCall<Result>,
): Promise<string> {
  const { runtime, abortSignal } = call;
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  try {
    for await (const chunk of readBody(response, guard, runtime)) {
      pieces.push(decoder.decode(chunk, { stream: true }));
    }
  } catch (error) {
    if (abortSignal?.aborted === true) throw abortSignal.reason;
    if (ModelResponseTooLargeError.isInstance(error)) throw error;
    const problem = ModelCallError.isInstance(error)
      ? `it stopped half-way (no more bytes for ${String(error.details['limitMs'])} ms).`
      : 'the connection was lost half-way.';
    throw new ModelResponseError({
      ...runtime.identity,
      problem,
      received: runtime.redact(pieces.join('')),
      cause: error,
    });
  }
  pieces.push(decoder.decode());
  return pieces.join('');
}

function parseAnswer<Result>(text: string, call: JsonCall<Result>): Result {
  const { runtime } = call;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new ModelResponseError({
      ...runtime.identity,
      problem: text.trim() === '' ? 'it is empty.' : 'it is no valid JSON, cut or garbage.',
      received: runtime.redact(text),
      cause: error,
    });
  }
  const parsed = call.schema.safeParse(body);
  if (parsed.success) return parsed.data;
  // Some gateways answer 200 with an error object.
  const failure = hasError(body) ? readProviderFailure(body, runtime.redact) : undefined;
  if (failure !== undefined)
    throw statusError(Number(failure.providerCode) || 502, failure, {}, runtime);
  const issue = parsed.error.issues[0];
  throw new ModelResponseError({
    ...runtime.identity,
    problem: `at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'not what the API promises'}.`,
    received: runtime.redact(text),
    cause: parsed.error,
  });
}

function hasError(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body && body.error !== null;
}
