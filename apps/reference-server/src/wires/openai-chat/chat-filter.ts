import type { JsonObject, JsonValue, Usage } from '@espalier/core';
import type { ForwardFilter, ForwardFilterOptions } from '../forward/forward-filter.js';
import { createGuardedTexts, type GuardedTexts } from '../forward/guarded-texts.js';
import { createModelRenamer } from '../forward/rename-model.js';
import type { SseEvent } from '../forward/sse-splitter.js';
import { upstreamClosed, upstreamGarbage } from '../forward/upstream-fault.js';
import { openaiError } from '../openai-error.js';
import { isObject } from '../request/guard-input.js';
import { ContentTemplate } from './content-template.js';
import { guardChatAnswer } from './guard-chat-answer.js';

const TEXT_FIELDS = ['content', 'reasoning_content', 'reasoning', 'refusal'] as const;
const DONE = 'data: [DONE]\n\n';

/** Deltas of one choice that wait to be shown to the rails together. */
interface Run {
  readonly key: string;
  readonly first: JsonObject;
  text: string;
  raw: string;
}

/** Looks at chat completions on their way from an upstream of the same wire. */
export function createChatFilter(options: ForwardFilterOptions): ForwardFilter {
  const rename = createModelRenamer(options.modelId);
  const streamOptions = options.body['stream_options'];
  const wantsUsage = isObject(streamOptions) && streamOptions['include_usage'] === true;
  const guarded =
    options.guardrails === undefined ? undefined : createGuardedTexts(options.guardrails);
  const openChoices = new Set<JsonValue>();
  const template = new ContentTemplate();
  let usage: Usage = {};
  let last: JsonObject = {};
  let hasFinished = false;
  let isComplete = false;
  let hasFailed = false;
  let isBlocked = false;

  const written = (chunk: JsonObject): string => `data: ${JSON.stringify(chunk)}\n\n`;

  const parse = (data: string): JsonObject => {
    let chunk: JsonValue;
    try {
      chunk = JSON.parse(data) as JsonValue;
    } catch (error) {
      throw upstreamGarbage('an event that is not JSON', error);
    }
    if (!isObject(chunk)) throw upstreamGarbage('an event that is not a JSON object');
    return chunk;
  };

  /** Notes what a chunk says; `undefined` when the caller must not see it. */
  const note = (chunk: JsonObject, data: string): string | undefined => {
    let isRaw = true;
    const saysUsage = isObject(chunk['usage']);
    if (saysUsage) {
      usage = readChatUsage(chunk['usage'] as JsonObject);
      if (!wantsUsage) {
        delete chunk['usage'];
        isRaw = false;
      }
    }
    const choices = chunk['choices'];
    if (!Array.isArray(choices)) throw upstreamGarbage('an event without "choices"');
    if (saysUsage && !wantsUsage && choices.length === 0) return undefined;
    for (const choice of choices) {
      if (!isObject(choice)) throw upstreamGarbage('a choice that is not an object');
      const index = choice['index'] ?? 0;
      if (typeof choice['finish_reason'] === 'string') {
        openChoices.delete(index);
        hasFinished = true;
      } else {
        openChoices.add(index);
      }
    }
    const current = chunk['model'];
    const renamed = isRaw && typeof current === 'string' ? rename(data, current) : undefined;
    chunk['model'] = options.modelId;
    return renamed === undefined ? written(chunk) : `data: ${renamed}\n\n`;
  };

  /** Tells of an error that the upstream reports inside its stream. */
  const upstreamError = (chunk: JsonObject): string | undefined => {
    if (chunk['error'] === undefined || chunk['error'] === null) return undefined;
    hasFailed = true;
    isComplete = true;
    return written({ error: chunk['error'] });
  };

  const plain = (events: readonly SseEvent[]): string => {
    let out = '';
    for (const { data } of events) {
      if (isComplete) break;
      if (data === '[DONE]') {
        isComplete = true;
        out += DONE;
        break;
      }
      const chunk = parse(data);
      out += upstreamError(chunk) ?? note(chunk, data) ?? '';
    }
    return out;
  };

  const blocked = (): string => {
    isComplete = true;
    isBlocked = true;
    const { id, created, system_fingerprint: fingerprint } = last;
    const base = {
      ...(id === undefined ? {} : { id }),
      object: 'chat.completion.chunk',
      ...(created === undefined ? {} : { created }),
      ...(fingerprint === undefined ? {} : { system_fingerprint: fingerprint }),
      model: options.modelId,
    };
    const indexes = openChoices.size === 0 ? [0] : [...openChoices];
    return (
      indexes
        .map((index) =>
          written({ ...base, choices: [{ index, delta: {}, finish_reason: 'content_filter' }] }),
        )
        .join('') + DONE
    );
  };

  const flush = async (run: Run | undefined, texts: GuardedTexts): Promise<string> => {
    if (run === undefined) return '';
    const release = await texts.push(run.key, run.text);
    if (!release.isBlocked && release.text === run.text) return run.raw;
    return (
      (release.text === '' ? '' : written(withContent(run.first, release.text))) +
      (release.isBlocked ? blocked() : '')
    );
  };

  /** A chunk that is more than one delta of content: every text in it goes by its own rails. */
  const general = async (chunk: JsonObject, texts: GuardedTexts): Promise<string> => {
    let out = '';
    for (const choice of chunk['choices'] as JsonObject[]) {
      const index = String((choice['index'] as number | undefined) ?? 0);
      delete choice['logprobs'];
      const delta = choice['delta'];
      let isStopped = false;
      if (isObject(delta)) {
        for (const field of TEXT_FIELDS) {
          const text = delta[field];
          if (typeof text !== 'string' || text === '') continue;
          const release = await texts.push(`${field}:${index}`, text);
          delta[field] = release.text;
          isStopped ||= release.isBlocked;
        }
        for (const { holder, key } of toolArguments(delta, index)) {
          const text = holder['arguments'];
          if (typeof text !== 'string' || text === '') continue;
          const release = await texts.push(key, text);
          holder['arguments'] = release.text;
          isStopped ||= release.isBlocked;
        }
      }
      if (isStopped) return out + blocked();
      if (typeof choice['finish_reason'] === 'string') {
        const rest = await endChoice(chunk, choice, index, texts);
        out += rest.text;
        if (rest.isBlocked) {
          openChoices.add(choice['index'] ?? 0);
          return out + blocked();
        }
      }
    }
    return out + written(chunk);
  };

  /** What the texts of a choice still hold back, as deltas before its last chunk. */
  const endChoice = async (
    chunk: JsonObject,
    choice: JsonObject,
    index: string,
    texts: GuardedTexts,
  ): Promise<{ text: string; isBlocked: boolean }> => {
    // Text of this very chunk must stand before what is released after it.
    let out = '';
    const delta = choice['delta'];
    if (isObject(delta) && Object.keys(delta).length > 0) {
      out += written({ ...chunk, choices: [{ ...choice, finish_reason: null }] });
      choice['delta'] = {};
    }
    for (const key of texts.openKeys()) {
      const [field = '', keyIndex, toolIndex] = key.split(':');
      if (keyIndex !== index) continue;
      const release = await texts.end(key);
      if (release === undefined) continue;
      if (release.text !== '') {
        const piece: JsonObject =
          field === 'tool'
            ? { tool_calls: [{ index: Number(toolIndex), function: { arguments: release.text } }] }
            : { [field]: release.text };
        out += written({
          ...chunk,
          choices: [{ index: Number(index), delta: piece, finish_reason: null }],
        });
      }
      if (release.isBlocked) return { text: out, isBlocked: true };
    }
    return { text: out, isBlocked: false };
  };

  const checked = async (events: readonly SseEvent[], texts: GuardedTexts): Promise<string> => {
    let out = '';
    let run: Run | undefined;
    for (const { data } of events) {
      if (isComplete) return out;
      if (data === '[DONE]') {
        out += await flush(run, texts);
        if (!isComplete) {
          const rest = await endEverything(texts);
          isComplete = true;
          return out + rest;
        }
        return out;
      }
      let event = template.read(data);
      if (event === undefined) {
        const chunk = parse(data);
        const failure = upstreamError(chunk);
        if (failure !== undefined) return out + (await flush(run, texts)) + failure;
        const raw = note(chunk, data);
        if (raw === undefined) continue;
        last = chunk;
        const text = onlyContent(chunk);
        if (text === undefined) {
          out += await flush(run, texts);
          run = undefined;
          if (isComplete) return out;
          out += await general(chunk, texts);
          continue;
        }
        event = { data, raw, text, chunk };
        template.learn(event);
      }
      last = event.chunk;
      const index = indexOfChoice(event.chunk);
      openChoices.add(index);
      const key = `content:${String(index)}`;
      if (run !== undefined && run.key !== key) {
        out += await flush(run, texts);
        run = undefined;
        if (isComplete) return out;
      }
      run ??= { key, first: event.chunk, text: '', raw: '' };
      run.text += event.text;
      run.raw += event.raw;
    }
    return out + (await flush(run, texts));
  };

  /** Ends texts whose choice never got a finish reason, and the stream. */
  const endEverything = async (texts: GuardedTexts): Promise<string> => {
    let out = '';
    for (const index of new Set(texts.openKeys().map((key) => key.split(':')[1] ?? '0'))) {
      const rest = await endChoice({ ...last, choices: [] }, {}, index, texts);
      out += rest.text;
      if (rest.isBlocked) return out + blocked();
    }
    return out + DONE;
  };

  return {
    async answer(answer) {
      if (!Array.isArray(answer['choices'])) throw upstreamGarbage('an answer without "choices"');
      answer['model'] = options.modelId;
      if (isObject(answer['usage'])) usage = readChatUsage(answer['usage']);
      if (options.guardrails !== undefined) await guardChatAnswer(options.guardrails, answer);
    },
    events: (events) => (guarded === undefined ? plain(events) : checked(events, guarded)),
    async close() {
      if (isComplete) return '';
      // Some upstreams leave out [DONE]; a finish reason for every choice says as much.
      if (!hasFinished || openChoices.size > 0) throw upstreamClosed();
      isComplete = true;
      return guarded === undefined ? DONE : endEverything(guarded);
    },
    get isComplete() {
      return isComplete;
    },
    get isBlocked() {
      return isBlocked;
    },
    get hasFailed() {
      return hasFailed;
    },
    get usage() {
      return usage;
    },
    fail: (error) => `data: ${JSON.stringify(openaiError(error))}\n\n`,
  };
}

