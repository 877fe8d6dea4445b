import {
  renderPassages,
  type AssistantMessage,
  type DataSource,
  type FilePart,
  type JsonValue,
  type Message,
  type PassagePart,
  type ToolMessage,
  type UserMessage,
  type Warning,
} from '@espalier/core';

/** A JSON object on its way to a provider. */
export type WireObject = Record<string, unknown>;

/** Writes messages in the form of the Chat Completions API; what it cannot carry is left out with a warning. */
export function toChatMessages(messages: readonly Message[]): {
  messages: WireObject[];
  warnings: Warning[];
} {
  const warnings: Warning[] = [];
  const result: WireObject[] = [];
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        result.push({ role: 'system', content: message.content });
        break;
      case 'user':
        result.push({ role: 'user', content: toUserContent(message, warnings) });
        break;
      case 'assistant':
        result.push(toAssistantMessage(message, warnings));
        break;
      case 'tool':
        result.push(...toToolMessages(message));
        break;
    }
  }
  return { messages: result, warnings: withoutRepeats(warnings) };
}

function toUserContent(message: UserMessage, warnings: Warning[]): string | WireObject[] {
  const parts: WireObject[] = [];
  let passages: PassagePart[] = [];
  const flush = (): void => {
    if (passages.length > 0) parts.push({ type: 'text', text: renderPassages(passages) });
    passages = [];
  };
  for (const part of message.content) {
    if (part.type === 'passage') {
      passages.push(part);
      continue;
    }
    flush();
    if (part.type === 'text') parts.push({ type: 'text', text: part.text });
    else if (part.type === 'image') {
      const url = toUrl(part.source, part.mediaType);
      parts.push({
        type: 'image_url',
        image_url: { url, ...(part.detail === undefined ? {} : { detail: part.detail }) },
      });
    } else {
      const file = toFilePart(part, warnings);
      if (file !== undefined) parts.push(file);
    }
  }
  flush();
  const only = parts.length === 1 ? parts[0] : undefined;
  // Not every server of this API reads a list of parts.
  return only?.['type'] === 'text' ? (only['text'] as string) : parts;
}

const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
};

function toFilePart(part: FilePart, warnings: Warning[]): WireObject | undefined {
  if (part.source.kind === 'url') {
    warnings.push({
      option: 'messages',
      message: `A file given by URL is not sent (${part.mediaType}): this API takes files as data only.`,
    });
    return undefined;
  }
  const { data } = part.source;
  if (part.mediaType.startsWith('text/') || part.mediaType === 'application/json') {
    return { type: 'text', text: decodeText(data) };
  }
  const format = AUDIO_FORMATS[part.mediaType];
  if (format !== undefined) return { type: 'input_audio', input_audio: { data, format } };
  return {
    type: 'file',
    file: { filename: part.filename ?? 'file', file_data: `data:${part.mediaType};base64,${data}` },
  };
}

function toAssistantMessage(message: AssistantMessage, warnings: Warning[]): WireObject {
  let text = '';
  const toolCalls: WireObject[] = [];
  for (const part of message.content) {
    switch (part.type) {
      case 'text':
        text += part.text;
        break;
      case 'tool-call':
        toolCalls.push({
          id: part.toolCallId,
          type: 'function',
          function: {
            name: part.toolName,
            arguments:
              part.inputError === undefined ? JSON.stringify(part.input) : asText(part.input),
          },
        });
        break;
      case 'reasoning':
        warnings.push({
          option: 'messages',
          message: 'The reasoning of earlier turns is not sent: this API takes none.',
        });
        break;
      case 'file':
        warnings.push({
          option: 'messages',
          message: 'A file in an assistant message is not sent: this API takes none.',
        });
        break;
      case 'citation':
        // It tells where the text came from and is no part of the conversation.
        break;
    }
  }
  return {
    role: 'assistant',
    content: text === '' && toolCalls.length > 0 ? null : text,
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  };
}

function toToolMessages(message: ToolMessage): WireObject[] {
  return message.content.map((part) => ({
    role: 'tool',
    tool_call_id: part.toolCallId,
    content: part.isError === true ? `Error: ${asText(part.output)}` : asText(part.output),
  }));
}

function toUrl(source: DataSource, mediaType: string): string {
  return source.kind === 'url' ? source.url : `data:${mediaType};base64,${source.data}`;
}

function decodeText(base64: string): string {
  return new TextDecoder().decode(Buffer.from(base64, 'base64'));
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function withoutRepeats(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [warning.message, warning])).values()];
}
