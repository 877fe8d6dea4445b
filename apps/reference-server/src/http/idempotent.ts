import type { JsonValue } from '@espalier/core';
import { IDEMPOTENCY_KEY_HEADER } from '@espalier/protocol';
import {
  idempotencyInFlight,
  idempotencyKeyInvalid,
  idempotencyMismatch,
} from '../errors/resource-errors.js';
import type {
  IdempotencyStore,
  IdempotentRequest,
  StoredAnswer,
} from '../state/idempotency-store.js';
import type { ServerContext } from './server-variables.js';

const MAX_KEY_LENGTH = 255;

/** What guards the effect of a `POST`. */
export interface IdempotentCall {
  readonly store: IdempotencyStore;
  /** The hash of the request's meaning. */
  readonly bodyHash: string;
  /** Does the work; called once for all repeats of a request. */
  work(): Promise<StoredAnswer>;
}

/**
 * Does the work once for an `Idempotency-Key`; without the header, each time.
 *
 * A failure is not kept: the request may be made again.
 *
 * @throws {RequestError} `ERR_SERVER_IDEMPOTENCY_MISMATCH`, `ERR_SERVER_IDEMPOTENCY_IN_FLIGHT`,
 * `ERR_SERVER_IDEMPOTENCY_KEY_INVALID`
 */
export async function idempotent(
  c: ServerContext,
  call: IdempotentCall,
): Promise<StoredAnswer & { readonly isRepeat: boolean }> {
  const request = requestOf(c, call.bodyHash);
  if (request === undefined) return { ...(await call.work()), isRepeat: false };
  const claim = await call.store.claim(request);
  if (claim.kind === 'mismatch') throw idempotencyMismatch();
  if (claim.kind === 'in-flight') throw idempotencyInFlight();
  if (claim.kind === 'repeat') return { ...claim.answer, isRepeat: true };
  let answer: StoredAnswer;
  try {
    answer = await call.work();
  } catch (error) {
    await call.store.release(request);
    throw error;
  }
  await call.store.complete(request, answer);
  return { ...answer, isRepeat: false };
}

function requestOf(c: ServerContext, bodyHash: string): IdempotentRequest | undefined {
  const idempotencyKey = c.req.header(IDEMPOTENCY_KEY_HEADER);
  if (idempotencyKey === undefined) return undefined;
  if (idempotencyKey === '' || idempotencyKey.length > MAX_KEY_LENGTH)
    throw idempotencyKeyInvalid();
  return {
    keyId: c.get('principal').keyId,
    route: `${c.req.method} ${c.req.path}`,
    idempotencyKey: idempotencyKey.toWellFormed(),
    bodyHash,
  };
}

/** The JSON answer of an idempotent call; repeats say so in a header. */
export function answerJson(
  c: ServerContext,
  answer: { status: number; body: JsonValue; isRepeat: boolean },
): Response {
  if (answer.isRepeat) c.header('idempotent-replayed', 'true');
  return c.json(answer.body, answer.status as 200);
}
