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
  type Usage,
  type Warning,
} from '@espalier/core';
import { ChatTemplateMissingError } from '@espalier/encoders/chat-template';
import { LanguageModelInputError } from '../errors.js';
import { createModelRunner, type ModelRunner } from '../models/create-model-runner.js';
import { loadModel } from '../models/load-model.js';
import { readStopIds } from '../models/read-stop-ids.js';
import { openRowTokenizer } from '../train/internal/open-row-tokenizer.js';
import type { RowTokenizer } from '../train/row-tokenizer.js';
import { createSerialQueue } from './internal/create-serial-queue.js';
import { createTextStream } from './internal/create-text-stream.js';

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
  /** Of answers whose call names no seed. Default: the system's. */
  readonly random?: Random;
  readonly abortSignal?: AbortSignal;
}

/**
 * Loads a decoder, and an adapter on top of it, as a language model.
 *
 * Answers are computed one after the other. A model
 * without a chat template continues the plain text of the messages.
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
  const queue = createSerialQueue();
  const random = options.random ?? createSystemRandom();

  const promptOf = async (call: Pick<LanguageModelCallOptions, 'messages' | 'tools'>) => {
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
      stream: answer({ runner, tokenizer, stopIds, queue, ids, call, random }),
    };
  };
  return {
    specificationVersion: 'v1',
    provider: PROVIDER,
    modelId,
    limits: {
      contextTokens,
      supportsTools: false,
      supportsImages: false,
      supportsFiles: false,
      supportsJsonSchema: false,
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
      const { content, finishReason, usage } = collector.read();
      return { content, finishReason: finishReason ?? 'other', usage, warnings, exchange };
    },
    countTokens: async (call) => (await encodePrompt(tokenizer, call)).length,
    dispose: () =>
      queue.run(async () => {
        await runner.dispose();
        await model.dispose();
      }),
  };
}

async function* answer(options: {
  runner: ModelRunner;
  tokenizer: RowTokenizer;
  stopIds: readonly number[];
  queue: ReturnType<typeof createSerialQueue>;
  ids: readonly number[];
  call: LanguageModelCallOptions;
  random: Random;
}): AsyncGenerator<ModelStreamPart, void> {
  const { runner, tokenizer, stopIds, queue, ids, call, random } = options;
  const { abortSignal } = call;
  yield { type: 'stream-start', warnings: warningsOf(call) };
  const release = await queue.acquire(abortSignal);
  try {
    const text = createTextStream({
      decode: (generated) => tokenizer.decode(generated),
      stopTexts: call.stopSequences ?? [],
    });
    let outputTokens = 0;
    let isStopped = false;
    yield { type: 'text-start', id: '0' };
    for await (const token of runner.stream({
      rows: [ids],
      maxTokens: call.maxOutputTokens ?? DEFAULT_MAX_TOKENS,
      stopIds,
      sampling: samplingOf(call),
      seed: call.seed ?? Math.floor(random.next() * 2 ** 31),
      ...(abortSignal && { abortSignal }),
    })) {
      outputTokens++;
      isStopped = token.stop === 'token';
      if (!isStopped) {
        const piece = text.add(token.id);
        if (piece !== '') yield { type: 'text-delta', id: '0', text: piece };
        isStopped = text.isStopped;
      }
      if (isStopped) break;
      // One answer must not keep the process from everything else.
      await new Promise(setImmediate);
    }
    const rest = text.end();
    if (rest !== '') yield { type: 'text-delta', id: '0', text: rest };
    yield { type: 'text-end', id: '0' };
    const usage: Usage = { inputTokens: ids.length, outputTokens };
    yield { type: 'finish', finishReason: isStopped ? 'stop' : 'length', usage };
  } finally {
    release();
  }
}

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
  { messages, tools = [] }: Pick<LanguageModelCallOptions, 'messages' | 'tools'>,
): Promise<number[]> {
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
    refuse('it calls no tools. Leave tool_choice out, or ask another model');
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
  if ((call.tools?.length ?? 0) > 0 && call.toolChoice?.type !== 'none')
    warnings.push({
      option: 'tools',
      message: 'Tools are shown to the model by its chat template, but its calls are not parsed.',
    });
  if (call.reasoningEffort !== undefined)
    warnings.push({ option: 'reasoningEffort', message: 'The model has no such setting.' });
  return warnings;
}
