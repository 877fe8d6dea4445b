import type {
  AssistantPart,
  LanguageModelCallOptions,
  Message,
  ToolChoice,
  ToolDefinition,
  ToolResultPart,
  UserPart,
} from '@espalier/core';
import { present, reasoningEffort } from '../request/call-options.js';
import { sourceOfUrl } from '../request/data-url.js';
import { invalidRequest, unsupported } from '../wire-error.js';
import type {
  CountTokensRequest,
  MessageBlock,
  MessagesRequest,
  RequestMessage,
} from './messages-schema.js';

/** A messages request for core's `LanguageModel`. */
export function messagesToCall(body: MessagesRequest): LanguageModelCallOptions {
  return {
    ...countedToCall(body),
    maxOutputTokens: body.max_tokens,
    ...present({
      temperature: body.temperature,
      topP: body.top_p,
      topK: body.top_k,
      stopSequences: body.stop_sequences,
    }),
  };
}

/** The part of a request that counts as input, for core's `LanguageModel`. */
export function countedToCall(body: CountTokensRequest): LanguageModelCallOptions {
  const toolNames = new Map<string, string>();
  const format = body.output_config?.format;
  if (format !== null && format !== undefined && format.type !== 'json_schema') {
    throw unsupported('The output format must be "json_schema".', 'output_config.format');
  }
  return {
    messages: [
      ...systemMessages(body.system),
      ...body.messages.flatMap((message, at) => toMessages(message, `messages.${at}`, toolNames)),
    ],
    ...present({
      tools: body.tools?.map(toTool),
      toolChoice: toToolChoice(body.tool_choice),
      parallelToolCalls: body.tool_choice?.disable_parallel_tool_use === true ? false : undefined,
      reasoningEffort: reasoningEffort(body.output_config?.effort),
      responseFormat:
        format === null || format === undefined
          ? undefined
          : { type: 'json' as const, ...present({ schema: format.schema }) },
    }),
  };
}

function systemMessages(system: CountTokensRequest['system']): Message[] {
  if (system === null || system === undefined) return [];
  const content =
    typeof system === 'string' ? system : system.map((block) => block.text ?? '').join('\n\n');
  return content === '' ? [] : [{ role: 'system', content }];
}

function toMessages(
  message: RequestMessage,
  at: string,
  toolNames: Map<string, string>,
): Message[] {
  const blocks: MessageBlock[] =
    typeof message.content === 'string'
      ? [{ type: 'text', text: message.content }]
      : message.content;
  if (message.role === 'system') {
    return [{ role: 'system', content: blocks.map((block) => block.text ?? '').join('\n\n') }];
  }
  if (message.role === 'assistant') {
    const content = blocks.flatMap((block, index) =>
      assistantParts(block, `${at}.content.${index}`, toolNames),
    );
    return [{ role: 'assistant', content }];
  }
  const results: ToolResultPart[] = [];
  const parts: UserPart[] = [];
  blocks.forEach((block, index) => {
    const place = `${at}.content.${index}`;
    if (block.type === 'tool_result') results.push(toolResult(block, place, toolNames));
    else parts.push(userPart(block, place));
  });
  return [
    ...(results.length === 0 ? [] : [{ role: 'tool' as const, content: results }]),
    ...(parts.length === 0 ? [] : [{ role: 'user' as const, content: parts }]),
  ];
}

function assistantParts(
  block: MessageBlock,
  at: string,
  toolNames: Map<string, string>,
): AssistantPart[] {
  switch (block.type) {
    case 'text':
      return block.text === undefined || block.text === ''
        ? []
        : [{ type: 'text', text: block.text }];
    case 'thinking':
      return [
        {
          type: 'reasoning',
          text: block.thinking ?? '',
          ...(block.signature === undefined
            ? {}
            : { providerMetadata: { anthropic: { signature: block.signature } } }),
        },
      ];
    case 'redacted_thinking':
      return [];
    case 'tool_use': {
      if (block.id === undefined || block.name === undefined) {
        throw invalidRequest('A tool_use block needs "id" and "name".', at);
      }
      toolNames.set(block.id, block.name);
      return [
        { type: 'tool-call', toolCallId: block.id, toolName: block.name, input: block.input ?? {} },
      ];
    }
    default:
      throw unsupported(`Blocks of type "${block.type.slice(0, 50)}" are not taken here.`, at);
  }
}

