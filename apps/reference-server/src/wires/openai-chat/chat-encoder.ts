import type { ModelStreamPart } from '@espalier/core';
import { argumentsText } from '../answer/arguments-text.js';
import { openaiError } from '../openai-error.js';
import type { AnswerLabel, StreamEncoder } from '../wire.js';
import { chatFinishReason, chatLogProbabilities, chatUsage, urlCitation } from './chat-response.js';

/** Writes an answer as `chat.completion.chunk` events, ending with `[DONE]`. */
export function createChatEncoder(
  label: AnswerLabel,
  options: { includeUsage: boolean },
): StreamEncoder {
  const toolIndexes = new Map<string, number>();
  const withDeltas = new Set<string>();
  let textLength = 0;
  const base = {
    id: label.id,
    object: 'chat.completion.chunk',
    created: Math.floor(label.createdAtMs / 1000),
    model: label.modelId,
  };
  const event = (
    delta: object,
    finishReason: string | null = null,
    logprobs: object | null = null,
  ): string => {
    const chunk = {
      ...base,
      choices: [{ index: 0, delta, logprobs, finish_reason: finishReason }],
      ...(options.includeUsage ? { usage: null } : {}),
    };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  };
  const openTool = (id: string, name: string): string => {
    const index = toolIndexes.size;
    toolIndexes.set(id, index);
    return event({
      tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
    });
  };
  const toolDelta = (id: string, text: string): string => {
    withDeltas.add(id);
    return event({ tool_calls: [{ index: toolIndexes.get(id), function: { arguments: text } }] });
  };
  const encode = (part: ModelStreamPart): string => {
    switch (part.type) {
      case 'text-delta':
        textLength += part.text.length;
        return part.text === '' ? '' : event({ content: part.text });
      case 'reasoning-delta':
        return part.text === '' ? '' : event({ reasoning_content: part.text });
      case 'tool-input-start':
        return openTool(part.id, part.toolName);
      case 'tool-input-delta':
        return toolIndexes.has(part.id) && part.delta !== '' ? toolDelta(part.id, part.delta) : '';
      case 'tool-call': {
        const opened = toolIndexes.has(part.toolCallId)
          ? ''
          : openTool(part.toolCallId, part.toolName);
        if (withDeltas.has(part.toolCallId)) return opened;
        const text = argumentsText(part);
        return opened + toolDelta(part.toolCallId, text);
      }
      case 'citation':
        return event({
          annotations: [urlCitation(part.citation, label.citationUrl(part.citation), textLength)],
        });
      case 'finish': {
        // Rails may hold text back, so that tokens are told when it is known that they are the text.
        const told = chatLogProbabilities(part.logProbabilities);
        const likely = told === null ? '' : event({}, null, told);
        const last = likely + event({}, chatFinishReason(part.finishReason));
        const usage = options.includeUsage
          ? `data: ${JSON.stringify({ ...base, choices: [], usage: chatUsage(part.usage) })}\n\n`
          : '';
        return `${last}${usage}data: [DONE]\n\n`;
      }
      case 'stream-start':
      case 'response-metadata':
      case 'text-start':
      case 'text-end':
      case 'reasoning-start':
      case 'reasoning-end':
      case 'tool-input-end':
        return '';
    }
  };
  return {
    open: () => event({ role: 'assistant', content: '', refusal: null }),
    encode,
    fail: (error) => `data: ${JSON.stringify(openaiError(error))}\n\n`,
  };
}