/** The usage object of chat completions in core's words. */
export function readChatUsage(usage: JsonObject): Usage {
  const count = (value: JsonValue | undefined): number | undefined =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
  const inputTokens = count(usage['prompt_tokens']);
  const outputTokens = count(usage['completion_tokens']);
  const prompt = usage['prompt_tokens_details'];
  const completion = usage['completion_tokens_details'];
  const cachedInputTokens = isObject(prompt) ? count(prompt['cached_tokens']) : undefined;
  const reasoningTokens = isObject(completion) ? count(completion['reasoning_tokens']) : undefined;
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
  };
}

/** The text of a chunk that is one delta of content and nothing else. */
function onlyContent(chunk: JsonObject): string | undefined {
  const choices = chunk['choices'] as JsonObject[];
  const choice = choices[0];
  if (choices.length !== 1 || choice === undefined) return undefined;
  if (typeof choice['finish_reason'] === 'string' || isObject(choice['logprobs'])) return undefined;
  const delta = choice['delta'];
  if (!isObject(delta)) return undefined;
  const text = delta['content'];
  if (typeof text !== 'string' || text === '') return undefined;
  for (const key in delta) if (key !== 'content' && key !== 'role') return undefined;
  return text;
}

function indexOfChoice(chunk: JsonObject): number | string {
  const [choice] = chunk['choices'] as JsonObject[];
  return (choice?.['index'] as number | undefined) ?? 0;
}

function withContent(chunk: JsonObject, text: string): JsonObject {
  const [choice] = chunk['choices'] as JsonObject[];
  return {
    ...chunk,
    choices: [{ ...choice, delta: { ...(choice?.['delta'] as JsonObject), content: text } }],
  };
}

function toolArguments(delta: JsonObject, index: string): { holder: JsonObject; key: string }[] {
  const calls = Array.isArray(delta['tool_calls']) ? delta['tool_calls'].filter(isObject) : [];
  return calls.flatMap((call) => {
    const holder = call['function'];
    return isObject(holder)
      ? [{ holder, key: `tool:${index}:${String((call['index'] as number | undefined) ?? 0)}` }]
      : [];
  });
}