function toolResult(
  block: MessageBlock,
  at: string,
  toolNames: Map<string, string>,
): ToolResultPart {
  const toolCallId = block.tool_use_id ?? '';
  const toolName = toolNames.get(toolCallId);
  if (toolName === undefined) {
    throw invalidRequest(
      'No assistant message before this one made that tool call.',
      `${at}.tool_use_id`,
    );
  }
  const { content } = block;
  const output =
    typeof content === 'string'
      ? content
      : (content ?? [])
          .map((inner) => {
            if (inner.text === undefined)
              throw unsupported('Tool results take text only.', `${at}.content`);
            return inner.text;
          })
          .join('\n');
  return {
    type: 'tool-result',
    toolCallId,
    toolName,
    output,
    ...(block.is_error === true ? { isError: true } : {}),
  };
}

function userPart(block: MessageBlock, at: string): UserPart {
  if (block.type === 'text' && block.text !== undefined) return { type: 'text', text: block.text };
  const { source } = block;
  if (block.type === 'image' && typeof source === 'object') {
    if (source.type === 'base64' && source.data !== undefined) {
      return {
        type: 'image',
        mediaType: source.media_type ?? 'image/*',
        source: { kind: 'base64', data: source.data },
      };
    }
    if (source.type === 'url' && source.url !== undefined) {
      return {
        type: 'image',
        mediaType: 'image/*',
        source: sourceOfUrl(source.url, `${at}.source.url`).source,
      };
    }
  }
  if (block.type === 'document' && typeof source === 'object')
    return documentPart(block, source, at);
  if (block.type === 'search_result' && Array.isArray(block.content)) {
    return { type: 'text', text: block.content.map((inner) => inner.text ?? '').join('\n') };
  }
  throw unsupported(`Blocks of type "${block.type.slice(0, 50)}" are not taken here.`, at);
}

function documentPart(
  block: MessageBlock,
  source: Exclude<NonNullable<MessageBlock['source']>, string>,
  at: string,
): UserPart {
  const filename = present({ filename: block.title });
  if (source.type === 'text' && source.data !== undefined) {
    const title = typeof block.title === 'string' ? `${block.title}\n\n` : '';
    return { type: 'text', text: `${title}${source.data}` };
  }
  if (source.type === 'base64' && source.data !== undefined) {
    return {
      type: 'file',
      mediaType: source.media_type ?? 'application/pdf',
      source: { kind: 'base64', data: source.data },
      ...filename,
    };
  }
  if (source.type === 'url' && source.url !== undefined) {
    return {
      type: 'file',
      mediaType: 'application/pdf',
      source: sourceOfUrl(source.url, `${at}.source.url`).source,
      ...filename,
    };
  }
  throw unsupported(
    `A document source of type "${source.type.slice(0, 50)}" is not taken here.`,
    `${at}.source`,
  );
}

function toTool(
  tool: NonNullable<CountTokensRequest['tools']>[number],
  index: number,
): ToolDefinition {
  if (tool.input_schema === undefined) {
    throw unsupported('Only tools with an input_schema are taken.', `tools.${index}`);
  }
  return {
    name: tool.name,
    inputSchema: tool.input_schema,
    ...present({ description: tool.description, strict: tool.strict }),
  };
}

function toToolChoice(choice: CountTokensRequest['tool_choice']): ToolChoice | undefined {
  if (choice === null || choice === undefined) return undefined;
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type };
    case 'any':
      return { type: 'required' };
    case 'tool':
      if (choice.name !== undefined) return { type: 'tool', toolName: choice.name };
      throw invalidRequest('A choice of type "tool" needs a name.', 'tool_choice.name');
    default:
      throw invalidRequest(
        'The choice must be "auto", "any", "tool" or "none".',
        'tool_choice.type',
      );
  }
}
