import {
  finishReasonSchema,
  type AssistantPart,
  type DataSource,
  type FinishReason,
  type Usage,
  type Warning,
} from '@espalier/core';
import { parseToolInput } from '../chat-completions/parse-tool-input.js';
import type {
  SdkContent,
  SdkFileData,
  SdkFinishReason,
  SdkUsage,
  SdkWarning,
} from './ai-sdk-shapes.js';

/** Reads a finish reason of any version. */
export function fromSdkFinishReason(reason: SdkFinishReason): FinishReason {
  const word = finishReasonSchema.safeParse(typeof reason === 'string' ? reason : reason.unified);
  return word.success ? word.data : 'other';
}

/** Reads a usage of any version. */
export function fromSdkUsage(usage: SdkUsage): Usage {
  const { inputTokens: input, outputTokens: output } = usage;
  const counts = {
    inputTokens: typeof input === 'object' ? input.total : input,
    outputTokens: typeof output === 'object' ? output.total : output,
    cachedInputTokens: typeof input === 'object' ? input.cacheRead : usage.cachedInputTokens,
    reasoningTokens: typeof output === 'object' ? output.reasoning : usage.reasoningTokens,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => Number.isInteger(count)));
}

/** Reads a warning of any version. */
export function fromSdkWarning(warning: SdkWarning): Warning {
  const option =
    warning.feature ??
    (typeof warning.setting === 'string' ? warning.setting : undefined) ??
    (warning.tool === undefined ? undefined : 'tools');
  const message =
    warning.message ??
    warning.details ??
    `${warning.type}${option === undefined ? '' : `: ${option}`}`;
  return option === undefined ? { message } : { option, message };
}

/** Reads one piece of content; kinds that this library does not know are left out. */
export function fromSdkContent(content: SdkContent): AssistantPart[] {
  switch (content.type) {
    case 'text':
      return content.text === '' ? [] : [{ type: 'text', text: content.text }];
    case 'reasoning':
      return [
        {
          type: 'reasoning',
          text: content.text,
          ...(content.providerMetadata === undefined
            ? {}
            : { providerMetadata: content.providerMetadata }),
        },
      ];
    case 'tool-call':
      // A tool that the provider ran itself is not to be run again.
      if (content.providerExecuted === true) return [];
      return [
        {
          type: 'tool-call',
          toolCallId: content.toolCallId,
          toolName: content.toolName,
          ...parseToolInput(content.input),
          ...(content.providerMetadata === undefined
            ? {}
            : { providerMetadata: content.providerMetadata }),
        },
      ];
    case 'file': {
      const source = fromSdkData(content.data);
      return source === undefined ? [] : [{ type: 'file', mediaType: content.mediaType, source }];
    }
    default:
      return [];
  }
}

/** Reads file data of any version; `undefined` for a reference to a provider's own store. */
export function fromSdkData(data: SdkFileData): DataSource | undefined {
  if (data instanceof URL) return { kind: 'url', url: data.href };
  if (data instanceof Uint8Array)
    return { kind: 'base64', data: Buffer.from(data).toString('base64') };
  if (typeof data === 'string')
    return /^(?:https?|data):/u.test(data) ? { kind: 'url', url: data } : { kind: 'base64', data };
  switch (data.type) {
    case 'data':
      return fromSdkData(data.data);
    case 'url':
      return { kind: 'url', url: data.url.href };
    case 'text':
      return { kind: 'base64', data: Buffer.from(data.text).toString('base64') };
    case 'reference':
      return undefined;
  }
}
