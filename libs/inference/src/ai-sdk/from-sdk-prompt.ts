import {
  jsonObjectSchema,
  jsonValueSchema,
  passagePartSchema,
  providerMetadataSchema,
  type AssistantPart,
  type JsonValue,
  type LanguageModelCallOptions,
  type Message,
  type PassagePart,
  type ProviderMetadata,
  type ToolDefinition,
  type ToolResultPart,
  type UserPart,
  type Warning,
} from '@espalier/core';
import * as z from '@espalier/core/zod';
import type { SdkCallOptions, SdkMessage, SdkPromptPart, SdkToolOutput } from './ai-sdk-shapes.js';
import { fromSdkData } from './read-sdk-answer.js';

const ownOptionsSchema = z.object({
  espalier: z.object({ passages: z.array(passagePartSchema).optional() }).optional(),
});

const EFFORTS: Readonly<Record<string, LanguageModelCallOptions['reasoningEffort']>> = {
  none: 'none',
  minimal: 'minimal',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

const SAME_OPTIONS = [
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'stopSequences',
  'seed',
  'toolChoice',
  'abortSignal',
] as const;

/**
 * Reads the call options of the AI SDK, version 4.
 *
 * `providerOptions.espalier.passages` (passage parts) are put before the last user message: the AI SDK has no part for
 * them.
 */
export function fromSdkCallOptions(options: SdkCallOptions): {
  call: LanguageModelCallOptions;
  warnings: Warning[];
} {
  const warnings: Warning[] = [];
  const own = ownOptionsSchema.safeParse(options.providerOptions ?? {});
  const passages = own.success ? (own.data.espalier?.passages ?? []) : [];
  if (!own.success)
    warnings.push({
      option: 'providerOptions',
      message: 'providerOptions.espalier.passages is no list of passage parts and is not used.',
    });
  const same = Object.fromEntries(
    SAME_OPTIONS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  const effort = options.reasoning === undefined ? undefined : EFFORTS[options.reasoning];
  if (options.reasoning === 'xhigh' || options.reasoning === 'max')
    warnings.push({ option: 'reasoning', message: `"${options.reasoning}" is sent as "high".` });
  const metadata = metadataOf(options.providerOptions);
  const format = options.responseFormat;
  const call: LanguageModelCallOptions = {
    ...same,
    messages: withPassages(
      options.prompt.map((message) => fromSdkMessage(message, warnings)),
      passages,
    ),
    ...(options.tools === undefined
      ? {}
      : { tools: options.tools.flatMap((tool) => fromSdkTool(tool, warnings)) }),
    ...(format?.type !== 'json'
      ? {}
      : {
          responseFormat: {
            type: 'json',
            ...(format.schema === undefined
              ? {}
              : { schema: jsonObjectSchema.parse(format.schema) }),
            ...(format.name === undefined ? {} : { name: format.name }),
            ...(format.description === undefined ? {} : { description: format.description }),
          },
        }),
    ...(options.headers === undefined ? {} : { headers: definedHeaders(options.headers) }),
    ...(effort === undefined ? {} : { reasoningEffort: effort }),
    ...(metadata === undefined ? {} : { providerOptions: metadata }),
  };
  return { call, warnings };
}

function withPassages(messages: Message[], passages: readonly PassagePart[]): Message[] {
  const at = messages.findLastIndex((message) => message.role === 'user');
  const last = messages[at];
  if (passages.length === 0 || last?.role !== 'user') return messages;
  return messages.with(at, { role: 'user', content: [...passages, ...last.content] });
}

function fromSdkMessage(message: SdkMessage, warnings: Warning[]): Message {
  if (typeof message.content === 'string') return { role: 'system', content: message.content };
  const parts = message.content;
  switch (message.role) {
    case 'assistant':
      return {
        role: 'assistant',
        content: parts.flatMap((part) => fromAssistantPart(part, warnings)),
      };
    case 'tool':
      return { role: 'tool', content: parts.flatMap((part) => fromToolPart(part, warnings)) };
    default:
      return { role: 'user', content: parts.flatMap((part) => fromUserPart(part, warnings)) };
  }
}

function fromUserPart(part: SdkPromptPart, warnings: Warning[]): UserPart[] {
  const metadata = metadataOf(part.providerOptions);
  const extra = metadata === undefined ? {} : { providerMetadata: metadata };
  if (part.type === 'text') return [{ type: 'text', text: part.text ?? '', ...extra }];
  const source = part.data === undefined ? undefined : fromSdkData(part.data);
  if (part.type !== 'file' || source === undefined) return lost(part, warnings);
  const mediaType = part.mediaType ?? 'application/octet-stream';
  if (/^image(?:\/|$)/u.test(mediaType))
    return [
      {
        type: 'image',
        mediaType: mediaType.includes('/') ? mediaType : 'image/*',
        source,
        ...extra,
      },
    ];
  return [
    {
      type: 'file',
      mediaType,
      source,
      ...(part.filename === undefined ? {} : { filename: part.filename }),
      ...extra,
    },
  ];
}

function fromAssistantPart(part: SdkPromptPart, warnings: Warning[]): AssistantPart[] {
  const metadata = metadataOf(part.providerOptions);
  const extra = metadata === undefined ? {} : { providerMetadata: metadata };
  if (part.type === 'text' || part.type === 'reasoning')
    return [{ type: part.type, text: part.text ?? '', ...extra }];
  if (part.type === 'tool-call') {
    return [
      {
        type: 'tool-call',
        toolCallId: part.toolCallId ?? '',
        toolName: part.toolName ?? '',
        input: (part.input ?? {}) as JsonValue,
        ...extra,
      },
    ];
  }
  const source =
    part.type === 'file' && part.data !== undefined ? fromSdkData(part.data) : undefined;
  return source === undefined
    ? lost(part, warnings)
    : [{ type: 'file', mediaType: part.mediaType ?? 'application/octet-stream', source, ...extra }];
}

function fromToolPart(part: SdkPromptPart, warnings: Warning[]): ToolResultPart[] {
  if (part.type !== 'tool-result' || part.output === undefined) return lost(part, warnings);
  return [
    {
      type: 'tool-result',
      toolCallId: part.toolCallId ?? '',
      toolName: part.toolName ?? '',
      ...fromToolOutput(part.output),
    },
  ];
}

function fromToolOutput(output: SdkToolOutput): { output: JsonValue; isError?: boolean } {
  switch (output.type) {
    case 'text':
      return { output: output.value };
    case 'json':
      return { output: jsonValueSchema.parse(output.value) };
    case 'error-text':
      return { output: output.value, isError: true };
    case 'error-json':
      return { output: jsonValueSchema.parse(output.value), isError: true };
    case 'execution-denied':
      return { output: output.reason ?? 'The call was denied.', isError: true };
    case 'content':
      return { output: output.value.map((part) => part.text ?? `[${part.type}]`).join('\n') };
  }
}

function fromSdkTool(
  tool: NonNullable<SdkCallOptions['tools']>[number],
  warnings: Warning[],
): ToolDefinition[] {
  if (tool.type !== 'function') {
    warnings.push({
      option: 'tools',
      message: `The provider tool "${tool.name}" is not known here and is not sent.`,
    });
    return [];
  }
  return [
    {
      name: tool.name,
      ...(tool.description === undefined ? {} : { description: tool.description }),
      inputSchema: jsonObjectSchema.parse(tool.inputSchema),
      ...(tool.strict === undefined ? {} : { strict: tool.strict }),
    },
  ];
}

function lost(part: SdkPromptPart, warnings: Warning[]): [] {
  warnings.push({
    option: 'messages',
    message: `A message part of type "${part.type}" is not known here and is not sent.`,
  });
  return [];
}

function metadataOf(value: unknown): ProviderMetadata | undefined {
  if (value === undefined) return undefined;
  const parsed = providerMetadataSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

function definedHeaders(
  headers: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
