import type { UpstreamEvent } from '@espalier/testing';

/** An event of the Messages API, its type on both places where the API has it. */
export function event(data: { readonly type: string } & Record<string, unknown>): UpstreamEvent {
  return { event: data.type, data };
}

const start = event({
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [],
    stop_reason: null,
    usage: {
      input_tokens: 10,
      cache_read_input_tokens: 5,
      cache_creation_input_tokens: 1,
      output_tokens: 1,
    },
  },
});

const stop = (reason: string): readonly UpstreamEvent[] => [
  event({
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 7 },
  }),
  event({ type: 'message_stop' }),
];

/** The answer `Call definePlugin.` before its end. */
export const begunMessage: readonly UpstreamEvent[] = [
  start,
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  event({ type: 'ping' }),
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Call ' } }),
  event({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: 'definePlugin.' },
  }),
];

/** {@link begunMessage} to its end, with a citation of the first document. */
export const wholeMessage: readonly UpstreamEvent[] = [
  ...begunMessage,
  event({
    type: 'content_block_delta',
    index: 0,
    delta: {
      type: 'citations_delta',
      citation: {
        type: 'char_location',
        cited_text: 'Call definePlugin. ',
        document_index: 0,
        document_title: null,
        start_char_index: 8,
        end_char_index: 27,
      },
    },
  }),
  event({ type: 'content_block_stop', index: 0 }),
  event({ type: 'a_kind_of_event_yet_unknown', new_field: 1 }),
  ...stop('end_turn'),
];

/** Thinking, then a call of `get_weather` for Paris. */
export const toolCallMessage: readonly UpstreamEvent[] = [
  start,
  event({
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'thinking', thinking: '', signature: '' },
  }),
  event({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'thinking_delta', thinking: 'Weather, then.' },
  }),
  event({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'signature_delta', signature: 'sig' },
  }),
  event({ type: 'content_block_stop', index: 0 }),
  event({
    type: 'content_block_start',
    index: 1,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} },
  }),
  event({
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json: '{"city": ' },
  }),
  event({
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json: '"Paris"}' },
  }),
  event({ type: 'content_block_stop', index: 1 }),
  ...stop('tool_use'),
];

/** The JSON form of an answer with these blocks. */
export function message(content: readonly object[], stopReason = 'end_turn'): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content,
    stop_reason: stopReason,
    usage: { input_tokens: 10, output_tokens: 7 },
  };
}
