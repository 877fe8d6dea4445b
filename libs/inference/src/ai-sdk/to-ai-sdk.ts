import type {
  AssistantPart,
  Citation,
  FinishReason,
  JsonValue,
  LanguageModel,
  LanguageModelStreamResult,
  ModelStreamPart,
  Usage,
  Warning,
} from '@espalier/core';
import type { SdkCallOptions, SdkMetadata } from './ai-sdk-shapes.js';
import { fromSdkCallOptions } from './from-sdk-prompt.js';

type OutMetadata = { providerMetadata?: SdkMetadata };
type OutWarning =
  { type: 'unsupported'; feature: string; details: string } | { type: 'other'; message: string };
type OutFinishReason = { unified: FinishReason; raw: string | undefined };
type OutUsage = {
  inputTokens: {
    total: number | undefined;
    noCache: number | undefined;
    cacheRead: number | undefined;
    cacheWrite: undefined;
  };
  outputTokens: {
    total: number | undefined;
    text: number | undefined;
    reasoning: number | undefined;
  };
};
type OutSource =
  | ({ type: 'source'; sourceType: 'url'; id: string; url: string; title?: string } & OutMetadata)
  | ({
      type: 'source';
      sourceType: 'document';
      id: string;
      mediaType: string;
      title: string;
      filename?: string;
    } & OutMetadata);
type OutToolCall = {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  input: string;
} & OutMetadata;
type OutFile = {
  type: 'file';
  mediaType: string;
  data: { type: 'data'; data: string } | { type: 'url'; url: URL };
};
type OutContent =
  ({ type: 'text' | 'reasoning'; text: string } & OutMetadata) | OutToolCall | OutSource | OutFile;
type OutStreamPart =
  | { type: 'stream-start'; warnings: OutWarning[] }
  | { type: 'response-metadata'; id?: string; modelId?: string; timestamp?: Date }
  | ({
      type: 'text-start' | 'text-end' | 'reasoning-start' | 'reasoning-end' | 'tool-input-end';
      id: string;
    } & OutMetadata)
  | { type: 'text-delta' | 'reasoning-delta' | 'tool-input-delta'; id: string; delta: string }
  | { type: 'tool-input-start'; id: string; toolName: string }
  | OutToolCall
  | OutSource
  | ({ type: 'finish'; finishReason: OutFinishReason; usage: OutUsage } & OutMetadata)
  | { type: 'error'; error: unknown };

/** A language model in the form of the AI SDK's interface version 4. */
export interface AiSdkLanguageModelV4 {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly supportedUrls: Record<string, RegExp[]>;
  doGenerate(options: SdkCallOptions): Promise<{
    content: OutContent[];
    finishReason: OutFinishReason;
    usage: OutUsage;
    warnings: OutWarning[];
    request: { body?: unknown };
    response: { id?: string; modelId?: string };
    providerMetadata?: SdkMetadata;
  }>;
  doStream(
    options: SdkCallOptions,
  ): Promise<{ stream: ReadableStream<OutStreamPart>; request: { body?: unknown } }>;
}

/**
 * Returns a language model as one of the AI SDK's interface version 4, for `generateText`, `streamText` and the rest.
 *
 * Citations become sources with the whole citation in `providerMetadata.espalier`. A fault in a stream becomes its
 * `error` part. Set `maxRetries: 0` in the AI SDK's calls: retries were made here already.
 */
