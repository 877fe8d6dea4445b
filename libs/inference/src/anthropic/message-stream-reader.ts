import { truncateValue, type ModelStreamPart, type PassagePart } from '@espalier/core';
import { parseToolInput } from '../chat-completions/parse-tool-input.js';
import type { SseEvent } from '../transport/read-sse-events.js';
import { readProviderFailure } from '../transport/status-error.js';
import { StreamFaultError, type StreamReader } from '../transport/stream-reader.js';
import {
  streamEventSchema,
  type MessageUsage,
  type StreamEvent,
  type WireCitation,
} from './message-wire-schema.js';
import { toFinishReason, toUsage } from './read-message.js';
import { toCitation } from './to-citation.js';

interface OpenBlock {
  readonly type: 'text' | 'thinking' | 'redacted_thinking' | 'tool_use' | 'unknown';
  readonly id: string;
  readonly name: string;
  readonly start: number;
  text: string;
  signature: string;
  readonly redactedData: string;
  readonly citations: WireCitation[];
}

/** Kinds of events that other versions of the API may send; the API asks to ignore what is not known. */
const KNOWN_EVENTS = new Set(
  streamEventSchema.options.map((option) => option.shape.type.value as string),
);

/** Creates the reader of one Messages stream. */
export function createMessageStreamReader(
  documents: readonly (PassagePart | undefined)[],
  redact: (text: string) => string,
): StreamReader {
  const blocks = new Map<number, OpenBlock>();
  let usage: MessageUsage = {};
  let stopReason: string | undefined;
  let isDone = false;
  let textLength = 0;

  function* startBlock(
    event: StreamEvent & { type: 'content_block_start' },
  ): Generator<ModelStreamPart> {
    const wire = event.content_block;
    const type = BLOCK_TYPES.find((known) => known === wire.type) ?? 'unknown';
    const id = type === 'tool_use' ? (wire.id ?? `call_${event.index}`) : `block-${event.index}`;
    const block: OpenBlock = {
      type,
      id,
      name: wire.name ?? '',
      start: textLength,
      text: '',
      signature: wire.signature ?? '',
      redactedData: wire.data ?? '',
      citations: [...(wire.citations ?? [])],
    };
    blocks.set(event.index, block);
    if (type === 'text') yield { type: 'text-start', id };
    else if (type === 'tool_use') yield { type: 'tool-input-start', id, toolName: block.name };
    else if (type !== 'unknown') yield { type: 'reasoning-start', id };
    yield* appendTo(block, wire.text ?? wire.thinking ?? '');
  }

  function* appendTo(block: OpenBlock, piece: string): Generator<ModelStreamPart> {
    if (piece === '') return;
    block.text += piece;
    if (block.type === 'text') {
      textLength += piece.length;
      yield { type: 'text-delta', id: block.id, text: piece };
    } else if (block.type === 'tool_use')
      yield { type: 'tool-input-delta', id: block.id, delta: piece };
    else if (block.type !== 'unknown') yield { type: 'reasoning-delta', id: block.id, text: piece };
  }

  function* endBlock(index: number): Generator<ModelStreamPart> {
    const block = blocks.get(index);
    blocks.delete(index);
    if (block === undefined) return;
    if (block.type === 'text') {
      yield { type: 'text-end', id: block.id };
      for (const wire of block.citations) {
        const citation = toCitation(wire, documents, { start: block.start, end: textLength });
        if (citation !== undefined) yield { type: 'citation', citation };
      }
    } else if (block.type === 'tool_use') {
      yield { type: 'tool-input-end', id: block.id };
      yield {
        type: 'tool-call',
        toolCallId: block.id,
        toolName: block.name,
        ...parseToolInput(block.text),
      };
    } else if (block.type === 'thinking') {
      yield {
        type: 'reasoning-end',
        id: block.id,
        ...(block.signature === ''
          ? {}
          : { providerMetadata: { anthropic: { signature: block.signature } } }),
      };
    } else if (block.type === 'redacted_thinking') {
      yield {
        type: 'reasoning-end',
        id: block.id,
        providerMetadata: { anthropic: { redactedData: block.redactedData } },
      };
    }
  }

  function* readEvent(event: StreamEvent): Generator<ModelStreamPart> {
    switch (event.type) {
      case 'message_start':
        usage = { ...usage, ...defined(event.message.usage) };
        yield {
          type: 'response-metadata',
          ...(event.message.id ? { id: event.message.id } : {}),
          ...(event.message.model ? { modelId: event.message.model } : {}),
        };
        break;
      case 'content_block_start':
        yield* startBlock(event);
        break;
      case 'content_block_delta': {
        const block = blocks.get(event.index);
        if (block === undefined) {
          throw new StreamFaultError({
            fault: 'garbage-event',
            problem: `a piece of block ${event.index} came, which was never begun.`,
          });
        }
        const { delta } = event;
        yield* appendTo(block, delta.text ?? delta.thinking ?? delta.partial_json ?? '');
        block.signature += delta.signature ?? '';
        if (delta.citation) block.citations.push(delta.citation);
        break;
      }
      case 'content_block_stop':
        yield* endBlock(event.index);
        break;
      case 'message_delta':
        usage = { ...usage, ...defined(event.usage) };
        stopReason = event.delta.stop_reason ?? stopReason;
        break;
      case 'message_stop':
        isDone = true;
        break;
    }
  }

  return {
    get isDone() {
      return isDone;
    },
    read(event) {
      const parsed = parseEvent(event, redact);
      return parsed === undefined ? [] : [...readEvent(parsed)];
    },
    finish() {
      if (!isDone || blocks.size > 0) return undefined;
      return [{ type: 'finish', finishReason: toFinishReason(stopReason), usage: toUsage(usage) }];
    },
  };
}

const BLOCK_TYPES = ['text', 'thinking', 'redacted_thinking', 'tool_use'] as const;

/** Later counts replace earlier ones, but an absent one replaces nothing. */
function defined(usage: MessageUsage | null | undefined): MessageUsage {
  return Object.fromEntries(
    Object.entries(usage ?? {}).filter(([, value]) => value !== undefined && value !== null),
  );
}

function parseEvent(event: SseEvent, redact: (text: string) => string): StreamEvent | undefined {
  let body: unknown;
  try {
    body = JSON.parse(event.data);
  } catch (error) {
    throw new StreamFaultError({
      fault: event.isUnterminated ? 'cut-event' : 'garbage-event',
      problem: event.isUnterminated
        ? 'it ended in the middle of an event.'
        : `an event is no valid JSON: ${truncateValue(redact(event.data))}.`,
      cause: error,
    });
  }
  const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined;
  if (type === 'error') {
    const failure = readProviderFailure(body, redact);
    throw new StreamFaultError({
      fault: 'upstream-error',
      problem: `the provider reported an error: ${failure?.reason ?? 'it gave no reason.'}`,
      isRetryable: /overloaded|api_error|timeout|rate_limit/u.test(failure?.providerCode ?? ''),
      details: failure?.providerCode === undefined ? {} : { providerCode: failure.providerCode },
    });
  }
  const parsed = streamEventSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  if (typeof type === 'string' && !KNOWN_EVENTS.has(type)) return undefined;
  const issue = parsed.error.issues[0];
  throw new StreamFaultError({
    fault: 'garbage-event',
    problem: `an event is not what the API promises (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}): ${truncateValue(redact(event.data))}.`,
  });
}
