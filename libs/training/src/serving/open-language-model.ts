import {
  createStreamCollector,
  createSystemRandom,
  messageText,
  type JsonObject,
  type LanguageModel,
  type LanguageModelCallOptions,
  type LanguageModelStreamResult,
  type Message,
  type ModelStreamPart,
  type Random,
  type TensorBackend,
  type TokenLogProbability,
  type Warning,
} from '@espalier/core';
import { ChatTemplateMissingError } from '@espalier/encoders/chat-template';
import { LanguageModelInputError } from '../errors.js';
import { createModelRunner } from '../models/create-model-runner.js';
import { loadModel } from '../models/load-model.js';
import { readStopIds } from '../models/read-stop-ids.js';
import { openRowTokenizer } from '../train/internal/open-row-tokenizer.js';
import type { RowTokenizer } from '../train/row-tokenizer.js';
import {
  createGenerationBatcher,
  type GenerationBatcher,
} from './internal/create-generation-batcher.js';
import { createTextStream } from './internal/create-text-stream.js';
import { createToolCallReader, type AnswerPiece } from './internal/tool-call-reader.js';

const PROVIDER = 'espalier';
/** The most that is added where the call names no limit and the model has room for more. */
const DEFAULT_MAX_TOKENS = 512;
/** What OpenAI's API takes where a call says nothing. */
const DEFAULT_TEMPERATURE = 1;

/** A language model that runs in this process. */
export interface LocalLanguageModel extends LanguageModel {
  dispose(): Promise<void>;
}

/** What a local model is opened from. */
export interface LanguageModelOptions {
  readonly modelId: string;
  /** Hugging Face folder with a tokenizer and, for conversations, a chat template. */
  readonly folder: string;
  /** PEFT adapter on top of it. */
  readonly adapterFolder?: string;
  readonly backend: TensorBackend;
  /** Of answers whose call names no seed, and of the ids of tool calls. Default: the system's. */
  readonly random?: Random;
  readonly abortSignal?: AbortSignal;
}

/**
 * Loads a decoder, and an adapter on top of it, as a language model.
 *
 * Answers that are asked for at the same time are computed together, up to 8 in a step; those that come later join after
 * some steps. A model without a chat template continues the plain text of the messages. Tool calls are read in the forms of
 * Hermes and Qwen, Llama 3, and Mistral; which form a model writes is its chat template's affair.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`, and what else `loadModel` throws.
 */
export async function openLanguageModel(
  options: LanguageModelOptions,
): Promise<LocalLanguageModel> {
  const { modelId, folder, adapterFolder, backend } = options;
  const model = await loadModel({
    folder,
    backend,
    ...(adapterFolder === undefined ? {} : { adapterFolder }),
    ...(options.abortSignal && { abortSignal: options.abortSignal }),
  });
  const runner = createModelRunner(model);
  const tokenizer = await openRowTokenizer(folder, modelId);
  const stopIds = await readStopIds(model);
  if (tokenizer.endId !== undefined) stopIds.push(tokenizer.endId);
  const contextTokens = model.config.maxPositions;
  const batcher = createGenerationBatcher({ runner, stopIds });
  const random = options.random ?? createSystemRandom();

  const promptOf = async (call: LanguageModelCallOptions) => {
    const ids = await encodePrompt(tokenizer, call);
    if (ids.length < contextTokens) return ids;
    throw new LanguageModelInputError({
      modelId,
      problem: `the conversation has ${ids.length} tokens, but the model takes ${contextTokens} with its answer. Send less of it`,
    });
  };
  const open = async (call: LanguageModelCallOptions): Promise<LanguageModelStreamResult> => {
    assertSupported(modelId, call);
    const ids = await promptOf(call);
    return {
      exchange: { responseModelId: modelId },
      stream: answer({ batcher, tokenizer, ids, call, random }),
    };
  };
  return {
    specificationVersion: 'v1',
    provider: PROVIDER,
    modelId,
    limits: {
      contextTokens,
      supportsTools: true,
      supportsImages: false,
      supportsFiles: false,
      supportsJsonSchema: false,
      supportsLogProbabilities: true,
    },
    doStream: open,
    async doGenerate(call) {
      const { stream, exchange } = await open(call);
      const collector = createStreamCollector();
      let warnings: readonly Warning[] = [];
      for await (const part of stream) {
        if (part.type === 'stream-start') warnings = part.warnings;
        collector.add(part);
      }
      const { finishReason, ...answered } = collector.read();
      return { ...answered, finishReason: finishReason ?? 'other', warnings, exchange };
    },
    countTokens: async (call) => (await encodePrompt(tokenizer, call)).length,
    async dispose() {
      await batcher.close();
      await runner.dispose();
      await model.dispose();
    },
  };
}

