import type { AssistantPart, FinishReason, PassagePart, Usage } from '@espalier/core';
import type * as z from '@espalier/core/zod';
import type { messageSchema, MessageUsage, WireBlock } from './message-wire-schema.js';
import { toCitation } from './to-citation.js';

/** Reads why the model stopped. */
export function toFinishReason(reason: string | null | undefined): FinishReason {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool-calls';
    case 'refusal':
      return 'content-filter';
    default:
      return 'other';
  }
}

/** Reads token counts; the wire leaves what is read from and written to its cache out of the input. */
export function toUsage(usage: MessageUsage): Usage {
  const result: Usage = {};
  if (typeof usage.input_tokens === 'number') {
    result.inputTokens =
      usage.input_tokens +
      (usage.cache_read_input_tokens ?? 0) +
      (usage.cache_creation_input_tokens ?? 0);
  }
  if (typeof usage.output_tokens === 'number') result.outputTokens = usage.output_tokens;
  if (typeof usage.cache_read_input_tokens === 'number')
    result.cachedInputTokens = usage.cache_read_input_tokens;
  const reasoning = usage.output_tokens_details?.thinking_tokens;
  if (typeof reasoning === 'number') result.reasoningTokens = reasoning;
  return result;
}

/** Reads the blocks of a whole answer; kinds of blocks that are not known are left out. */
export function readMessage(
  message: z.infer<typeof messageSchema>,
  documents: readonly (PassagePart | undefined)[],
): { content: AssistantPart[]; finishReason: FinishReason; usage: Usage } {
  const content: AssistantPart[] = [];
  let textLength = 0;
  for (const block of message.content) {
    content.push(...readBlock(block, documents, textLength));
    if (block.type === 'text') textLength += block.text?.length ?? 0;
  }
  return {
    content,
    finishReason: toFinishReason(message.stop_reason),
    usage: toUsage(message.usage ?? {}),
  };
}

function readBlock(
  block: WireBlock,
  documents: readonly (PassagePart | undefined)[],
  textLength: number,
): AssistantPart[] {
  switch (block.type) {
    case 'text': {
      const text = block.text ?? '';
      const answerSpan = { start: textLength, end: textLength + text.length };
      const citations = (block.citations ?? [])
        .map((citation) => toCitation(citation, documents, answerSpan))
        .filter((citation) => citation !== undefined);
      return [
        ...(text === '' ? [] : [{ type: 'text' as const, text }]),
        ...citations.map((citation) => ({ type: 'citation' as const, citation })),
      ];
    }
    case 'thinking':
      return [
        {
          type: 'reasoning',
          text: block.thinking ?? '',
          ...(block.signature
            ? { providerMetadata: { anthropic: { signature: block.signature } } }
            : {}),
        },
      ];
    case 'redacted_thinking':
      return [
        {
          type: 'reasoning',
          text: '',
          providerMetadata: { anthropic: { redactedData: block.data ?? '' } },
        },
      ];
    case 'tool_use':
      return [
        {
          type: 'tool-call',
          toolCallId: block.id ?? '',
          toolName: block.name ?? '',
          input: block.input ?? {},
        },
      ];
    default:
      return [];
  }
}
