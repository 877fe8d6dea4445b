import type {
  Agent,
  AgentCallSettings,
  Citation,
  Clock,
  EmbeddingModel,
  Guardrails,
  IdGenerator,
  JsonObject,
  LanguageModel,
  Logger,
  RunEvent,
  Telemetry,
  Usage,
} from '@espalier/core';

/** One line of `/v1/models`. */
export interface ModelEntry {
  /** What callers write as `model`: a model id, or `agent:<name>`. */
  readonly id: string;
  readonly kind: 'model' | 'agent' | 'embedding';
  readonly ownedBy: string;
  /** Units: ms since 1970. */
  readonly createdAtMs: number;
  readonly displayName?: string;
}

/** What answers under a model id. */
export type ModelTarget =
  | { readonly kind: 'model'; readonly model: LanguageModel }
  | { readonly kind: 'agent'; readonly agent: Agent };

/** The models and agents that the wires offer. */
export interface ModelDirectory {
  /** In the order of `/v1/models`; the first is the default agent. */
  list(): readonly ModelEntry[];
  /** As `caller` may use it; absent: as far as nobody's knowledge bases are concerned. */
  resolve(id: string, caller?: Caller): ModelTarget | undefined;
  embedding(id: string): EmbeddingModel | undefined;
}

/** Who calls. */
export interface Caller {
  readonly keyId: string;
  /** What retrieval is filtered by. */
  readonly principals?: readonly string[];
  /** Whose knowledge bases agents read; absent: those that belong to no tenant. */
  readonly tenant?: string;
}

/** What a key is good for. */
export type Authentication =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly reason: 'unknown' | 'expired' | 'revoked' | 'forbidden' };

/** Where a request for a model may be forwarded unchanged; what `wireTargetOf` of `@espalier/inference` returns. */
export interface WireTarget {
  readonly wire: 'openai-chat-completions' | 'anthropic-messages';
  /** The whole URL to POST to. */
  readonly url: string;
  /** Headers with the upstream's credentials. */
  headers(): Readonly<Record<string, string>>;
  /** The model's name at the upstream. */
  readonly modelId: string;
  readonly timeouts: UpstreamTimeouts;
  /** Units: bytes. */
  readonly maxResponseBytes: number;
}

/** Units: ms. */
export interface UpstreamTimeouts {
  /** Until the headers of the answer. */
  readonly headersMs: number;
  /** Between two pieces of an answer. */
  readonly idleMs: number;
  /** Without any output; comments and pings are none. */
  readonly outputMs: number;
}

/** Limits of requests. */
export interface WireLimits {
  /** Units: bytes. */
  readonly bodyBytes: number;
  readonly jsonDepth: number;
  /** Between two pieces of a request's body. Units: ms. */
  readonly bodyIdleMs: number;
  /** Connections to one upstream. */
  readonly upstreamConnections: number;
}

/** The limits that hold unless configured. */
export const DEFAULT_WIRE_LIMITS: WireLimits = {
  bodyBytes: 32 * 1024 * 1024,
  jsonDepth: 128,
  bodyIdleMs: 30_000,
  upstreamConnections: 256,
};

/** What one request took. */
export interface UsageRecord {
  readonly requestId: string;
  readonly caller: Caller;
  readonly wire: WireName;
  /** As the caller wrote it. */
  readonly modelId: string;
  readonly usage: Usage;
  readonly status: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
}

/** The wires that take a body. */
export type WireName =
  'chat-completions' | 'responses' | 'embeddings' | 'messages' | 'count-tokens';

/** Whether a caller may go on now. */
export type RateDecision =
  { readonly isAllowed: true } | { readonly isAllowed: false; readonly retryAfterMs: number };

/** Everything that the wires need from the server that composes them. */
export interface WiresContext {
  readonly models: ModelDirectory;
  /** Checks the key of a request; called for every request, so it should answer from memory where it can. */
  authenticate(key: string): Authentication | Promise<Authentication>;
  /** Rails for calls of models; agents bring their own. */
  readonly guardrails?: Guardrails;
  /** Other guardrails for some callers or paths, for models and agents; `undefined` where the usual ones hold. */
  guardrailsFor?(who: { readonly caller: Caller; readonly path: string }): Guardrails | undefined;
  readonly limits: WireLimits;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** `wireTargetOf` of `@espalier/inference`; absent: every call goes through the model's adapter. */
  wireTargetOf?(model: LanguageModel): WireTarget | undefined;
  /** Must not throw and must not block. */
  recordUsage?(record: UsageRecord): void;
  /** Asked before the body is read. */
  limitRate?(caller: Caller): RateDecision;
  /** The address under which a cited document can be read; default a URN of knowledge base and document. */
  citationUrl?(citation: Citation): string;
  /** Told every event of an agent's run, so that the server can store runs; may return a promise. */
  onRunEvent?(
    event: RunEvent,
    run: RunInfo & { readonly settings: AgentCallSettings },
  ): void | Promise<void>;
  /** Shown the body of each request for a model, where prompts are to be logged; must not throw. */
  onModelRequest?(request: ModelRequestBody): void;
  /** Logs the line of a request, which holds no secret and no text; default `logger.info`. */
  logRequest?(message: string, summary: RequestSummary): void;
  /** Told of every request of the wires once it has ended, however it ended; must not throw. */
  onRequestEnd?(summary: RequestSummary): void;
  /** While `true`, new requests get 503. */
  isDraining?(): boolean;
  /** Present where the server traces: one span for each call of a model; agents bring their own. */
  readonly telemetry?: Telemetry;
}

/** One ended request, for logs and metrics. */
export interface RequestSummary {
  readonly requestId: string;
  readonly wire: WireName;
  readonly path: string;
  /** 499 when the caller went away first. */
  readonly status: number;
  readonly isStream: boolean;
  /** Whether it was forwarded to an upstream of the same wire. */
  readonly isForwarded: boolean;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly usage: Usage;
  readonly modelId?: string;
  readonly keyId?: string;
  readonly errorCode?: string;
}

/** The body of a request for a model, as the input rails left it. */
export interface ModelRequestBody {
  readonly requestId: string;
  readonly modelId: string;
  readonly body: JsonObject;
}

/** The run that an event belongs to. */
export interface RunInfo {
  readonly runId: string;
  readonly agent: string;
  readonly requestId: string;
  readonly caller: Caller;
}