export function toAiSdk(model: LanguageModel): AiSdkLanguageModelV4 {
  const anyUrl = [/^https?:\/\//u];
  return {
    specificationVersion: 'v4',
    provider: model.provider,
    modelId: model.modelId,
    // What is listed here is passed on as a URL; the AI SDK downloads the rest.
    supportedUrls: model.limits.supportsImages ? { 'image/*': anyUrl } : {},
    async doGenerate(options) {
      const { call, warnings } = fromSdkCallOptions(options);
      const result = await model.doGenerate(call);
      return {
        content: result.content.flatMap(toContent),
        finishReason: toFinishReason(result.finishReason),
        usage: toUsage(result.usage),
        warnings: [...warnings, ...result.warnings].map(toWarning),
        request: { body: result.exchange.requestBody },
        response: {
          ...(result.exchange.responseId === undefined ? {} : { id: result.exchange.responseId }),
          ...(result.exchange.responseModelId === undefined
            ? {}
            : { modelId: result.exchange.responseModelId }),
        },
        ...(result.providerMetadata === undefined
          ? {}
          : { providerMetadata: result.providerMetadata }),
      };
    },
    async doStream(options) {
      const { call, warnings } = fromSdkCallOptions(options);
      const result = await model.doStream(call);
      return {
        stream: toReadable(result, warnings),
        request: { body: result.exchange.requestBody },
      };
    },
  };
}

function toReadable(
  result: LanguageModelStreamResult,
  warnings: readonly Warning[],
): ReadableStream<OutStreamPart> {
  const iterator = result.stream[Symbol.asyncIterator]();
  return new ReadableStream<OutStreamPart>({
    async pull(controller) {
      try {
        for (;;) {
          const next = await iterator.next();
          if (next.done === true) {
            controller.close();
            return;
          }
          const part = toStreamPart(next.value, warnings);
          if (part === undefined) continue;
          controller.enqueue(part);
          return;
        }
      } catch (error) {
        controller.enqueue({ type: 'error', error });
        controller.close();
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

function toStreamPart(
  part: ModelStreamPart,
  warnings: readonly Warning[],
): OutStreamPart | undefined {
  switch (part.type) {
    case 'stream-start':
      return { type: 'stream-start', warnings: [...warnings, ...part.warnings].map(toWarning) };
    case 'response-metadata': {
      const { timestampMs, ...rest } = part;
      return timestampMs === undefined ? rest : { ...rest, timestamp: new Date(timestampMs) };
    }
    case 'text-delta':
    case 'reasoning-delta':
      return { type: part.type, id: part.id, delta: part.text };
    case 'tool-call':
      return toToolCall(part);
    case 'citation':
      return toSource(part.citation);
    case 'finish':
      return {
        type: 'finish',
        finishReason: toFinishReason(part.finishReason),
        usage: toUsage(part.usage),
        ...metadataOf(part),
      };
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-end':
    case 'tool-input-start':
    case 'tool-input-delta':
    case 'tool-input-end':
      return part;
  }
}

function toContent(part: AssistantPart): OutContent[] {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return [{ type: part.type, text: part.text, ...metadataOf(part) }];
    case 'tool-call':
      return [toToolCall(part)];
    case 'citation':
      return [toSource(part.citation)];
    case 'file':
      return [
        {
          type: 'file',
          mediaType: part.mediaType,
          data:
            part.source.kind === 'url'
              ? { type: 'url', url: new URL(part.source.url) }
              : { type: 'data', data: part.source.data },
        },
      ];
  }
}

function toToolCall(part: {
  toolCallId: string;
  toolName: string;
  input: JsonValue;
  inputError?: string | undefined;
  providerMetadata?: SdkMetadata | undefined;
}): OutToolCall {
  // The AI SDK parses the arguments itself, so those that are no JSON go as they came.
  const input =
    part.inputError !== undefined && typeof part.input === 'string'
      ? part.input
      : JSON.stringify(part.input);
  return {
    type: 'tool-call',
    toolCallId: part.toolCallId,
    toolName: part.toolName,
    input,
    ...metadataOf(part),
  };
}

function toSource(citation: Citation): OutSource {
  const id = `${citation.passageId}#${citation.span.start}-${citation.span.end}`;
  const providerMetadata: SdkMetadata = {
    espalier: { citation: JSON.parse(JSON.stringify(citation)) as JsonValue },
  };
  if (/^https?:\/\//u.test(citation.source)) {
    return {
      type: 'source',
      sourceType: 'url',
      id,
      url: citation.source,
      ...(citation.title === undefined ? {} : { title: citation.title }),
      providerMetadata,
    };
  }
  return {
    type: 'source',
    sourceType: 'document',
    id,
    mediaType: 'text/plain',
    title: citation.title ?? citation.source,
    filename: citation.source,
    providerMetadata,
  };
}

function toFinishReason(reason: FinishReason): OutFinishReason {
  return { unified: reason, raw: reason };
}

function toUsage(usage: Usage): OutUsage {
  const {
    inputTokens: input,
    outputTokens: output,
    cachedInputTokens: cached,
    reasoningTokens: reasoning,
  } = usage;
  return {
    inputTokens: {
      total: input,
      noCache: input === undefined ? undefined : input - (cached ?? 0),
      cacheRead: cached,
      cacheWrite: undefined,
    },
    outputTokens: {
      total: output,
      text: output === undefined ? undefined : output - (reasoning ?? 0),
      reasoning,
    },
  };
}

function toWarning(warning: Warning): OutWarning {
  return warning.option === undefined
    ? { type: 'other', message: warning.message }
    : { type: 'unsupported', feature: warning.option, details: warning.message };
}

function metadataOf(part: { providerMetadata?: SdkMetadata | undefined }): OutMetadata {
  return part.providerMetadata === undefined ? {} : { providerMetadata: part.providerMetadata };
}
