import {
  addUsage,
  type Citation,
  type FinishReason,
  type TokenLogProbability,
  type Usage,
} from '@espalier/core';
import { argumentsText } from '../answer/arguments-text.js';
import type { AnswerLabel, WholeAnswer } from '../wire.js';

const FINISH: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  error: 'stop',
  other: 'stop',
};

/** The finish reason in OpenAI's words. */
export function chatFinishReason(reason: FinishReason): string {
  return FINISH[reason];
}

/** The usage object of chat completions. */
export function chatUsage(usage: Usage): object {
  const prompt = usage.inputTokens ?? 0;
  const completion = usage.outputTokens ?? 0;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  };
}

/** A citation as a `url_citation` annotation; without a place in the answer it stands at `fallbackEnd`. */
export function urlCitation(citation: Citation, url: string, fallbackEnd: number): object {
  return {
    type: 'url_citation',
    url_citation: {
      start_index: citation.answerSpan?.start ?? fallbackEnd,
      end_index: citation.answerSpan?.end ?? fallbackEnd,
      title: citationTitle(citation),
      url,
    },
  };
}

/** What a citation is called: file and lines. */
export function citationTitle(citation: Citation): string {
  return `${citation.source}:${citation.lines.start}-${citation.lines.end}`;
}

/** Log-probabilities in OpenAI's words; `null` where none are told. */
export function chatLogProbabilities(
  told: readonly TokenLogProbability[] | undefined,
): object | null {
  if (told === undefined) return null;
  const entry = ({ token, logProbability }: { token: string; logProbability: number }) => ({
    token,
    logprob: logProbability,
    bytes: [...Buffer.from(token, 'utf8')],
  });
  return {
    content: told.map((one) => ({ ...entry(one), top_logprobs: one.alternatives.map(entry) })),
    refusal: null,
  };
}

/** The body of a chat completion, one choice for each answer. */
export function chatResponse(label: AnswerLabel, answers: readonly WholeAnswer[]): object {
  const [first] = answers;
  return {
    id: label.id,
    object: 'chat.completion',
    created: Math.floor(label.createdAtMs / 1000),
    model: label.modelId,
    choices: answers.map((answer, index) => chatChoice(label, answer, index)),
    // Each answer reads the same prompt, which is counted once.
    usage: chatUsage({
      ...answers.map(({ usage }) => usage).reduce(addUsage, {}),
      ...(first?.usage.inputTokens !== undefined && { inputTokens: first.usage.inputTokens }),
      ...(first?.usage.cachedInputTokens !== undefined && {
        cachedInputTokens: first.usage.cachedInputTokens,
      }),
    }),
  };
}

function chatChoice(label: AnswerLabel, answer: WholeAnswer, index: number): object {
  let text = '';
  let reasoning = '';
  const toolCalls: object[] = [];
  const citations: Citation[] = [];
  for (const part of answer.content) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'reasoning') reasoning += part.text;
    else if (part.type === 'citation') citations.push(part.citation);
    else if (part.type === 'tool-call') {
      toolCalls.push({
        id: part.toolCallId,
        type: 'function',
        function: {
          name: part.toolName,
          arguments: argumentsText(part),
        },
      });
    }
  }
  return {
    index,
    message: {
      role: 'assistant',
      content: text === '' && toolCalls.length > 0 ? null : text,
      refusal: null,
      ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
      ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
      ...(citations.length === 0
        ? {}
        : {
            annotations: citations.map((citation) =>
              urlCitation(citation, label.citationUrl(citation), text.length),
            ),
          }),
    },
    logprobs: chatLogProbabilities(answer.logProbabilities),
    finish_reason: chatFinishReason(answer.finishReason),
  };
}
