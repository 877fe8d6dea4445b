import type { Citation, FinishReason, Usage } from '@espalier/core';
import { argumentsText } from '../answer/arguments-text.js';
import type { AnswerLabel, WholeAnswer } from '../wire.js';
import type { ResponsesRequest } from './responses-schema.js';

/** Whether a response is whole, and why not. */
export function responsesStatus(reason: FinishReason): {
  status: 'completed' | 'incomplete';
  incomplete_details: { reason: 'max_output_tokens' | 'content_filter' } | null;
} {
  if (reason === 'length')
    return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
  if (reason === 'content-filter')
    return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
  return { status: 'completed', incomplete_details: null };
}

/** The usage object of responses. */
export function responsesUsage(usage: Usage): object {
  const input = usage.inputTokens ?? 0;
  const output = usage.outputTokens ?? 0;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0, cache_write_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: input + output,
  };
}

/** A citation of a document as a `file_citation` at the end of what it supports. */
export function fileCitation(citation: Citation, textLength: number): object {
  return {
    type: 'file_citation',
    file_id: citation.documentId,
    filename: `${citation.source}:${citation.lines.start}-${citation.lines.end}`,
    index: citation.answerSpan?.end ?? textLength,
  };
}

/** A response object: what was asked for, with the answer so far. */
export function responseObject(
  label: AnswerLabel,
  body: ResponsesRequest,
  answer: {
    status: string;
    incomplete_details?: object | null;
    output: readonly object[];
    usage: object | null;
    completedAtMs?: number;
  },
): object {
  const format = body.text?.format ?? { type: 'text' };
  return {
    id: label.id,
    object: 'response',
    created_at: Math.floor(label.createdAtMs / 1000),
    completed_at:
      answer.completedAtMs === undefined ? null : Math.floor(answer.completedAtMs / 1000),
    status: answer.status,
    background: false,
    error: null,
    incomplete_details: answer.incomplete_details ?? null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: null,
    model: label.modelId,
    output: answer.output,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: body.reasoning?.effort ?? null, summary: null },
    store: false,
    temperature: body.temperature ?? null,
    text: { format },
    tool_choice: body.tool_choice ?? 'auto',
    tools: (body.tools ?? []).map((tool) => ({
      ...tool,
      parameters: tool.parameters ?? null,
      strict: tool.strict ?? null,
    })),
    top_logprobs: 0,
    top_p: body.top_p ?? null,
    truncation: 'disabled',
    ...(answer.usage === null ? {} : { usage: answer.usage }),
    metadata: body.metadata ?? {},
  };
}

/** A part of output text. */
export function outputText(text: string, annotations: readonly object[]): object {
  return { type: 'output_text', text, annotations, logprobs: [] };
}

/** The body of a whole response. */
export function responsesResponse(
  label: AnswerLabel,
  body: ResponsesRequest,
  answer: WholeAnswer,
): object {
  const { status, incomplete_details } = responsesStatus(answer.finishReason);
  const output: object[] = [];
  let message: { text: string; citations: Citation[] } | undefined;
  const closeMessage = (): void => {
    if (message === undefined) return;
    const { text, citations } = message;
    const annotations = citations.map((citation) => fileCitation(citation, text.length));
    message = undefined;
    output.push({
      id: label.newId('msg'),
      type: 'message',
      role: 'assistant',
      status,
      content: [outputText(text, annotations)],
    });
  };
  for (const part of answer.content) {
    if (part.type === 'text' || part.type === 'citation') {
      message ??= { text: '', citations: [] };
      if (part.type === 'text') message.text += part.text;
      else message.citations.push(part.citation);
      continue;
    }
    closeMessage();
    if (part.type === 'reasoning') {
      output.push({
        id: label.newId('rs'),
        type: 'reasoning',
        summary: [],
        content: [{ type: 'reasoning_text', text: part.text }],
      });
    } else if (part.type === 'tool-call') {
      output.push({
        id: label.newId('fc'),
        type: 'function_call',
        call_id: part.toolCallId,
        name: part.toolName,
        arguments: argumentsText(part),
        status: 'completed',
      });
    }
  }
  closeMessage();
  return responseObject(label, body, {
    status,
    incomplete_details,
    output,
    usage: responsesUsage(answer.usage),
    completedAtMs: label.createdAtMs,
  });
}
