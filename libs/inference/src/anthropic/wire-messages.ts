import type {
  AssistantMessage,
  DataSource,
  FilePart,
  JsonValue,
  Message,
  PassagePart,
  ToolMessage,
  UserMessage,
  Warning,
} from '@espalier/core';

type WireObject = Record<string, unknown>;

/** Messages in the form of the Messages API. */
export interface WireMessages {
  readonly system: WireObject[] | undefined;
  readonly messages: { role: 'user' | 'assistant'; content: WireObject[] }[];
  /** The passages in the order of their document blocks, by which citations name them; a gap for other documents. */
  readonly documents: readonly (PassagePart | undefined)[];
  readonly warnings: Warning[];
}

interface Writing {
  readonly documents: (PassagePart | undefined)[];
  readonly warnings: Warning[];
  readonly cites: boolean;
}

/**
 * Writes messages in the form of the Messages API: passages become document blocks, which the model cites by itself.
 *
 * `cites` is false where the API takes no citations, as with an answer held to a schema.
 */
export function toWireMessages(messages: readonly Message[], cites: boolean): WireMessages {
  const writing: Writing = { documents: [], warnings: [], cites };
  const system: WireObject[] = [];
  const result: WireMessages['messages'] = [];
  const append = (role: 'user' | 'assistant', content: WireObject[]): void => {
    if (content.length === 0) return;
    const last = result.at(-1);
    if (last?.role === role) last.content.push(...content);
    else result.push({ role, content });
  };
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        if (result.length > 0)
          warn(
            writing,
            'A system message between other messages is moved to the front, as this API knows one place for it.',
          );
        if (message.content !== '') system.push({ type: 'text', text: message.content });
        break;
      case 'user':
        append('user', userContent(message, writing));
        break;
      case 'assistant':
        append('assistant', assistantContent(message, writing));
        break;
      case 'tool':
        append('user', toolResults(message));
        break;
    }
  }
  return {
    system: system.length === 0 ? undefined : system,
    messages: result,
    documents: writing.documents,
    warnings: writing.warnings,
  };
}

function userContent(message: UserMessage, writing: Writing): WireObject[] {
  return message.content.flatMap((part): WireObject[] => {
    switch (part.type) {
      case 'text':
        return part.text === '' ? [] : [{ type: 'text', text: part.text }];
      case 'image':
        return [{ type: 'image', source: toSource(part.source, part.mediaType) }];
      case 'file':
        return fileContent(part, writing);
      case 'passage':
        writing.documents.push(part);
        return [passageDocument(part, writing.cites)];
    }
  });
}

function passageDocument({ index, passage }: PassagePart, cites: boolean): WireObject {
  const heading = passage.headingPath?.join(' > ') ?? passage.title;
  return {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: passage.text },
    title: `[${index}] ${passage.source}:${passage.lines.start}-${passage.lines.end}`.slice(0, 500),
    ...(heading === undefined || heading === '' ? {} : { context: heading }),
    citations: { enabled: cites },
  };
}

function fileContent(part: FilePart, writing: Writing): WireObject[] {
  const isPdf = part.mediaType === 'application/pdf';
  const isText = part.mediaType.startsWith('text/') || part.mediaType === 'application/json';
  const title = part.filename === undefined ? {} : { title: part.filename };
  // The API wants citations for all documents of a request or for none.
  const citations = { citations: { enabled: writing.cites } };
  if (isPdf) {
    writing.documents.push(undefined);
    return [
      { type: 'document', source: toSource(part.source, part.mediaType), ...title, ...citations },
    ];
  }
  if (isText && part.source.kind === 'base64') {
    writing.documents.push(undefined);
    const data = new TextDecoder().decode(Buffer.from(part.source.data, 'base64'));
    return [
      {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data },
        ...title,
        ...citations,
      },
    ];
  }
  warn(writing, `A file of type ${part.mediaType} is not sent: this API takes PDF and text.`);
  return [];
}

function assistantContent(message: AssistantMessage, writing: Writing): WireObject[] {
  return message.content.flatMap((part): WireObject[] => {
    switch (part.type) {
      case 'text':
        // The API refuses empty text.
        return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
      case 'reasoning': {
        const own = part.providerMetadata?.['anthropic'];
        if (typeof own?.['redactedData'] === 'string')
          return [{ type: 'redacted_thinking', data: own['redactedData'] }];
        if (typeof own?.['signature'] === 'string')
          return [{ type: 'thinking', thinking: part.text, signature: own['signature'] }];
        warn(writing, 'Reasoning without its signature is not sent: this API takes only its own.');
        return [];
      }
      case 'tool-call':
        return [
          {
            type: 'tool_use',
            id: part.toolCallId,
            name: part.toolName,
            input: isObject(part.input) ? part.input : { raw: part.input },
          },
        ];
      case 'file':
        warn(writing, 'A file in an assistant message is not sent: this API takes none.');
        return [];
      case 'citation':
        // It tells where the text came from and is no part of the conversation.
        return [];
    }
  });
}

function toolResults(message: ToolMessage): WireObject[] {
  return message.content.map((part) => ({
    type: 'tool_result',
    tool_use_id: part.toolCallId,
    content: typeof part.output === 'string' ? part.output : JSON.stringify(part.output),
    ...(part.isError === true ? { is_error: true } : {}),
  }));
}

function toSource(source: DataSource, mediaType: string): WireObject {
  return source.kind === 'url'
    ? { type: 'url', url: source.url }
    : { type: 'base64', media_type: mediaType, data: source.data };
}

function isObject(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function warn(writing: Writing, message: string): void {
  if (!writing.warnings.some((warning) => warning.message === message))
    writing.warnings.push({ option: 'messages', message });
}
