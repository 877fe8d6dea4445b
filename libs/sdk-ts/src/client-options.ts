import { createSystemClock, createSystemRandom, type Clock, type Random } from '@espalier/protocol';
import { ClientOptionsError } from './errors.js';

/** How often and how long a request is repeated when it fails in a way that may pass. */
export interface RetryOptions {
  /** Attempts in all, the first included; 1 turns retries off. Default 4. */
  readonly maxAttempts?: number;
  /** The wait before the second attempt; each further one doubles it, less a random part. Units: ms. Default 250. */
  readonly initialDelayMs?: number;
  /** The longest wait that this client chooses by itself. Units: ms. Default 8,000. */
  readonly maxDelayMs?: number;
  /**
   * No attempt begins later than this after the first one. A `Retry-After` that points beyond it is not waited
   * for: its error is thrown at once. Units: ms. Default 30,000.
   */
  readonly maxTotalMs?: number;
}

/** How a run's stream is kept up. */
export interface StreamOptions {
  /** A connection that brings nothing for this long, no heartbeat either, is given up and resumed. Units: ms. Default 30,000. */
  readonly idleTimeoutMs?: number;
  /** Attempts to continue in a row that bring no new event, before it is given up. Default 5. */
  readonly maxResumes?: number;
}

/** What a client is made from. */
export interface EspalierClientOptions {
  /** The server's address, `http://127.0.0.1:8787`; a path in it is kept as a prefix. */
  readonly baseUrl: string;
  /** The API key, or a function that gives it at each request; absent for servers that ask for none. */
  readonly apiKey?: string | (() => string | undefined | Promise<string | undefined>);
  /** Default: the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** The time for one attempt, from sending to the last byte of the answer. Units: ms. Default 30,000. */
  readonly timeoutMs?: number;
  /** The same for requests in which the server reads documents or answers a whole run. Units: ms. Default 600,000. */
  readonly longTimeoutMs?: number;
  readonly retry?: RetryOptions;
  readonly stream?: StreamOptions;
  /** Headers for every request, e.g. a proxy's own key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Makes the jitter of the waits. */
  readonly random?: Random;
  /** Makes idempotency keys. Default: `crypto.randomUUID` or as many random bits. */
  readonly createIdempotencyKey?: () => string;
}

/** What every call takes. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
  /** Overrides the client's own limit for this call. Units: ms. */
  readonly timeoutMs?: number;
}

/** What every call that changes something takes. */
export interface WriteOptions extends CallOptions {
  /** Default: a fresh one for each call, the same in all its attempts, so that the server acts once. */
  readonly idempotencyKey?: string;
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly baseUrl: string;
  readonly apiKey: () => string | undefined | Promise<string | undefined>;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly timeoutMs: number;
  readonly longTimeoutMs: number;
  readonly retry: Required<RetryOptions>;
  readonly stream: Required<StreamOptions>;
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly createIdempotencyKey: () => string;
}

/**
 * Fills in the defaults.
 *
 * @throws {ClientOptionsError} `ERR_SDK_OPTIONS` — an option cannot be used.
 */
export function resolveOptions(options: EspalierClientOptions): ResolvedOptions {
  const random = options.random ?? createSystemRandom();
  const { apiKey } = options;
  if (typeof apiKey === 'string') checkKey(apiKey);
  return {
    baseUrl: checkBaseUrl(options.baseUrl),
    apiKey: async () => {
      const key = typeof apiKey === 'function' ? await apiKey() : apiKey;
      if (key !== undefined) checkKey(key);
      return key;
    },
    fetch: options.fetch,
    timeoutMs: positive('timeoutMs', options.timeoutMs ?? 30_000),
    longTimeoutMs: positive('longTimeoutMs', options.longTimeoutMs ?? 600_000),
    retry: {
      maxAttempts: positive('retry.maxAttempts', options.retry?.maxAttempts ?? 4),
      initialDelayMs: positive('retry.initialDelayMs', options.retry?.initialDelayMs ?? 250),
      maxDelayMs: positive('retry.maxDelayMs', options.retry?.maxDelayMs ?? 8000),
      maxTotalMs: positive('retry.maxTotalMs', options.retry?.maxTotalMs ?? 30_000),
    },
    stream: {
      idleTimeoutMs: positive('stream.idleTimeoutMs', options.stream?.idleTimeoutMs ?? 30_000),
      maxResumes: positive('stream.maxResumes', options.stream?.maxResumes ?? 5),
    },
    headers: options.headers ?? {},
    clock: options.clock ?? createSystemClock(),
    random,
    createIdempotencyKey: options.createIdempotencyKey ?? (() => randomKey(random)),
  };
}

function checkBaseUrl(baseUrl: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw new ClientOptionsError({
      option: 'baseUrl',
      problem: 'is not a URL. Give the whole address, e.g. http://127.0.0.1:8787.',
    });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ClientOptionsError({
      option: 'baseUrl',
      problem: 'must begin with http:// or https://.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new ClientOptionsError({
      option: 'baseUrl',
      problem: 'must hold no user or password. Give credentials as "apiKey" or "headers".',
    });
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/u, '');
}

/** The value itself stays out of the message: it is a secret. */
function checkKey(apiKey: string): void {
  if (!/^[\x21-\x7e]+$/u.test(apiKey)) {
    throw new ClientOptionsError({
      option: 'apiKey',
      problem:
        'must be visible ASCII characters without spaces. Copy the key again, without quotes or line breaks.',
    });
  }
}

function positive(option: string, value: number): number {
  if (!Number.isFinite(value) || value <= 0) {
    throw new ClientOptionsError({ option, problem: `must be a number above 0, not ${value}.` });
  }
  return value;
}

/** `crypto.randomUUID` exists in secure contexts only; a console opened by plain http on a LAN is none. */
function randomKey(random: Random): string {
  if (typeof globalThis.crypto?.randomUUID === 'function') return globalThis.crypto.randomUUID();
  const words = Array.from({ length: 4 }, () => Math.floor(random.next() * 2 ** 32));
  return words.map((word) => word.toString(16).padStart(8, '0')).join('');
}
