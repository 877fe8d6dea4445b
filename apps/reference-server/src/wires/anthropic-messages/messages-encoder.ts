import type { ModelStreamPart } from '@espalier/core';
import { argumentsText } from '../answer/arguments-text.js';
import { anthropicError } from '../anthropic-error.js';
import type { AnswerLabel, StreamEncoder } from '../wire.js';
import {
  charLocation,
  createDocumentIndex,
  messagesStopReason,
  messagesUsage,
} from './messages-response.js';

/** Writes an answer as the events of Anthropic's stream: one block after the other, as its clients expect. */
export function createMessagesEncoder(label: AnswerLabel): StreamEncoder {
  const indexOf = createDocumentIndex();
  const withDeltas = new Set<string>();
  let index = -1;
  let open: { key: string; type: 'text' | 'thinking' | 'tool_use' } | undefined;

  const event = (value: { type: string; [key: string]: unknown }): string =>
    `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
  const close = (): string => {
    if (open === undefined) return '';
    open = undefined;
    return event({ type: 'content_block_stop', index });
  };
  /** Opens a block unless it is the open one; what is open is closed first. */
  const ensure = (key: string, block: { type: 'text' | 'thinking' | 'tool_use' }): string => {
    if (open?.key === key) return '';
    const closed = close();
    index++;
    open = { key, type: block.type };
    return closed + event({ type: 'content_block_start', index, content_block: block });
  };
  const delta = (value: object): string =>
    event({ type: 'content_block_delta', index, delta: value });
  const textBlock = { type: 'text' as const, text: '', citations: null };

  // The end of a text closes no block: citations of it may still come.
  const encode = (part: ModelStreamPart): string => {
    switch (part.type) {
      case 'text-delta':
        if (part.text === '') return '';
        return (
          ensure(`text:${part.id}`, textBlock) + delta({ type: 'text_delta', text: part.text })
        );
      case 'citation': {
        const opened = open?.type === 'text' ? '' : ensure('text:citations', textBlock);
        return (
          opened +
          delta({
            type: 'citations_delta',
            citation: charLocation(part.citation, indexOf(part.citation)),
          })
        );
      }
      case 'reasoning-delta':
        if (part.text === '') return '';
        return (
          ensure(`reasoning:${part.id}`, { type: 'thinking', thinking: '', signature: '' } as {
            type: 'thinking';
          }) + delta({ type: 'thinking_delta', thinking: part.text })
        );
      case 'reasoning-end': {
        const signature = part.providerMetadata?.['anthropic']?.['signature'];
        if (open?.key !== `reasoning:${part.id}`) return '';
        return (
          (typeof signature === 'string' ? delta({ type: 'signature_delta', signature }) : '') +
          close()
        );
      }
      case 'tool-input-delta':
        // Blocks do not interleave here: arguments of a call that is not the open one come whole with the call.
        if (open?.key !== `tool:${part.id}` || part.delta === '') return '';
        withDeltas.add(part.id);
        return delta({ type: 'input_json_delta', partial_json: part.delta });
      case 'tool-input-start':
        return open?.type === 'tool_use'
          ? ''
          : ensure(`tool:${part.id}`, toolBlock(part.id, part.toolName));
      case 'tool-call': {
        const opened = ensure(`tool:${part.toolCallId}`, toolBlock(part.toolCallId, part.toolName));
        const json = argumentsText(part);
        const whole = withDeltas.has(part.toolCallId)
          ? ''
          : delta({ type: 'input_json_delta', partial_json: json });
        return opened + whole + close();
      }
      case 'finish': {
        const end = close();
        const changed = event({
          type: 'message_delta',
          delta: { stop_reason: messagesStopReason(part.finishReason), stop_sequence: null },
          usage: messagesUsage(part.usage),
        });
        return end + changed + event({ type: 'message_stop' });
      }
      case 'stream-start':
      case 'response-metadata':
      case 'text-start':
      case 'text-end':
      case 'reasoning-start':
      case 'tool-input-end':
        return '';
    }
  };

  return {
    open: () =>
      event({
        type: 'message_start',
        message: {
          id: label.id,
          type: 'message',
          role: 'assistant',
          model: label.modelId,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: messagesUsage({}),
        },
      }),
    encode,
    fail: (error) => event({ ...anthropicError(error, label.requestId) }),
  };
}

function toolBlock(id: string, name: string): { type: 'tool_use' } {
  return { type: 'tool_use', id, name, input: {} } as { type: 'tool_use' };
}
