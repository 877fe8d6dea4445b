import type { UpstreamEvent } from '@espalier/testing';

/** A Chat Completions chunk in the published form. */
export function chunk(
  delta: object,
  finishReason: string | null = null,
  extra: object = {},
): UpstreamEvent {
  return {
    data: {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'served-model',
      choices: [{ index: 0, delta, finish_reason: finishReason }],
      ...extra,
    },
  };
}

/** The two pieces of an answer, `Grüße` and ` 👋`, before its end. */
export const begun: readonly UpstreamEvent[] = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Grüße' }),
  chunk({ content: ' 👋' }),
];

/** A whole answer with usage, as servers send it with `include_usage`. */
export const whole: readonly UpstreamEvent[] = [
  ...begun,
  chunk({}, 'stop'),
  {
    data: {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'served-model',
      choices: [],
      usage: {
        prompt_tokens: 12,
        completion_tokens: 3,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    },
  },
  '[DONE]',
];

/** A streamed call of `get_weather` for Paris, its arguments in pieces. */
export const toolCallStream: readonly UpstreamEvent[] = [
  chunk({
    role: 'assistant',
    content: null,
    tool_calls: [
      {
        index: 0,
        id: 'call_1',
        type: 'function',
        function: { name: 'get_weather', arguments: '' },
      },
    ],
  }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"ci' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: 'ty":"Paris"}' } }] }),
  chunk({}, 'tool_calls'),
  '[DONE]',
];

/** A whole JSON answer. */
export function completion(message: object, finishReason = 'stop'): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'served-model',
    choices: [
      { index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
  };
}

/** The JSON form of {@link toolCallStream}. */
export const toolCallCompletion = completion(
  {
    content: null,
    tool_calls: [
      {
        id: 'call_1',
        type: 'function',
        function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
      },
    ],
  },
  'tool_calls',
);
