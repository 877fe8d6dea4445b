import type { JsonObject, JsonValue, Usage } from '@espalier/core';
import { anthropicError } from '../anthropic-error.js';
import type { ForwardFilter, ForwardFilterOptions } from '../forward/forward-filter.js';
import { createGuardedTexts, type GuardedTexts } from '../forward/guarded-texts.js';
import { createModelRenamer } from '../forward/rename-model.js';
import type { SseEvent } from '../forward/sse-splitter.js';
import { upstreamClosed, upstreamGarbage } from '../forward/upstream-fault.js';
import { isObject } from '../request/guard-input.js';
import { guardMessagesAnswer } from './guard-messages-answer.js';

/** Which field of which delta holds text, and the prefix of its rails' key. */
const TEXT_DELTAS: Readonly<Record<string, { field: string; prefix: string }>> = {
  text_delta: { field: 'text', prefix: 'text' },
  thinking_delta: { field: 'thinking', prefix: 'thinking' },
  input_json_delta: { field: 'partial_json', prefix: 'tool' },
};

/** Looks at messages on their way from an upstream of the same wire. */
export function createMessagesFilter(options: ForwardFilterOptions): ForwardFilter {
  const rename = createModelRenamer(options.modelId);
  const guarded =
    options.guardrails === undefined ? undefined : createGuardedTexts(options.guardrails);
  const openBlocks = new Set<number>();
  let usage: Usage = {};
  let outputTokens = 0;
  let isComplete = false;
  let hasFailed = false;
  let isBlocked = false;

  const written = (event: JsonObject & { type: string }): string =>
    `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

  const parse = (data: string): JsonObject & { type: string } => {
    let event: JsonValue;
    try {
      event = JSON.parse(data) as JsonValue;
    } catch (error) {
      throw upstreamGarbage('an event that is not JSON', error);
    }
    if (!isObject(event) || typeof event['type'] !== 'string') {
      throw upstreamGarbage('an event without a type');
    }
    return event as JsonObject & { type: string };
  };

  /** Notes what an event says and returns it as it is to be sent. */
  const note = (event: JsonObject & { type: string }, data: string): string => {
    switch (event.type) {
      case 'message_start': {
        const message = event['message'];
        if (!isObject(message)) throw upstreamGarbage('a "message_start" without its message');
        if (isObject(message['usage'])) noteUsage(message['usage']);
        const current = message['model'];
        const renamed = typeof current === 'string' ? rename(data, current) : undefined;
        if (renamed !== undefined) return `event: message_start\ndata: ${renamed}\n\n`;
        message['model'] = options.modelId;
        return written(event);
      }
      case 'content_block_start':
        openBlocks.add(Number(event['index']));
        break;
      case 'content_block_stop':
        openBlocks.delete(Number(event['index']));
        break;
      case 'message_delta':
        if (isObject(event['usage'])) noteUsage(event['usage']);
        break;
      case 'message_stop':
        isComplete = true;
        break;
      case 'error':
        isComplete = true;
        hasFailed = true;
        break;
      default:
        break;
    }
    return `event: ${event.type}\ndata: ${data}\n\n`;
  };

  const noteUsage = (said: JsonObject): void => {
    usage = { ...usage, ...readMessagesUsage(said) };
    outputTokens = usage.outputTokens ?? outputTokens;
  };

  const blocked = (): string => {
    isComplete = true;
    isBlocked = true;
    return (
      [...openBlocks].map((index) => written({ type: 'content_block_stop', index })).join('') +
      written({
        type: 'message_delta',
        delta: { stop_reason: 'refusal', stop_sequence: null },
        usage: { output_tokens: outputTokens },
      }) +
      written({ type: 'message_stop' })
    );
  };

  const plain = (events: readonly SseEvent[]): string => {
    let out = '';
    for (const { data } of events) {
      if (isComplete) break;
      out += note(parse(data), data);
    }
    return out;
  };

  const checked = async (events: readonly SseEvent[], texts: GuardedTexts): Promise<string> => {
    let out = '';
    let run:
      | {
          key: string;
          first: JsonObject & { type: string };
          field: string;
          text: string;
          raw: string;
        }
      | undefined;
    const flush = async (): Promise<void> => {
      if (run === undefined) return;
      const { key, first, field, text, raw } = run;
      run = undefined;
      const release = await texts.push(key, text);
      if (!release.isBlocked && release.text === text) out += raw;
      else if (release.text !== '') {
        out += written({
          ...first,
          delta: { ...(first['delta'] as JsonObject), [field]: release.text },
        });
      }
      if (release.isBlocked) out += blocked();
    };
    for (const { data } of events) {
      if (isComplete) return out;
      const event = parse(data);
      const delta = event.type === 'content_block_delta' ? event['delta'] : undefined;
      const kind = isObject(delta)
        ? TEXT_DELTAS[typeof delta['type'] === 'string' ? delta['type'] : '']
        : undefined;
      const text = isObject(delta) && kind !== undefined ? delta[kind.field] : undefined;
      if (kind !== undefined && typeof text === 'string') {
        const key = `${kind.prefix}:${String(Number(event['index']))}`;
        if (run !== undefined && run.key !== key) await flush();
        if (isComplete) return out;
        run ??= { key, first: event, field: kind.field, text: '', raw: '' };
        run.text += text;
        run.raw += note(event, data);
        continue;
      }
      await flush();
      if (isComplete) return out;
      if (event.type === 'content_block_stop') {
        for (const [type, { field, prefix }] of Object.entries(TEXT_DELTAS)) {
          const release = await texts.end(`${prefix}:${String(Number(event['index']))}`);
          if (release === undefined) continue;
          if (release.text !== '') {
            out += written({
              type: 'content_block_delta',
              index: event['index'] ?? 0,
              delta: { type, [field]: release.text },
            });
          }
          if (release.isBlocked) return out + blocked();
        }
      }
      // Text in the start of a block goes by the rails like any other.
      const block = event.type === 'content_block_start' ? event['content_block'] : undefined;
      const startText = isObject(block) && block['type'] === 'text' ? block['text'] : undefined;
      if (isObject(block) && typeof startText === 'string' && startText !== '') {
        const release = await texts.push(`text:${String(Number(event['index']))}`, startText);
        block['text'] = release.text;
        note(event, data);
        out += written(event);
        if (release.isBlocked) return out + blocked();
        continue;
      }
      out += note(event, data);
    }
    await flush();
    return out;
  };

  return {
    async answer(answer) {
      if (!Array.isArray(answer['content'])) throw upstreamGarbage('an answer without "content"');
      answer['model'] = options.modelId;
      if (isObject(answer['usage'])) noteUsage(answer['usage']);
      if (options.guardrails !== undefined) await guardMessagesAnswer(options.guardrails, answer);
    },
    events: (events) => (guarded === undefined ? plain(events) : checked(events, guarded)),
    async close() {
      if (!isComplete) throw upstreamClosed();
      return '';
    },
    get isComplete() {
      return isComplete;
    },
    get isBlocked() {
      return isBlocked;
    },
    get hasFailed() {
      return hasFailed;
    },
    get usage() {
      return usage;
    },
    fail: (error) =>
      `event: error\ndata: ${JSON.stringify(anthropicError(error, options.requestId))}\n\n`,
  };
}

/** The usage object of messages in core's words; cached and newly cached tokens are input too. */
export function readMessagesUsage(usage: JsonObject): Usage {
  const count = (key: string): number | undefined => {
    const value = usage[key];
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
  };
  const fresh = count('input_tokens');
  const cached = count('cache_read_input_tokens');
  const written = count('cache_creation_input_tokens');
  const output = count('output_tokens');
  return {
    ...(fresh === undefined ? {} : { inputTokens: fresh + (cached ?? 0) + (written ?? 0) }),
    ...(output === undefined ? {} : { outputTokens: output }),
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
  };
}