async function* answer(options: {
  batcher: GenerationBatcher;
  tokenizer: RowTokenizer;
  ids: readonly number[];
  call: LanguageModelCallOptions;
  random: Random;
}): AsyncGenerator<ModelStreamPart, void> {
  const { batcher, tokenizer, ids, call, random } = options;
  const { abortSignal, logProbabilities: alternatives } = call;
  yield { type: 'stream-start', warnings: warningsOf(call) };
  const text = createTextStream({
    decode: (generated) => tokenizer.decode(generated),
    stopTexts: call.stopSequences ?? [],
  });
  const reader = offersTools(call)
    ? createToolCallReader((call.tools ?? []).map(({ name }) => name))
    : undefined;
  const read = (piece: string): readonly AnswerPiece[] =>
    reader?.add(piece) ?? (piece === '' ? [] : [{ type: 'text', text: piece }]);
  const told: TokenLogProbability[] = [];
  const tokenText = (id: number): string => tokenizer.decode([id]);
  let outputTokens = 0;
  let isStopped = false;
  let calls = 0;
  const partOf = (piece: AnswerPiece): ModelStreamPart => {
    if (piece.type === 'text') return { type: 'text-delta', id: '0', text: piece.text };
    calls++;
    const toolCallId = `call_${Math.floor(random.next() * 2 ** 48).toString(36)}${calls}`;
    return { type: 'tool-call', toolCallId, toolName: piece.name, input: piece.input };
  };
  yield { type: 'text-start', id: '0' };
  for await (const token of batcher.stream({
    ids,
    maxTokens: call.maxOutputTokens ?? DEFAULT_MAX_TOKENS,
    sampling: samplingOf(call),
    alternatives: alternatives ?? 0,
    seed: call.seed ?? Math.floor(random.next() * 2 ** 31),
    ...(abortSignal && { abortSignal }),
  })) {
    outputTokens++;
    isStopped = token.stop === 'token';
    if (!isStopped) {
      const piece = text.add(token.id);
      for (const one of read(piece)) yield partOf(one);
      isStopped = text.isStopped;
      if (alternatives !== undefined && !isStopped)
        told.push({
          token: tokenText(token.id),
          logProbability: token.logProbability,
          alternatives: (token.alternatives ?? []).map(({ id, logProbability }) => ({
            token: tokenText(id),
            logProbability,
          })),
        });
    }
    if (isStopped) break;
  }
  for (const one of [...read(text.end()), ...(reader?.end() ?? [])]) yield partOf(one);
  yield { type: 'text-end', id: '0' };
  yield {
    type: 'finish',
    finishReason: calls > 0 ? 'tool-calls' : isStopped ? 'stop' : 'length',
    usage: { inputTokens: ids.length, outputTokens },
    ...(alternatives !== undefined && { logProbabilities: told }),
  };
}

const offersTools = ({
  tools = [],
  toolChoice,
}: Pick<LanguageModelCallOptions, 'tools' | 'toolChoice'>): boolean =>
  tools.length > 0 && toolChoice?.type !== 'none';

function samplingOf(call: LanguageModelCallOptions) {
  return {
    temperature: call.temperature ?? DEFAULT_TEMPERATURE,
    ...(call.topP !== undefined && { topP: call.topP }),
    ...(call.topK !== undefined && { topK: call.topK }),
    ...(call.presencePenalty !== undefined && { presencePenalty: call.presencePenalty }),
    ...(call.frequencyPenalty !== undefined && { frequencyPenalty: call.frequencyPenalty }),
  };
}

async function encodePrompt(
  tokenizer: RowTokenizer,
  call: Pick<LanguageModelCallOptions, 'messages' | 'tools' | 'toolChoice'>,
): Promise<number[]> {
  const { messages } = call;
  const tools = offersTools(call) ? (call.tools ?? []) : [];
  let template;
  try {
    template = await tokenizer.chatTemplate();
  } catch (error) {
    if (!ChatTemplateMissingError.isInstance(error)) throw error;
    const ids = tokenizer.encode(messages.map(messageText).join('\n'), {
      addsSpecialTokens: true,
    });
    return ids.at(-1) === tokenizer.endId ? ids.slice(0, -1) : ids;
  }
  const { text } = template.render({
    messages: messages.map(toTemplateMessage),
    addsGenerationPrompt: true,
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function',
        function: {
          name,
          ...(description !== undefined && { description }),
          parameters: inputSchema,
        },
      })),
    }),
  });
  return tokenizer.encode(text, { addsSpecialTokens: false });
}

function toTemplateMessage(message: Message): JsonObject {
  if (message.role === 'assistant') {
    const calls = message.content.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
    return {
      role: message.role,
      content: messageText(message),
      ...(calls.length > 0 && {
        tool_calls: calls.map(({ toolCallId, toolName, input }) => ({
          id: toolCallId,
          type: 'function',
          function: { name: toolName, arguments: input },
        })),
      }),
    };
  }
  if (message.role !== 'tool') return { role: message.role, content: messageText(message) };
  return {
    role: 'tool',
    content: message.content
      .map(({ output }) => (typeof output === 'string' ? output : JSON.stringify(output)))
      .join('\n'),
  };
}

function assertSupported(modelId: string, call: LanguageModelCallOptions): void {
  const refuse = (problem: string): never => {
    throw new LanguageModelInputError({ modelId, problem });
  };
  if (call.toolChoice?.type === 'required' || call.toolChoice?.type === 'tool')
    refuse('it cannot be made to call a tool. Leave tool_choice out, or ask another model');
  if (call.responseFormat?.type === 'json')
    refuse('it is not held to JSON. Ask for text, or ask another model');
  const hasMedia = call.messages.some(
    (message) =>
      message.role === 'user' &&
      message.content.some(({ type }) => type === 'image' || type === 'file'),
  );
  if (hasMedia) refuse('it reads text alone. Leave images and files out, or ask another model');
}

function warningsOf(call: LanguageModelCallOptions): Warning[] {
  const warnings: Warning[] = [];
  if (call.reasoningEffort !== undefined)
    warnings.push({ option: 'reasoningEffort', message: 'The model has no such setting.' });
  return warnings;
}
