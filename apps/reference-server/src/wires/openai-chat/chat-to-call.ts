import type {
  AssistantPart,
  LanguageModelCallOptions,
  Message,
  ToolChoice,
  ToolDefinition,
  UserPart,
} from '@espalier/core';
import { parsedInput, present, reasoningEffort } from '../request/call-options.js';
import { sourceOfUrl } from '../request/data-url.js';
import { invalidRequest, unsupported } from '../wire-error.js';
import type { ChatMessage, ChatPart, ChatRequest } from './chat-schema.js';

/**
 * A chat completion request for core's `LanguageModel`.
 *
 * @throws {WireError} `ERR_WIRE_UNSUPPORTED` for what core cannot carry, audio among it.
 */
export function chatToCall(body: ChatRequest): LanguageModelCallOptions {
  if (typeof body.top_logprobs === 'number' && body.logprobs !== true)
    throw invalidRequest('"top_logprobs" needs "logprobs": true.', 'top_logprobs');
  const toolNames = new Map<string, string>();
  return {
    messages: body.messages.map((message, at) => toMessage(message, `messages[${at}]`, toolNames)),
    ...present({
      tools: body.tools === null ? undefined : body.tools?.map(toTool),
      toolChoice: toToolChoice(body.tool_choice),
      parallelToolCalls: body.parallel_tool_calls,
      maxOutputTokens: body.max_completion_tokens ?? body.max_tokens,
      temperature: body.temperature,
      topP: body.top_p,
      presencePenalty: body.presence_penalty,
      frequencyPenalty: body.frequency_penalty,
      stopSequences: typeof body.stop === 'string' ? [body.stop] : body.stop,
      seed: body.seed,
      logProbabilities: body.logprobs === true ? (body.top_logprobs ?? 0) : undefined,
      reasoningEffort: reasoningEffort(body.reasoning_effort),
      responseFormat: toResponseFormat(body.response_format),
    }),
  };
}

function toMessage(message: ChatMessage, at: string, toolNames: Map<string, string>): Message {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: plainText(message, at) };
    case 'user':
      return { role: 'user', content: userParts(message, at) };
    case 'assistant': {
      const content: AssistantPart[] = [];
      const text = plainText(message, at);
      if (text !== '') content.push({ type: 'text', text });
      for (const call of message.tool_calls ?? []) {
        if (call.function === undefined)
          throw unsupported('Only function tool calls are taken.', `${at}.tool_calls`);
        toolNames.set(call.id, call.function.name);
        content.push({
          type: 'tool-call',
          toolCallId: call.id,
          toolName: call.function.name,
          ...parsedInput(call.function.arguments),
        });
      }
      return { role: 'assistant', content };
    }
    case 'tool': {
      if (typeof message.tool_call_id !== 'string') {
        throw invalidRequest('A tool message needs the id of its call.', `${at}.tool_call_id`);
      }
      const toolCallId = message.tool_call_id;
      const toolName = toolNames.get(toolCallId);
      if (toolName === undefined) {
        throw invalidRequest(
          'No assistant message before this one made that tool call.',
          `${at}.tool_call_id`,
        );
      }
      return {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId, toolName, output: plainText(message, at) }],
      };
    }
    case 'function':
      throw unsupported('Messages of role "function" are obsolete; use "tool".', `${at}.role`);
  }
}

function plainText(message: ChatMessage, at: string): string {
  const { content } = message;
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return message.refusal ?? '';
  return content
    .map((part, index) => {
      const text = part.type === 'refusal' ? part.refusal : part.text;
      if (text === undefined)
        throw invalidRequest(
          `A ${message.role} message takes text parts only.`,
          `${at}.content[${index}]`,
        );
      return text;
    })
    .join('');
}

function userParts(message: ChatMessage, at: string): UserPart[] {
  const { content } = message;
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (content === null || content === undefined)
    throw invalidRequest('A user message needs content.', `${at}.content`);
  return content.map((part, index) => userPart(part, `${at}.content[${index}]`));
}

function userPart(part: ChatPart, at: string): UserPart {
  if (part.type === 'text' && part.text !== undefined) return { type: 'text', text: part.text };
  if (part.type === 'image_url' && part.image_url !== undefined) {
    const { source, mediaType } = sourceOfUrl(part.image_url.url, `${at}.image_url.url`);
    const detail = (['auto', 'low', 'high'] as const).find(
      (level) => level === part.image_url?.detail,
    );
    return { type: 'image', mediaType: mediaType ?? 'image/*', source, ...present({ detail }) };
  }
  if (part.type === 'file' && part.file?.file_data !== undefined) {
    const { source, mediaType } = sourceOfUrl(part.file.file_data, `${at}.file.file_data`);
    return {
      type: 'file',
      mediaType: mediaType ?? 'application/octet-stream',
      source,
      ...present({ filename: part.file.filename }),
    };
  }
  throw unsupported(`Content of type "${part.type.slice(0, 50)}" is not taken here.`, at);
}

function toTool(tool: NonNullable<ChatRequest['tools']>[number], index: number): ToolDefinition {
  if (tool.function === undefined)
    throw unsupported('Only function tools are taken.', `tools[${index}]`);
  const { name, description, parameters, strict } = tool.function;
  return {
    name,
    inputSchema: parameters ?? { type: 'object', properties: {} },
    ...present({ description, strict }),
  };
}

function toToolChoice(choice: ChatRequest['tool_choice']): ToolChoice | undefined {
  if (choice === null || choice === undefined) return undefined;
  if (typeof choice === 'string') return { type: choice };
  if (choice.function === undefined)
    throw unsupported('Only a function may be chosen.', 'tool_choice');
  return { type: 'tool', toolName: choice.function.name };
}

function toResponseFormat(
  format: ChatRequest['response_format'],
): LanguageModelCallOptions['responseFormat'] {
  if (format === null || format === undefined) return undefined;
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'json' };
  if (format.type === 'json_schema' && format.json_schema !== undefined) {
    const { schema, name, description, strict } = format.json_schema;
    return { type: 'json', ...present({ schema, name, description, strict }) };
  }
  throw unsupported(
    'Response formats are "text", "json_object" and "json_schema".',
    'response_format',
  );
}
