import * as z from '@espalier/core/zod';
import {
  ModelAuthError,
  ModelRateLimitError,
  ModelRequestError,
  ModelUnavailableError,
  type ModelCallError,
} from '../errors.js';
import { parseRetryAfter } from '../retry/parse-retry-after.js';
import type { CallGuard } from './call-guard.js';
import type { CallRuntime } from './call-runtime.js';
import type { HttpResponse } from './http-transport.js';
import { readBody } from './read-body.js';

const MAX_ERROR_BODY_BYTES = 65_536;
const MAX_REASON_CHARACTERS = 500;

const codeSchema = z.union([z.string(), z.number()]).transform(String).nullish().catch(undefined);

/** The error objects of the known APIs: `{ error: { message, type, code } }`, `{ error: "…" }`, `{ message }`. */
const errorBodySchema = z.object({
  error: z
    .union([
      z.object({
        message: z.string().nullish().catch(undefined),
        type: codeSchema,
        code: codeSchema,
      }),
      z.string().transform((message) => ({ message, type: undefined, code: undefined })),
    ])
    .nullish()
    .catch(undefined),
  message: z.string().nullish().catch(undefined),
  detail: z.string().nullish().catch(undefined),
});

/** What a provider says about a failure. */
export interface ProviderFailure {
  readonly reason: string;
  readonly providerCode: string | undefined;
}

/** Reads the error object of a provider's JSON; `undefined` when it holds none. */
export function readProviderFailure(
  body: unknown,
  redact: (text: string) => string,
): ProviderFailure | undefined {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { error, message, detail } = parsed.data;
  const text = error?.message ?? message ?? detail;
  const providerCode = error?.code ?? error?.type ?? undefined;
  if (text === undefined || text === null) {
    return providerCode === undefined
      ? undefined
      : { reason: `${redact(providerCode)}.`, providerCode };
  }
  return { reason: asSentence(redact(text)), providerCode };
}

/** Returns the typed error of an HTTP status that is no success, after reading what the body says within limits. */
export async function readStatusError(
  response: HttpResponse,
  guard: CallGuard,
  runtime: CallRuntime,
): Promise<ModelCallError> {
  const text = await readErrorText(response, guard, runtime);
  return statusError(response.status, failureOf(text, runtime), response.headers, runtime);
}

/** Returns the typed error of an HTTP status with what is known about the failure. */
export function statusError(
  status: number,
  failure: ProviderFailure,
  headers: Readonly<Record<string, string>>,
  runtime: CallRuntime,
): ModelCallError {
  const options = {
    ...runtime.identity,
    status,
    ...failure,
    retryAfterMs: parseRetryAfter(headers, runtime.clock.now()),
  };
  if (status === 401 || status === 403) return new ModelAuthError(options);
  if (status === 429) return new ModelRateLimitError(options);
  if (status < 500 && status !== 408) return new ModelRequestError(options);
  return new ModelUnavailableError(options);
}

function failureOf(text: string, runtime: CallRuntime): ProviderFailure {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const known = readProviderFailure(body, runtime.redact);
  if (known !== undefined) return known;
  const line = text
    .replace(/<[^>]*>/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return {
    reason: line === '' ? 'it gave no reason.' : asSentence(runtime.redact(line)),
    providerCode: undefined,
  };
}

async function readErrorText(
  response: HttpResponse,
  guard: CallGuard,
  runtime: CallRuntime,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of readBody(response, guard, runtime)) {
      text += decoder.decode(chunk, { stream: true });
      bytes += chunk.byteLength;
      if (bytes >= MAX_ERROR_BODY_BYTES) break;
    }
  } catch {
    // The status counts even if its body breaks off or stalls; the retry loop looks for the caller's abort itself.
  }
  return text;
}

function asSentence(text: string): string {
  const short = text.trim().slice(0, MAX_REASON_CHARACTERS).toWellFormed();
  return /[.!?]$/u.test(short) ? short : `${short}.`;
}
