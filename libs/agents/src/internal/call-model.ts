import {
  concealMessages,
  GEN_AI,
  type AssistantPart,
  type FinishReason,
  type LanguageModelCallOptions,
  type Message,
  type ModelStreamPart,
  type RunEvent,
  type ToolCallPart,
  type ToolDefinition,
  type Usage,
} from '@espalier/core';
import { ModelStreamIncompleteError } from '../errors.js';
import { costOf } from '../token-prices.js';
import { createAnswerBuilder } from './answer-builder.js';
import { addCitation, addMarkerCitations } from './add-citations.js';
import { openGuardedStream, type GuardedPiece, type GuardedStream } from './guarded-stream.js';
import type { OpenSpan, RunContext } from './run-context.js';
import { SEARCH_TOOL } from './search-tool.js';
import { untilAborted } from './until-aborted.js';

const TOKEN_TYPE = 'gen_ai.token.type';

/** What one model call came to. */
export interface ModelAnswer {
  /** Text, reasoning and citations as they may be kept; no tool calls. */
  readonly content: AssistantPart[];
  readonly calls: readonly ToolCallPart[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  readonly costUsd: number | undefined;
  /** Set when an output rail stopped the answer. */
  readonly blockReason: string | undefined;
  /** What the rail wants changed, where nothing of the answer has gone out and asking again makes sense. */
  readonly feedback: string | undefined;
}

/**
 * Calls the model with the conversation and streams its answer through the output rails.
 *
 * A fault on the way is thrown on after what was received, and is clean, has been given out.
 */
export async function* callModel(run: RunContext): AsyncGenerator<RunEvent, ModelAnswer> {
  const tools = toolsOf(run);
  const messages: Message[] = [
    ...(run.instructions === undefined
      ? []
      : [{ role: 'system' as const, content: run.instructions }]),
    ...(await concealMessages(run.guardrails, run.messages)),
    ...(run.feedback === undefined
      ? []
      : [{ role: 'user' as const, content: [{ type: 'text' as const, text: run.feedback }] }]),
  ];
  const call: LanguageModelCallOptions = {
    ...run.settings,
    messages,
    ...(tools.length === 0 ? {} : { tools }),
    abortSignal: run.abortSignal,
  };
  yield {
    type: 'model-request',
    provider: run.model.provider,
    modelId: run.model.modelId,
    messages: structuredClone(messages),
    tools: tools.map(({ name }) => name),
  };
  run.abortSignal.throwIfAborted();
  const startedMs = run.clock.monotonic();
  const span = openChatSpan(run);
  const text = openGuardedStream(run);
  const answer = createAnswerBuilder();
  const calls: ToolCallPart[] = [];
  let reasoning: { stream: GuardedStream; raw: string; released: string } | undefined;
  let iterator: AsyncIterator<ModelStreamPart> | undefined;
  let finish: Extract<ModelStreamPart, { type: 'finish' }> | undefined;
  let blockReason: string | undefined;
  let feedback: string | undefined;
  let preamble = preambleOf(run);
  let hasOwnCitations = false;

  const letOut = function* (
    piece: GuardedPiece,
    type: 'text-delta' | 'reasoning-delta',
  ): Generator<RunEvent> {
    yield* piece.events;
    if (piece.isBlocked) {
      blockReason ??= piece.reason ?? 'The answer was stopped by a rail.';
      feedback ??= piece.feedback;
    }
    if (piece.text === '') return;
    if (preamble !== undefined && type === 'text-delta') {
      answer.addText(preamble);
      yield { type, text: preamble };
      preamble = undefined;
    }
    if (type === 'text-delta') answer.addText(piece.text);
    else if (reasoning !== undefined) reasoning.released += piece.text;
    yield { type, text: piece.text };
  };
  const closeReasoning = async function* (
    part?: Extract<ModelStreamPart, { type: 'reasoning-end' }>,
  ): AsyncGenerator<RunEvent> {
    if (reasoning === undefined) return;
    yield* letOut(await reasoning.stream.end(), 'reasoning-delta');
    const { raw, released } = reasoning;
    // A provider's signature holds for the text that it signed, not for a redacted one.
    answer.addReasoning(released, raw === released ? part?.providerMetadata : undefined);
    reasoning = undefined;
  };

  try {
    const { stream } = await untilAborted(
      span.run(() => run.model.doStream(call)),
      run.abortSignal,
    );
    const parts = stream[Symbol.asyncIterator]();
    iterator = parts;
    while (finish === undefined && blockReason === undefined) {
      const next = await untilAborted(
        span.run(() => parts.next()),
        run.abortSignal,
      );
      if (next.done === true) {
        throw new ModelStreamIncompleteError({
          provider: run.model.provider,
          modelId: run.model.modelId,
        });
      }
      const part = next.value;
      switch (part.type) {
        case 'stream-start':
          for (const warning of part.warnings) yield { type: 'warning', warning };
          break;
        case 'response-metadata':
          if (part.id !== undefined) span.span.setAttribute(GEN_AI.attribute.responseId, part.id);
          if (part.modelId !== undefined)
            span.span.setAttribute(GEN_AI.attribute.responseModel, part.modelId);
          break;
        case 'text-delta':
          yield* letOut(await text.push(part.text), 'text-delta');
          break;
        case 'reasoning-delta':
          reasoning ??= { stream: openGuardedStream(run), raw: '', released: '' };
          reasoning.raw += part.text;
          yield* letOut(await reasoning.stream.push(part.text), 'reasoning-delta');
          break;
        case 'reasoning-end':
          if (reasoning === undefined && part.providerMetadata !== undefined)
            answer.addReasoning('', part.providerMetadata);
          yield* closeReasoning(part);
          break;
        case 'tool-input-start':
          yield { type: 'tool-input-start', toolCallId: part.id, toolName: part.toolName };
          break;
        case 'tool-call':
          calls.push({ ...part });
          break;
        case 'citation':
          hasOwnCitations = true;
          yield* addCitation(run, answer, part.citation);
          break;
        case 'finish':
          finish = part;
          break;
        case 'text-start':
        case 'text-end':
        case 'reasoning-start':
        case 'tool-input-delta':
        case 'tool-input-end':
          break;
      }
    }
    if (blockReason === undefined) yield* closeReasoning();
    if (blockReason === undefined) yield* letOut(await text.end(), 'text-delta');
    if (!hasOwnCitations && blockReason === undefined) yield* addMarkerCitations(run, answer);
  } catch (error) {
    span.fail(error);
    if (!run.abortSignal.aborted && finish === undefined && blockReason === undefined)
      yield* rescue(text, letOut);
    throw error;
  } finally {
    reasoning?.stream.discard();
    text.discard();
    // Not awaited: an adapter that hangs must not keep the run.
    if (finish === undefined) void iterator?.return?.().catch(() => undefined);
    closeChatSpan(run, span, finish, run.clock.monotonic() - startedMs);
  }
  const usage = finish?.usage ?? {};
  return {
    content: answer.content(),
    calls: blockReason === undefined ? calls : [],
    finishReason: finish?.finishReason ?? 'content-filter',
    usage,
    costUsd: costOf({
      usage,
      prices: run.prices,
      provider: run.model.provider,
      modelId: run.model.modelId,
    }),
    blockReason,
    feedback: answer.text() === '' ? feedback : undefined,
  };
}

/** What the first answer of a conversation begins with, where the guardrails ask for anything. */
function preambleOf(run: RunContext): string | undefined {
  const hasAnswered = run.messages.some(
    (message) =>
      message.role === 'assistant' && message.content.some((part) => part.type === 'text'),
  );
  return hasAnswered ? undefined : run.guardrails?.preamble;
}

/** Lets out what the rails still held of an answer that broke off; a further fault must not hide the first. */
async function* rescue(
  text: GuardedStream,
  letOut: (piece: GuardedPiece, type: 'text-delta') => Iterable<RunEvent>,
): AsyncGenerator<RunEvent> {
  let rest: GuardedPiece;
  try {
    rest = await text.end();
  } catch {
    return;
  }
  yield* letOut(rest, 'text-delta');
}

function toolsOf(run: RunContext): readonly ToolDefinition[] {
  if (!run.model.limits.supportsTools) return [];
  return [
    ...(run.hasSearchTool ? [SEARCH_TOOL] : []),
    ...Array.from(run.tools.values(), ({ definition }) => definition),
  ];
}

function openChatSpan(run: RunContext): OpenSpan {
  const { attribute, operation } = GEN_AI;
  const { maxOutputTokens, temperature, topP } = run.settings;
  return run.openSpan(`${operation.chat} ${run.model.modelId}`, {
    [attribute.operationName]: operation.chat,
    [attribute.providerName]: run.model.provider,
    [attribute.requestModel]: run.model.modelId,
    ...(maxOutputTokens === undefined ? {} : { [attribute.requestMaxTokens]: maxOutputTokens }),
    ...(temperature === undefined ? {} : { [attribute.requestTemperature]: temperature }),
    ...(topP === undefined ? {} : { [attribute.requestTopP]: topP }),
  });
}

function closeChatSpan(
  run: RunContext,
  { span }: OpenSpan,
  finish: Extract<ModelStreamPart, { type: 'finish' }> | undefined,
  durationMs: number,
): void {
  const { attribute, operation } = GEN_AI;
  const about = {
    [attribute.operationName]: operation.chat,
    [attribute.providerName]: run.model.provider,
    [attribute.requestModel]: run.model.modelId,
  };
  run.metrics.duration.record(durationMs / 1000, about);
  if (finish !== undefined) {
    const { usage } = finish;
    span.setAttribute(attribute.responseFinishReasons, [finish.finishReason]);
    setUsage(span, usage);
    const { inputTokens, outputTokens } = usage;
    if (inputTokens !== undefined)
      run.metrics.tokens.record(inputTokens, { ...about, [TOKEN_TYPE]: 'input' });
    if (outputTokens !== undefined)
      run.metrics.tokens.record(outputTokens, { ...about, [TOKEN_TYPE]: 'output' });
    const costUsd = costOf({
      usage,
      prices: run.prices,
      provider: run.model.provider,
      modelId: run.model.modelId,
    });
    if (costUsd !== undefined) span.setAttribute(attribute.costUsd, costUsd);
  }
  span.end();
}

/** Writes token counts on a span. */
export function setUsage(span: OpenSpan['span'], usage: Usage): void {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens !== undefined) span.setAttribute(GEN_AI.attribute.usageInputTokens, inputTokens);
  if (outputTokens !== undefined)
    span.setAttribute(GEN_AI.attribute.usageOutputTokens, outputTokens);
}
