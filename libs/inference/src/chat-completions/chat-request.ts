import type { LanguageModelCallOptions, ResponseFormat, ToolChoice, Warning } from '@espalier/core';
import { toChatMessages, type WireObject } from './chat-messages.js';

/** Where the servers of the Chat Completions API differ. */
export interface ChatDialect {
  /** Under which name `maxOutputTokens` goes. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Whether `top_k` is understood. */
  readonly supportsTopK: boolean;
  /** Whether sampling options (temperature, top-p, penalties) are taken. */
  readonly supportsSampling: boolean;
  /** Whether `stream_options` is understood, which asks for the usage at the end of a stream. */
  readonly supportsStreamUsage: boolean;
  readonly supportsJsonSchema: boolean;
  /** The most stop sequences. */
  readonly maxStopSequences: number;
}

/** Writes a call as the body of a Chat Completions request, with a warning for each option that it cannot carry. */
export function toChatRequest(options: {
  readonly modelId: string;
  readonly provider: string;
  readonly call: LanguageModelCallOptions;
  readonly stream: boolean;
  readonly dialect: ChatDialect;
}): { body: WireObject; warnings: Warning[] } {
  const { call, dialect } = options;
  const { messages, warnings } = toChatMessages(call.messages);
  const body: WireObject = { model: options.modelId, messages };
  const set = (name: string, value: unknown): void => {
    if (value !== undefined) body[name] = value;
  };

  set(dialect.maxTokensField, call.maxOutputTokens);
  if (dialect.supportsSampling) {
    set('temperature', call.temperature);
    set('top_p', call.topP);
    set('presence_penalty', call.presencePenalty);
    set('frequency_penalty', call.frequencyPenalty);
  } else {
    for (const option of ['temperature', 'topP', 'presencePenalty', 'frequencyPenalty'] as const) {
      if (call[option] !== undefined)
        warnings.push({
          option,
          message: `${options.modelId} reasons and takes no sampling options.`,
        });
    }
  }
  if (dialect.supportsTopK) set('top_k', call.topK);
  else if (call.topK !== undefined)
    warnings.push({ option: 'topK', message: 'This API has no top-k sampling.' });
  set('stop', cutStopSequences(call.stopSequences, dialect, warnings));
  set('seed', call.seed);
  set('reasoning_effort', call.reasoningEffort);
  set('response_format', toResponseFormat(call.responseFormat, dialect, warnings));
  if (call.tools !== undefined && call.tools.length > 0) {
    body['tools'] = call.tools.map((tool) => ({
      type: 'function',
      function: {
        name: tool.name,
        ...(tool.description === undefined ? {} : { description: tool.description }),
        parameters: tool.inputSchema,
        ...(tool.strict === undefined ? {} : { strict: tool.strict }),
      },
    }));
    set('tool_choice', toToolChoice(call.toolChoice));
    set('parallel_tool_calls', call.parallelToolCalls);
  } else if (
    call.toolChoice !== undefined &&
    call.toolChoice.type !== 'auto' &&
    call.toolChoice.type !== 'none'
  ) {
    warnings.push({
      option: 'toolChoice',
      message: 'No tools are given, so none can be required.',
    });
  }
  if (options.stream) {
    body['stream'] = true;
    if (dialect.supportsStreamUsage) body['stream_options'] = { include_usage: true };
  }
  return { body: { ...body, ...call.providerOptions?.[options.provider] }, warnings };
}

function cutStopSequences(
  sequences: readonly string[] | undefined,
  dialect: ChatDialect,
  warnings: Warning[],
): readonly string[] | undefined {
  if (sequences === undefined || sequences.length === 0) return undefined;
  if (sequences.length <= dialect.maxStopSequences) return sequences;
  warnings.push({
    option: 'stopSequences',
    message: `This API takes ${dialect.maxStopSequences} stop sequences; only the first ${dialect.maxStopSequences} of ${sequences.length} are sent.`,
  });
  return sequences.slice(0, dialect.maxStopSequences);
}

function toResponseFormat(
  format: ResponseFormat | undefined,
  dialect: ChatDialect,
  warnings: Warning[],
): WireObject | undefined {
  if (format === undefined || format.type === 'text') return undefined;
  if (format.schema === undefined) return { type: 'json_object' };
  if (!dialect.supportsJsonSchema) {
    warnings.push({
      option: 'responseFormat',
      message: 'This server is not held to a JSON schema; only JSON of any shape is asked for.',
    });
    return { type: 'json_object' };
  }
  return {
    type: 'json_schema',
    json_schema: {
      name: format.name ?? 'answer',
      ...(format.description === undefined ? {} : { description: format.description }),
      schema: format.schema,
      ...(format.strict === undefined ? {} : { strict: format.strict }),
    },
  };
}

function toToolChoice(choice: ToolChoice | undefined): unknown {
  if (choice === undefined) return undefined;
  return choice.type === 'tool'
    ? { type: 'function', function: { name: choice.toolName } }
    : choice.type;
}
