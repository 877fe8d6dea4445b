import type { AssistantPart, FinishReason, Usage } from '@espalier/core';
import type { ChatCompletion, ChatUsage } from './chat-wire-schema.js';
import { parseToolInput } from './parse-tool-input.js';

/** Reads token counts from the wire. */
export function toUsage(usage: ChatUsage | null | undefined): Usage {
  const result: Usage = {};
  const cached = usage?.prompt_tokens_details?.cached_tokens;
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens;
  if (typeof usage?.prompt_tokens === 'number') result.inputTokens = usage.prompt_tokens;
  if (typeof usage?.completion_tokens === 'number') result.outputTokens = usage.completion_tokens;
  if (typeof cached === 'number') result.cachedInputTokens = cached;
  if (typeof reasoning === 'number') result.reasoningTokens = reasoning;
  return result;
}

/** Reads why the model stopped; some servers say `stop` although tools were called. */
export function toFinishReason(
  reason: string | null | undefined,
  hasToolCalls: boolean,
): FinishReason {
  switch (reason) {
    case 'length':
      return 'length';
    case 'content_filter':
      return 'content-filter';
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls';
    case 'stop':
      return hasToolCalls ? 'tool-calls' : 'stop';
    default:
      return hasToolCalls ? 'tool-calls' : 'other';
  }
}

/** Reads the first choice of a whole answer. A refusal is given as text, with `content-filter`. */
export function readChatAnswer(completion: ChatCompletion): {
  content: AssistantPart[];
  finishReason: FinishReason;
  usage: Usage;
} {
  const choice = completion.choices[0];
  const message = choice?.message;
  const content: AssistantPart[] = [];
  const reasoning = message?.reasoning_content ?? message?.reasoning;
  if (reasoning) content.push({ type: 'reasoning', text: reasoning });
  if (message?.content) content.push({ type: 'text', text: message.content });
  if (message?.refusal) content.push({ type: 'text', text: message.refusal });
  const calls = message?.tool_calls ?? [];
  for (const [index, call] of calls.entries()) {
    content.push({
      type: 'tool-call',
      toolCallId: call.id || `call_${index}`,
      toolName: call.function.name,
      ...parseToolInput(call.function.arguments ?? ''),
    });
  }
  return {
    content,
    finishReason: message?.refusal
      ? 'content-filter'
      : toFinishReason(choice?.finish_reason, calls.length > 0),
    usage: toUsage(completion.usage),
  };
}
