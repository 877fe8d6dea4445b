import type {
  LanguageModelCallOptions,
  Message,
  ToolChoice,
  ToolDefinition,
  UserPart,
} from '@espalier/core';
import { parsedInput, present, reasoningEffort } from '../request/call-options.js';
import { sourceOfUrl } from '../request/data-url.js';
import { invalidRequest, unsupported } from '../wire-error.js';
import type { ResponsesContent, ResponsesItem, ResponsesRequest } from './responses-schema.js';

/**
 * A responses request for core's `LanguageModel`.
 *
 * @throws {WireError} `ERR_WIRE_UNSUPPORTED` for state kept between requests, background work and hosted tools.
 */
export function responsesToCall(body: ResponsesRequest): LanguageModelCallOptions {
  if (typeof body.previous_response_id === 'string') {
    throw unsupported(
      'Responses are not kept here; send the whole input instead.',
      'previous_response_id',
    );
  }
  if (body.conversation !== null && body.conversation !== undefined) {
    throw unsupported(
      'Conversations are not kept here; send the whole input instead.',
      'conversation',
    );
  }
  if (body.background === true)
    throw unsupported('Responses are not made in the background here.', 'background');
  const toolNames = new Map<string, string>();
  const items: ResponsesItem[] =
    typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input;
  const instructions: Message[] =
    typeof body.instructions === 'string' && body.instructions !== ''
      ? [{ role: 'system', content: body.instructions }]
      : [];
  return {
    messages: joinTurns([
      ...instructions,
      ...items.flatMap((item, index) => toMessages(item, `input[${index}]`, toolNames)),
    ]),
    ...present({
      tools: body.tools?.map(toTool),
      toolChoice: toToolChoice(body.tool_choice),
      parallelToolCalls: body.parallel_tool_calls,
      maxOutputTokens: body.max_output_tokens,
      temperature: body.temperature,
      topP: body.top_p,
      reasoningEffort: reasoningEffort(body.reasoning?.effort),
      responseFormat: toResponseFormat(body.text?.format),
    }),
  };
}

/** Puts what one assistant turn said into one message: here each call is an item of its own. */
function joinTurns(messages: readonly Message[]): Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (message.role === 'assistant' && last?.role === 'assistant') {
      joined[joined.length - 1] = {
        role: 'assistant',
        content: [...last.content, ...message.content],
      };
    } else if (message.role === 'tool' && last?.role === 'tool') {
      joined[joined.length - 1] = { role: 'tool', content: [...last.content, ...message.content] };
    } else {
      joined.push(message);
    }
  }
  return joined;
}

function toMessages(item: ResponsesItem, at: string, toolNames: Map<string, string>): Message[] {
  switch (item.type) {
    case undefined:
    case 'message':
      return [toMessage(item, at)];
    case 'function_call': {
      if (typeof item.call_id !== 'string' || typeof item.name !== 'string') {
        throw invalidRequest('A function_call needs "call_id" and "name".', at);
      }
      toolNames.set(item.call_id, item.name);
      return [
        {
          role: 'assistant',
          content: [
            {
              type: 'tool-call',
              toolCallId: item.call_id,
              toolName: item.name,
              ...parsedInput(item.arguments ?? ''),
            },
          ],
        },
      ];
    }
    case 'function_call_output': {
      const toolName = toolNames.get(item.call_id ?? '');
      if (typeof item.call_id !== 'string' || toolName === undefined) {
        throw invalidRequest('No function_call before this one has that call_id.', `${at}.call_id`);
      }
      const output =
        typeof item.output === 'string' ? item.output : textOf(item.output ?? [], `${at}.output`);
      return [
        {
          role: 'tool',
          content: [{ type: 'tool-result', toolCallId: item.call_id, toolName, output }],
        },
      ];
    }
    case 'reasoning':
      return [];
    default:
      throw unsupported(`Input items of type "${item.type.slice(0, 50)}" are not taken here.`, at);
  }
}

function toMessage(item: ResponsesItem, at: string): Message {
  const { content } = item;
  if (content === null || content === undefined)
    throw invalidRequest('A message needs content.', `${at}.content`);
  switch (item.role) {
    case 'user':
      return {
        role: 'user',
        content:
          typeof content === 'string'
            ? [{ type: 'text', text: content }]
            : content.map((part, index) => userPart(part, `${at}.content[${index}]`)),
      };
    case 'assistant':
      return {
        role: 'assistant',
        content: [{ type: 'text', text: textOf(content, `${at}.content`) }],
      };
    case 'system':
    case 'developer':
      return { role: 'system', content: textOf(content, `${at}.content`) };
    case undefined:
      throw invalidRequest('A message needs a role.', `${at}.role`);
  }
}

function textOf(content: string | readonly ResponsesContent[], at: string): string {
  if (typeof content === 'string') return content;
  return content
    .map((part, index) => {
      const text = part.text ?? part.refusal;
      if (text === undefined) throw unsupported('Only text is taken here.', `${at}[${index}]`);
      return text;
    })
    .join('');
}

function userPart(part: ResponsesContent, at: string): UserPart {
  if (part.type === 'input_text' && part.text !== undefined)
    return { type: 'text', text: part.text };
  if (part.type === 'input_image' && typeof part.image_url === 'string') {
    const { source, mediaType } = sourceOfUrl(part.image_url, `${at}.image_url`);
    const detail = (['auto', 'low', 'high'] as const).find((level) => level === part.detail);
    return { type: 'image', mediaType: mediaType ?? 'image/*', source, ...present({ detail }) };
  }
  if (part.type === 'input_file') {
    const url = part.file_data ?? part.file_url;
    if (typeof url === 'string') {
      const { source, mediaType } = sourceOfUrl(url, at);
      return {
        type: 'file',
        mediaType: mediaType ?? 'application/octet-stream',
        source,
        ...present({ filename: part.filename }),
      };
    }
  }
  throw unsupported(`Content of type "${part.type.slice(0, 50)}" is not taken here.`, at);
}

function toTool(
  tool: NonNullable<ResponsesRequest['tools']>[number],
  index: number,
): ToolDefinition {
  if (tool.type !== 'function' || tool.name === undefined) {
    throw unsupported('Only function tools are taken.', `tools[${index}]`);
  }
  return {
    name: tool.name,
    inputSchema: tool.parameters ?? { type: 'object', properties: {} },
    ...present({ description: tool.description, strict: tool.strict }),
  };
}

function toToolChoice(choice: ResponsesRequest['tool_choice']): ToolChoice | undefined {
  if (choice === null || choice === undefined) return undefined;
  if (typeof choice === 'string') return { type: choice };
  if (choice.type !== 'function' || choice.name === undefined) {
    throw unsupported('Only a function may be chosen.', 'tool_choice');
  }
  return { type: 'tool', toolName: choice.name };
}

function toResponseFormat(
  format: NonNullable<ResponsesRequest['text']>['format'],
): LanguageModelCallOptions['responseFormat'] {
  if (format === null || format === undefined) return undefined;
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'json' };
  if (format.type === 'json_schema') {
    const { schema, name, description, strict } = format;
    return { type: 'json', ...present({ schema, name, description, strict }) };
  }
  throw unsupported('Formats are "text", "json_object" and "json_schema".', 'text.format');
}
