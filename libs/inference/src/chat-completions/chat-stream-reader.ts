import { truncateValue, type ModelStreamPart, type Usage } from '@espalier/core';
import type { SseEvent } from '../transport/read-sse-events.js';
import { readProviderFailure } from '../transport/status-error.js';
import { StreamFaultError, type StreamReader } from '../transport/stream-reader.js';
import { chatChunkSchema, type ChatChunk, type ToolCallDelta } from './chat-wire-schema.js';
import { parseToolInput } from './parse-tool-input.js';
import { toFinishReason, toUsage } from './read-chat-answer.js';

interface OpenToolCall {
  readonly index: number | undefined;
  readonly id: string;
  toolName: string;
  text: string;
}

const TEXT_ID = 'text-0';
const REASONING_ID = 'reasoning-0';

/** Creates the reader of one Chat Completions stream. */
export function createChatStreamReader(redact: (text: string) => string): StreamReader {
  const toolCalls: OpenToolCall[] = [];
  let open: { type: 'text' | 'reasoning'; id: string } | undefined;
  let blocks = 0;
  let hasMetadata = false;
  let hasRefusal = false;
  let isDone = false;
  let finishReason: string | undefined;
  let usage: Usage = {};

  function* close(): Generator<ModelStreamPart> {
    if (open !== undefined) yield { type: `${open.type}-end`, id: open.id };
    open = undefined;
  }

  function* append(
    type: 'text' | 'reasoning',
    text: string | null | undefined,
  ): Generator<ModelStreamPart> {
    if (!text) return;
    if (open?.type !== type) {
      yield* close();
      const base = type === 'text' ? TEXT_ID : REASONING_ID;
      open = { type, id: blocks === 0 ? base : base.replace('0', String(blocks)) };
      blocks += 1;
      yield { type: `${type}-start`, id: open.id };
    }
    yield { type: `${type}-delta`, id: open.id, text };
  }

  function* appendToolCall(delta: ToolCallDelta): Generator<ModelStreamPart> {
    let call = findCall(toolCalls, delta);
    if (call === undefined) {
      call = {
        index: delta.index ?? undefined,
        id: delta.id || `call_${toolCalls.length}`,
        toolName: '',
        text: '',
      };
      toolCalls.push(call);
    }
    if (call.toolName === '' && delta.function?.name) {
      call.toolName = delta.function.name;
      yield { type: 'tool-input-start', id: call.id, toolName: call.toolName };
      if (call.text !== '') yield { type: 'tool-input-delta', id: call.id, delta: call.text };
    }
    const piece = delta.function?.arguments;
    if (!piece) return;
    call.text += piece;
    if (call.toolName !== '') yield { type: 'tool-input-delta', id: call.id, delta: piece };
  }

  function* readChunk(chunk: ChatChunk): Generator<ModelStreamPart> {
    if (!hasMetadata && (chunk.id || chunk.model)) {
      hasMetadata = true;
      yield {
        type: 'response-metadata',
        ...(chunk.id ? { id: chunk.id } : {}),
        ...(chunk.model ? { modelId: chunk.model } : {}),
        ...(chunk.created ? { timestampMs: chunk.created * 1000 } : {}),
      };
    }
    if (chunk.usage) usage = toUsage(chunk.usage);
    const choice = chunk.choices.find(({ index }) => (index ?? 0) === 0);
    if (choice === undefined) return;
    const { delta } = choice;
    yield* append('reasoning', delta?.reasoning_content ?? delta?.reasoning);
    yield* append('text', delta?.content);
    if (delta?.refusal) hasRefusal = true;
    yield* append('text', delta?.refusal);
    for (const call of delta?.tool_calls ?? []) yield* appendToolCall(call);
    if (choice.finish_reason) finishReason = choice.finish_reason;
  }

  return {
    get isDone() {
      return isDone;
    },
    read(event) {
      if (event.data.trim() === '[DONE]') {
        isDone = true;
        return [];
      }
      return [...readChunk(parseChunk(event, redact))];
    },
    finish() {
      // A finish reason without `[DONE]`, and the other way round, is whole: there are servers of both kinds.
      if (finishReason === undefined && !isDone) return undefined;
      const parts: ModelStreamPart[] = [...close()];
      for (const call of toolCalls) {
        parts.push({ type: 'tool-input-end', id: call.id });
        parts.push({
          type: 'tool-call',
          toolCallId: call.id,
          toolName: call.toolName,
          ...parseToolInput(call.text),
        });
      }
      parts.push({
        type: 'finish',
        finishReason: hasRefusal
          ? 'content-filter'
          : toFinishReason(finishReason, toolCalls.length > 0),
        usage,
      });
      return parts;
    },
  };
}

/** Servers that leave the index out send a new id for a new call, and none for more of the last one. */
function findCall(calls: readonly OpenToolCall[], delta: ToolCallDelta): OpenToolCall | undefined {
  if (typeof delta.index === 'number') return calls.find((call) => call.index === delta.index);
  if (delta.id) return calls.find((call) => call.id === delta.id);
  return calls.at(-1);
}

function parseChunk(event: SseEvent, redact: (text: string) => string): ChatChunk {
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
  if (
    event.event === 'error' ||
    (isObject(body) && body['error'] !== undefined && body['error'] !== null)
  ) {
    const failure = readProviderFailure(body, redact);
    throw new StreamFaultError({
      fault: 'upstream-error',
      problem: `the provider reported an error: ${failure?.reason ?? truncateValue(redact(event.data))}`,
      isRetryable: !/invalid|auth|permission|not_found|content/iu.test(failure?.providerCode ?? ''),
      details: failure?.providerCode === undefined ? {} : { providerCode: failure.providerCode },
    });
  }
  const chunk = chatChunkSchema.safeParse(body);
  if (chunk.success) return chunk.data;
  const issue = chunk.error.issues[0];
  throw new StreamFaultError({
    fault: 'garbage-event',
    problem: `an event is no chunk of an answer (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}): ${truncateValue(redact(event.data))}.`,
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
