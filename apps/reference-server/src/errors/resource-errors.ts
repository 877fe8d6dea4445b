import { truncateValue } from '@espalier/core';
import { RequestError } from './request-error.js';

const quoteList = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : names
        .slice(0, 20)
        .map((name) => `"${name}"`)
        .join(', ');

/** No route has this path. */
export function routeUnknown(method: string, path: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_ROUTE_UNKNOWN',
    status: 404,
    message: `There is no route ${method} ${truncateValue(path)}. All routes stand in /openapi.json.`,
  });
}

/** The path has a route, but not for this method. */
export function methodNotAllowed(
  method: string,
  path: string,
  allowed: readonly string[],
): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_METHOD_NOT_ALLOWED',
    status: 405,
    message: `${truncateValue(path)} does not take ${method}. It takes ${allowed.join(', ')}.`,
    headers: { allow: allowed.join(', ') },
  });
}

/** No agent has this name. */
export function agentUnknown(name: string, known: readonly string[]): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_AGENT_UNKNOWN',
    status: 404,
    message: `There is no agent ${truncateValue(name)}. Known: ${quoteList(known)}.`,
  });
}

/** No model has this id. */
export function modelUnknown(id: string, known: readonly string[]): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_MODEL_UNKNOWN',
    status: 404,
    message: `There is no model ${truncateValue(id)}. Known: ${quoteList(known)}. Add it under "providers" of the configuration.`,
  });
}

/** No run has this id, or it belongs to another key. */
export function runUnknown(id: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_RUN_UNKNOWN',
    status: 404,
    message: `There is no run ${truncateValue(id)} that this key may see. GET /api/v1/runs lists them.`,
  });
}

/** The run is not in the state that the call needs. */
export function runStateConflict(id: string, status: string, needed: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_RUN_STATE',
    status: 409,
    message: `Run ${truncateValue(id)} is ${status}, but this call needs it to be ${needed}.`,
  });
}

/** What guardrails remembered of a paused run cannot be read. */
export function runMemoryUnreadable(id: string, cause: unknown): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_RUN_MEMORY',
    status: 500,
    message: `What pseudonyms stand for in run ${truncateValue(id)} cannot be read, so the run cannot go on: another key sealed it, or it is damaged. Give back "guardrails.memorySecret" or memory.key of the data folder, or cancel the run.`,
    cause,
  });
}

/** The run's events are kept no longer. */
export function runEventsGone(id: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_RUN_EVENTS_GONE',
    status: 410,
    message: `The events of run ${truncateValue(id)} are kept no longer. Read the run itself, or raise "retention.runEvents" for later runs.`,
  });
}

/** The decisions do not match the calls that wait. */
export function decisionsInvalid(problem: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_DECISIONS_INVALID',
    status: 422,
    message: `The decisions do not match the calls that wait: ${problem} Send one decision for each entry of "approvals".`,
  });
}

/** No key has this id. */
export function keyIdUnknown(id: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_KEY_ID_UNKNOWN',
    status: 404,
    message: `There is no key with the id ${truncateValue(id)}. "espalier keys list" shows them.`,
  });
}

/** The request that made a key is repeated when its secret is no longer known. */
export function keySecretGone(id: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_KEY_SECRET_GONE',
    status: 409,
    message: `Key ${truncateValue(id)} was made by an earlier request, and its secret is no longer known. Revoke it and make another with a new Idempotency-Key.`,
  });
}

/** No job has this id. */
export function jobUnknown(id: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_JOB_UNKNOWN',
    status: 404,
    message: `There is no job ${truncateValue(id)}. GET /api/v1/jobs lists them.`,
  });
}

/** The idempotency key was used with another request. */
export function idempotencyMismatch(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_IDEMPOTENCY_MISMATCH',
    status: 422,
    message:
      'This Idempotency-Key was used within the last 24 hours for a request with another body. Use a new key.',
  });
}

/** The request with this idempotency key is still running. */
export function idempotencyInFlight(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_IDEMPOTENCY_IN_FLIGHT',
    status: 409,
    message:
      'A request with this Idempotency-Key is still running. Wait for it, then send the same request again.',
    isRetryable: true,
    headers: { 'retry-after': '1' },
  });
}

/** The idempotency key is not one that can be stored. */
export function idempotencyKeyInvalid(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_IDEMPOTENCY_KEY_INVALID',
    status: 400,
    message: 'The Idempotency-Key is empty or longer than 255 characters. Use a UUID.',
  });
}

/** No store of this name is there to take vectors over from. */
export function formerStoreUnknown(name: string, known: readonly string[]): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_STORE_UNKNOWN',
    status: 404,
    message: `There is no store ${truncateValue(name)} to take vectors over from. Known: ${quoteList(known)}. Add it under "formerStores" of the configuration.`,
  });
}
