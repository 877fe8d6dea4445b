import type {
  EmbeddingModel,
  LanguageModel,
  LanguageModelCallOptions,
  ModelStreamPart,
  Usage,
  Warning,
} from '@espalier/core';
import { createStreamCollector } from '@espalier/core';
import { ModelUnsupportedError } from '../errors.js';
import { answerQuestion } from './answer-question.js';
import { estimateTokens } from './estimate-tokens.js';
import { limitAnswer, type LimitedAnswer } from './limit-answer.js';

/** What `createExtractiveAnswerer` takes. */
export interface ExtractiveAnswererOptions {
  /** Compares meanings besides words; answers get better where question and documents use other words. */
  readonly embeddingModel?: EmbeddingModel;
}

const IDENTITY = { provider: 'espalier', modelId: 'extractive' } as const;
const TEXT_ID = 'text-0';
const DELTA_CHARACTERS = 24;

/**
 * Creates the language model that needs no model: it answers by quoting the passages of the conversation.
 *
 * It reads the last question and all passage parts, picks the sentences, code and lists that answer, and cites each
 * with its exact place and a visible marker, `[1]`. It writes nothing of its own but plain statements that it found no
 * answer or got no documents. The same call gives the same answer. It calls no tools and writes no JSON.
 */
export function createExtractiveAnswerer(options: ExtractiveAnswererOptions = {}): LanguageModel {
  const answer = async (call: LanguageModelCallOptions): Promise<LimitedAnswer> => {
    call.abortSignal?.throwIfAborted();
    assertSupported(call);
    const pieces = await answerQuestion({
      messages: call.messages,
      embeddingModel: options.embeddingModel,
      abortSignal: call.abortSignal,
    });
    return limitAnswer(pieces, call);
  };

  return {
    specificationVersion: 'v1',
    ...IDENTITY,
    limits: {
      supportsTools: false,
      supportsImages: false,
      supportsFiles: false,
      supportsJsonSchema: false,
    },
    async doGenerate(call) {
      const collector = createStreamCollector();
      for (const part of streamParts(await answer(call), call)) collector.add(part);
      const { content, finishReason, usage } = collector.read();
      return {
        content,
        finishReason: finishReason ?? 'stop',
        usage,
        warnings: warningsOf(call),
        exchange: exchangeOf(),
      };
    },
    async doStream(call) {
      const limited = await answer(call);
      return { stream: release(limited, call), exchange: exchangeOf() };
    },
    countTokens: ({ messages }) => Promise.resolve(countMessageTokens(messages)),
  };
}

async function* release(
  answer: LimitedAnswer,
  call: LanguageModelCallOptions,
): AsyncGenerator<ModelStreamPart> {
  for (const part of streamParts(answer, call)) {
    call.abortSignal?.throwIfAborted();
    yield part;
  }
}

function* streamParts(
  answer: LimitedAnswer,
  call: LanguageModelCallOptions,
): Generator<ModelStreamPart> {
  yield { type: 'stream-start', warnings: warningsOf(call) };
  yield { type: 'response-metadata', modelId: IDENTITY.modelId };
  yield { type: 'text-start', id: TEXT_ID };
  for (const piece of answer.pieces) {
    for (const text of splitDeltas(piece.text)) yield { type: 'text-delta', id: TEXT_ID, text };
    if (piece.citation !== undefined) yield { type: 'citation', citation: piece.citation };
  }
  yield { type: 'text-end', id: TEXT_ID };
  yield { type: 'finish', finishReason: answer.finishReason, usage: usageOf(answer, call) };
}

/** Cuts a text after the white space that follows every couple of words. */
function splitDeltas(text: string): string[] {
  return text.match(new RegExp(`[\\s\\S]{1,${DELTA_CHARACTERS}}\\S*\\s*`, 'gu')) ?? [];
}

function usageOf(answer: LimitedAnswer, call: LanguageModelCallOptions): Usage {
  return {
    inputTokens: countMessageTokens(call.messages),
    outputTokens: estimateTokens(answer.pieces.map(({ text }) => text).join('')),
  };
}

function countMessageTokens(messages: LanguageModelCallOptions['messages']): number {
  let count = 0;
  for (const message of messages) {
    if (message.role === 'system') {
      count += estimateTokens(message.content);
      continue;
    }
    for (const part of message.content) {
      if (part.type === 'text') count += estimateTokens(part.text);
      else if (part.type === 'passage') count += estimateTokens(part.passage.text);
    }
  }
  return count;
}

function exchangeOf(): { responseModelId: string } {
  return { responseModelId: IDENTITY.modelId };
}

function assertSupported(call: LanguageModelCallOptions): void {
  if (call.toolChoice?.type === 'required' || call.toolChoice?.type === 'tool') {
    throw new ModelUnsupportedError({
      ...IDENTITY,
      option: 'toolChoice',
      problem:
        'it only quotes documents and calls no tools. Configure a language model to use tools.',
    });
  }
  if (call.responseFormat?.type === 'json') {
    throw new ModelUnsupportedError({
      ...IDENTITY,
      option: 'responseFormat',
      problem:
        'it only quotes documents and writes no JSON. Ask for text, or configure a language model.',
    });
  }
}

function warningsOf(call: LanguageModelCallOptions): Warning[] {
  const warnings: Warning[] = [];
  const ignore = (option: string, message: string): void => {
    warnings.push({ option, message });
  };
  for (const option of [
    'temperature',
    'topP',
    'topK',
    'presencePenalty',
    'frequencyPenalty',
    'reasoningEffort',
  ] as const) {
    if (call[option] !== undefined)
      ignore(
        option,
        'The extractive answerer quotes documents and samples nothing; it has no effect.',
      );
  }
  if (call.tools !== undefined && call.tools.length > 0 && call.toolChoice?.type !== 'none') {
    ignore('tools', 'The extractive answerer calls no tools.');
  }
  if (call.messages.some((message) => message.role === 'system')) {
    ignore(
      'messages',
      'The extractive answerer quotes documents and follows no instructions of system messages.',
    );
  }
  if (
    call.messages.some(
      (message) =>
        message.role === 'user' &&
        message.content.some((part) => part.type === 'image' || part.type === 'file'),
    )
  ) {
    ignore('messages', 'The extractive answerer reads no images and no files.');
  }
  return warnings;
}
