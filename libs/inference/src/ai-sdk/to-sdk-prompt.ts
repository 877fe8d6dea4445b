import {
  renderPassages,
  type DataSource,
  type LanguageModelCallOptions,
  type Message,
  type PassagePart,
  type ToolResultPart,
  type UserPart,
} from '@espalier/core';

type Version = 'v2' | 'v3' | 'v4';

/** Writes a call as the options of an AI SDK model of the version given. */
export function toSdkCallOptions(
  call: LanguageModelCallOptions,
  version: Version,
): Record<string, unknown> {
  const {
    messages,
    reasoningEffort,
    parallelToolCalls: _parallel,
    tools,
    providerOptions,
    ...same
  } = call;
  return {
    ...same,
    prompt: messages.map((message) => toSdkMessage(message, version)),
    ...(tools === undefined ? {} : { tools: tools.map((tool) => ({ type: 'function', ...tool })) }),
    ...(reasoningEffort === undefined || version !== 'v4' ? {} : { reasoning: reasoningEffort }),
    ...(providerOptions === undefined ? {} : { providerOptions }),
  };
}

function toSdkMessage(message: Message, version: Version): Record<string, unknown> {
  switch (message.role) {
    case 'system':
      return message;
    case 'user':
      return { role: 'user', content: toUserContent(message.content, version) };
    case 'tool':
      return { role: 'tool', content: message.content.map(toToolResult) };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.content.flatMap((part): Record<string, unknown>[] => {
          if (part.type === 'citation') return [];
          const metadata =
            part.providerMetadata === undefined ? {} : { providerOptions: part.providerMetadata };
          if (part.type === 'text' || part.type === 'reasoning')
            return [{ type: part.type, text: part.text, ...metadata }];
          if (part.type === 'file')
            return [
              {
                type: 'file',
                mediaType: part.mediaType,
                data: toData(part.source, version),
                ...metadata,
              },
            ];
          return [
            {
              type: 'tool-call',
              toolCallId: part.toolCallId,
              toolName: part.toolName,
              input: part.input,
              ...metadata,
            },
          ];
        }),
      };
  }
}

function toUserContent(parts: readonly UserPart[], version: Version): Record<string, unknown>[] {
  const content: Record<string, unknown>[] = [];
  let passages: PassagePart[] = [];
  const flush = (): void => {
    if (passages.length > 0) content.push({ type: 'text', text: renderPassages(passages) });
    passages = [];
  };
  for (const part of parts) {
    if (part.type === 'passage') {
      passages.push(part);
      continue;
    }
    flush();
    const metadata =
      part.providerMetadata === undefined ? {} : { providerOptions: part.providerMetadata };
    if (part.type === 'text') content.push({ type: 'text', text: part.text, ...metadata });
    else {
      const filename =
        part.type === 'file' && part.filename !== undefined ? { filename: part.filename } : {};
      content.push({
        type: 'file',
        mediaType: part.mediaType,
        data: toData(part.source, version),
        ...filename,
        ...metadata,
      });
    }
  }
  flush();
  return content;
}

function toToolResult(part: ToolResultPart): Record<string, unknown> {
  const isText = typeof part.output === 'string';
  const kind =
    part.isError === true ? (isText ? 'error-text' : 'error-json') : isText ? 'text' : 'json';
  return {
    type: 'tool-result',
    toolCallId: part.toolCallId,
    toolName: part.toolName,
    output: { type: kind, value: part.output },
  };
}

function toData(source: DataSource, version: Version): unknown {
  if (version !== 'v4') return source.kind === 'url' ? new URL(source.url) : source.data;
  return source.kind === 'url'
    ? { type: 'url', url: new URL(source.url) }
    : { type: 'data', data: source.data };
}
