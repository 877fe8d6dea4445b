import type { Citation, FinishReason, Usage } from '@espalier/core';
import type { AnswerLabel, WholeAnswer } from '../wire.js';

const STOP: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  error: 'end_turn',
  other: 'end_turn',
};

/** The stop reason in Anthropic's words. */
export function messagesStopReason(reason: FinishReason): string {
  return STOP[reason];
}

/** The usage object of messages. */
export function messagesUsage(usage: Usage): Record<string, unknown> {
  const cached = usage.cachedInputTokens ?? 0;
  return {
    input_tokens: Math.max(0, (usage.inputTokens ?? 0) - cached),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: usage.outputTokens ?? 0,
    output_tokens_details:
      usage.reasoningTokens === undefined ? null : { thinking_tokens: usage.reasoningTokens },
  };
}

/** Numbers the documents of an answer in the order in which they are first cited. */
export function createDocumentIndex(): (citation: Citation) => number {
  const indexes = new Map<string, number>();
  return ({ knowledgeBase, documentId }) => {
    const key = JSON.stringify([knowledgeBase ?? null, documentId]);
    const index = indexes.get(key) ?? indexes.size;
    indexes.set(key, index);
    return index;
  };
}

/** A citation as a `char_location`. */
export function charLocation(citation: Citation, documentIndex: number): object {
  return {
    type: 'char_location',
    cited_text: citation.quote,
    document_index: documentIndex,
    document_title: `${citation.source}:${citation.lines.start}-${citation.lines.end}`,
    file_id: null,
    start_char_index: citation.span.start,
    end_char_index: citation.span.end,
  };
}

/** The body of a message. */
export function messagesResponse(label: AnswerLabel, answer: WholeAnswer): object {
  const content: object[] = [];
  const indexOf = createDocumentIndex();
  let text: { type: 'text'; text: string; citations: object[] | null } | undefined;
  for (const part of answer.content) {
    if (part.type === 'text') {
      text = { type: 'text', text: part.text, citations: null };
      content.push(text);
    } else if (part.type === 'citation') {
      const location = charLocation(part.citation, indexOf(part.citation));
      if (text !== undefined) (text.citations ??= []).push(location);
    } else if (part.type === 'reasoning') {
      const signature = part.providerMetadata?.['anthropic']?.['signature'];
      content.push({
        type: 'thinking',
        thinking: part.text,
        signature: typeof signature === 'string' ? signature : '',
      });
    } else if (part.type === 'tool-call') {
      content.push({
        type: 'tool_use',
        id: part.toolCallId,
        name: part.toolName,
        input: part.input,
      });
    }
  }
  return {
    id: label.id,
    type: 'message',
    role: 'assistant',
    model: label.modelId,
    content,
    stop_reason: messagesStopReason(answer.finishReason),
    stop_sequence: null,
    usage: messagesUsage(answer.usage),
  };
}
