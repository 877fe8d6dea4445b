import type { JsonObject } from '@espalier/core';

/**
 * The parts of the AI SDK's provider interfaces that are read and written here, in own words, so that the `ai` packages
 * are needed neither to run nor to compile. Versions 2, 3 and 4 differ in few places; those are marked.
 *
 * @see https://github.com/vercel/ai/tree/main/packages/provider
 */

/** Any language model object of the AI SDK. */
export interface AiSdkLanguageModel {
  readonly specificationVersion: 'v2' | 'v3' | 'v4';
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: never): PromiseLike<unknown>;
  doStream(options: never): PromiseLike<unknown>;
}

/** Any embedding model object of the AI SDK. */
export interface AiSdkEmbeddingModel {
  readonly specificationVersion: 'v2' | 'v3' | 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall: PromiseLike<number | undefined> | number | undefined;
  readonly supportsParallelCalls: PromiseLike<boolean> | boolean;
  doEmbed(options: never): PromiseLike<unknown>;
}

/** Provider facts by provider name. */
export type SdkMetadata = Record<string, JsonObject>;

/** Versions 2 and 3 give the data itself or a URL, version 4 says which. */
export type SdkFileData =
  | Uint8Array
  | string
  | URL
  | { readonly type: 'data'; readonly data: Uint8Array | string }
  | { readonly type: 'url'; readonly url: URL }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reference'; readonly reference: Readonly<Record<string, string>> };

/** A piece of an answer, whole or at the end of its stream. */
export type SdkContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string; readonly providerMetadata?: SdkMetadata }
  | {
      readonly type: 'tool-call';
      readonly toolCallId: string;
      readonly toolName: string;
      readonly input: string;
      readonly providerExecuted?: boolean;
      readonly providerMetadata?: SdkMetadata;
    }
  | { readonly type: 'file'; readonly mediaType: string; readonly data: SdkFileData }
  | {
      readonly type:
        'source' | 'tool-result' | 'custom' | 'reasoning-file' | 'tool-approval-request';
    };

/** Version 2 says it in one word, the later ones keep the provider's own word beside it. */
export type SdkFinishReason =
  string | { readonly unified: string; readonly raw: string | undefined };

/** Version 2 counts flat, the later ones in groups. */
export interface SdkUsage {
  readonly inputTokens?:
    | number
    | { readonly total?: number | undefined; readonly cacheRead?: number | undefined }
    | undefined;
  readonly outputTokens?:
    | number
    | { readonly total?: number | undefined; readonly reasoning?: number | undefined }
    | undefined;
  readonly reasoningTokens?: number | undefined;
  readonly cachedInputTokens?: number | undefined;
}

/** Something not honoured; versions name the option differently. */
export interface SdkWarning {
  readonly type: string;
  readonly setting?: unknown;
  readonly feature?: string;
  readonly tool?: { readonly name?: string };
  readonly details?: string;
  readonly message?: string;
}

/** What `doGenerate` gives. */
export interface SdkGenerateResult {
  readonly content: readonly SdkContent[];
  readonly finishReason: SdkFinishReason;
  readonly usage: SdkUsage;
  readonly warnings: readonly SdkWarning[];
  readonly providerMetadata?: SdkMetadata;
  readonly request?: { readonly body?: unknown };
  readonly response?: { readonly id?: string; readonly modelId?: string };
}

/** One event of a stream. */
export type SdkStreamPart =
  | { readonly type: 'stream-start'; readonly warnings: readonly SdkWarning[] }
  | {
      readonly type: 'response-metadata';
      readonly id?: string;
      readonly modelId?: string;
      readonly timestamp?: Date;
    }
  | {
      readonly type: 'text-start' | 'text-end' | 'reasoning-start' | 'tool-input-end';
      readonly id: string;
    }
  | { readonly type: 'reasoning-end'; readonly id: string; readonly providerMetadata?: SdkMetadata }
  | {
      readonly type: 'text-delta' | 'reasoning-delta' | 'tool-input-delta';
      readonly id: string;
      readonly delta: string;
    }
  | { readonly type: 'tool-input-start'; readonly id: string; readonly toolName: string }
  | (SdkContent & { readonly type: 'tool-call' })
  | {
      readonly type: 'finish';
      readonly finishReason: SdkFinishReason;
      readonly usage: SdkUsage;
      readonly providerMetadata?: SdkMetadata;
    }
  | { readonly type: 'error'; readonly error: unknown }
  | {
      readonly type:
        | 'file'
        | 'source'
        | 'raw'
        | 'ping'
        | 'tool-result'
        | 'custom'
        | 'reasoning-file'
        | 'tool-approval-request';
    };

/** What `doStream` gives. */
export interface SdkStreamResult {
  readonly stream: ReadableStream<SdkStreamPart>;
  readonly request?: { readonly body?: unknown };
}

/** What a tool gave back, as a prompt holds it. */
export type SdkToolOutput =
  | { readonly type: 'text' | 'error-text'; readonly value: string }
  | { readonly type: 'json' | 'error-json'; readonly value: unknown }
  | { readonly type: 'execution-denied'; readonly reason?: string }
  | {
      readonly type: 'content';
      readonly value: readonly { readonly type: string; readonly text?: string }[];
    };

/** A part of a message in a prompt; kinds that are not named here are told apart by `type` alone. */
export interface SdkPromptPart {
  readonly type: string;
  readonly text?: string;
  readonly data?: SdkFileData;
  readonly mediaType?: string;
  readonly filename?: string;
  readonly toolCallId?: string;
  readonly toolName?: string;
  readonly input?: unknown;
  readonly output?: SdkToolOutput;
  readonly providerOptions?: unknown;
}

/** A message of a prompt. */
export interface SdkMessage {
  readonly role: string;
  readonly content: string | readonly SdkPromptPart[];
}

/** What a caller of version 4 passes. */
export interface SdkCallOptions {
  readonly prompt: readonly SdkMessage[];
  readonly maxOutputTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly stopSequences?: string[] | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly seed?: number | undefined;
  readonly responseFormat?:
    | { readonly type: 'text' }
    | {
        readonly type: 'json';
        readonly schema?: unknown;
        readonly name?: string | undefined;
        readonly description?: string | undefined;
      }
    | undefined;
  readonly tools?:
    | readonly {
        readonly type: string;
        readonly name: string;
        readonly description?: string | undefined;
        readonly inputSchema?: unknown;
        readonly strict?: boolean | undefined;
      }[]
    | undefined;
  readonly toolChoice?:
    | { readonly type: 'auto' | 'none' | 'required' }
    | { readonly type: 'tool'; readonly toolName: string }
    | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  readonly headers?: Record<string, string | undefined> | undefined;
  readonly reasoning?: string | undefined;
  readonly providerOptions?: unknown;
}
