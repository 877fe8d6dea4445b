import {
  addUsage,
  messageText,
  type ApprovalDecision,
  type AssistantMessage,
  type AssistantPart,
  type RunEvent,
  type RunState,
  type Tool,
  type ToolCallPart,
  type ToolResultPart,
} from '@espalier/core';
import { costOf } from '../token-prices.js';
import { callModel, type ModelAnswer } from './call-model.js';
import { guardInput } from './guard-input.js';
import { guardTexts } from './guard-text.js';
import { admitPassages, search } from './retrieve.js';
import type { RunContext } from './run-context.js';
import { failedResult, runToolCalls } from './run-tool-calls.js';
import { untilAborted } from './until-aborted.js';

type RunFinishReason = Extract<RunEvent, { type: 'run-finished' }>['finishReason'];

/** A paused run with what people decided. */
export interface Resumption {
  readonly state: RunState;
  readonly decisions: readonly ApprovalDecision[];
}

/** The course of a run from its first event to its last; faults and aborts are thrown. */
export async function* runAgent(
  run: RunContext,
  resumption: Resumption | undefined,
): AsyncGenerator<RunEvent> {
  yield {
    type: 'run-started',
    runId: run.runId,
    agent: run.agentName,
    isResumed: resumption !== undefined,
  };
  yield* unmetWishes(run);
  if (resumption === undefined) {
    const stopped = yield* guardInput(run);
    if (stopped !== undefined) {
      yield* finishBlocked(run, [], stopped);
      return;
    }
  } else {
    const stopped = yield* settlePending(run, resumption);
    if (stopped !== undefined) {
      yield* finishBlocked(run, [], stopped);
      return;
    }
  }
  for (;;) {
    run.step += 1;
    const startedMs = run.clock.monotonic();
    yield { type: 'step-started', step: run.step };
    if (run.step === 1) yield* retrieveFirst(run);
    const answer = yield* callModel(run);
    run.feedback = undefined;
    count(run, answer);
    const stepFinished = (): RunEvent => ({
      type: 'step-finished',
      step: run.step,
      finishReason: answer.finishReason,
      usage: answer.usage,
      durationMs: run.clock.monotonic() - startedMs,
      ...(answer.costUsd === undefined ? {} : { costUsd: answer.costUsd }),
    });
    if (answer.blockReason !== undefined) {
      yield stepFinished();
      if (answer.feedback !== undefined && run.reasksLeft > 0 && limitReached(run) === undefined) {
        run.reasksLeft -= 1;
        run.feedback = answer.feedback;
        continue;
      }
      yield* finishBlocked(run, answer.content, answer.blockReason);
      return;
    }
    if (answer.calls.length === 0) {
      run.messages.push({ role: 'assistant', content: answer.content });
      yield stepFinished();
      yield finished(run, reasonOf(answer));
      return;
    }
    const guarded = yield* guardCalls(run, answer.calls);
    if (guarded.blockReason !== undefined) {
      yield stepFinished();
      yield* finishBlocked(run, answer.content, guarded.blockReason);
      return;
    }
    run.messages.push({ role: 'assistant', content: [...answer.content, ...guarded.calls] });
    for (const { toolCallId, toolName, input } of guarded.calls) {
      yield { type: 'tool-call', toolCallId, toolName, input };
    }
    const limit = limitReached(run);
    if (limit !== undefined) {
      yield* refuseCalls(run, guarded.calls, limit);
      yield stepFinished();
      yield finished(run, limit);
      return;
    }
    const waiting = await callsToApprove(run, guarded);
    const ready = guarded.calls.filter((call) => !waiting.includes(call));
    const withheld = guarded.calls.flatMap((call) => guarded.withheld.get(call) ?? []);
    const done = yield* runToolCalls(
      run,
      ready.filter((call) => !guarded.withheld.has(call)),
    );
    for (const result of withheld) yield resultEvent(result);
    const results = [...withheld, ...done.results];
    if (done.blockReason !== undefined) {
      const refused = waiting.map((call) =>
        failedResult(call, 'The call was not run: the run was stopped by a rail.'),
      );
      addResults(run, guarded.calls, [...results, ...refused]);
      yield stepFinished();
      yield* finishBlocked(run, [], done.blockReason);
      return;
    }
    yield stepFinished();
    if (waiting.length > 0) {
      yield paused(run, waiting, results);
      return;
    }
    addResults(run, guarded.calls, results);
  }
}

/** Says what this run's model cannot honour. */
function* unmetWishes(run: RunContext): Generator<RunEvent> {
  const { model, prices } = run;
  const wantsTools = run.tools.size > 0 || run.retrieval?.when === 'tool';
  if (wantsTools && !model.limits.supportsTools) {
    yield {
      type: 'warning',
      warning: {
        option: 'tools',
        message: `Model "${model.modelId}" cannot call tools; it is given none.`,
      },
    };
  }
  const isPriced =
    costOf({ usage: {}, prices, provider: model.provider, modelId: model.modelId }) !== undefined;
  if (run.maxCostUsd !== undefined && !isPriced) {
    const message = `The cost limit cannot be kept: no prices are known for model "${model.modelId}".`;
    yield { type: 'warning', warning: { option: 'limits.maxCostUsd', message } };
  }
}

/** Evidence for the first step, where the agent looks for it itself; put into the last user message. */
async function* retrieveFirst(run: RunContext): AsyncGenerator<RunEvent> {
  const { retrieval } = run;
  if (retrieval === undefined || run.hasSearchTool) return;
  const position = run.messages.findLastIndex(({ role }) => role === 'user');
  const message = run.messages[position];
  if (message?.role !== 'user') return;
  const query = messageText(message).trim();
  if (query === '') return;
  const parts = yield* admitPassages(run, await search(run, retrieval, query));
  run.messages[position] = { ...message, content: [...parts, ...message.content] };
}

interface GuardedCalls {
  readonly calls: readonly ToolCallPart[];
  /** Calls whose input a rail has changed so that it cannot be used, with what the model is told. */
  readonly withheld: ReadonlyMap<ToolCallPart, ToolResultPart>;
  /** Calls that the guardrails let go on only after a person has approved them. */
  readonly approvals: ReadonlySet<ToolCallPart>;
  readonly blockReason: string | undefined;
}

async function* guardCalls(
  run: RunContext,
  calls: readonly ToolCallPart[],
): AsyncGenerator<RunEvent, GuardedCalls> {
  const guarded: ToolCallPart[] = [];
  const withheld = new Map<ToolCallPart, ToolResultPart>();
  const approvals = new Set<ToolCallPart>();
  for (const { type, toolCallId, toolName, input, inputError, providerMetadata } of calls) {
    const before =
      typeof input === 'string' && inputError !== undefined ? input : JSON.stringify(input);
    const [left] = yield* guardTexts(run, 'tool-call', [before], { toolName });
    if (left?.isBlocked === true) {
      return {
        calls: [],
        withheld,
        approvals,
        blockReason: left.reason ?? 'A tool call was stopped by a rail.',
      };
    }
    const call: ToolCallPart = {
      type,
      toolCallId,
      toolName,
      input,
      ...(inputError === undefined ? {} : { inputError }),
      ...(providerMetadata === undefined ? {} : { providerMetadata }),
    };
    if (left !== undefined && left.text !== before) {
      const redacted = redactedInput(left.text, inputError !== undefined);
      call.input = redacted ?? {};
      if (redacted === undefined) {
        withheld.set(
          call,
          failedResult(call, 'A rail removed parts of the input, so that it could not be used.'),
        );
      }
    }
    if (inputError === undefined && !withheld.has(call)) {
      const decision = run.guardrails?.judgeToolCall?.({
        toolCallId,
        toolName,
        input: call.input,
        messages: run.messages,
        earlierCalls: guarded.filter((earlier) => !withheld.has(earlier)),
        elapsedMs: run.clock.monotonic() - run.startedMs,
        ...(run.costUsd === undefined ? {} : { costUsd: run.costUsd }),
      });
      for (const report of decision?.reports ?? []) yield { type: 'rail', report };
      if (decision?.action === 'approve') approvals.add(call);
      if (decision?.action === 'deny') {
        withheld.set(call, failedResult(call, decision.reason ?? 'A rule forbids this call.'));
      }
    }
    guarded.push(call);
  }
  return { calls: guarded, withheld, approvals, blockReason: undefined };
}

function redactedInput(text: string, isRaw: boolean): ToolCallPart['input'] | undefined {
  if (isRaw) return text;
  try {
    return JSON.parse(text) as ToolCallPart['input'];
  } catch {
    return undefined;
  }
}

async function callsToApprove(
  run: RunContext,
  { calls, withheld, approvals }: GuardedCalls,
): Promise<readonly ToolCallPart[]> {
  const waiting: ToolCallPart[] = [];
  for (const call of calls) {
    if (withheld.has(call) || call.inputError !== undefined) continue;
    const tool = run.tools.get(call.toolName);
    if (tool === undefined) continue;
    if (approvals.has(call) || (await needsApproval(run, tool, call))) waiting.push(call);
  }
  return waiting;
}

/** When the tool cannot say whether a person must look, a person must look. */
async function needsApproval(run: RunContext, tool: Tool, call: ToolCallPart): Promise<boolean> {
  try {
    return await untilAborted(tool.needsApproval(call.input), run.abortSignal);
  } catch (error) {
    if (run.abortSignal.aborted) throw error;
    run.logger.warn('A tool could not say whether a call needs approval', {
      tool: call.toolName,
      runId: run.runId,
      error,
    });
    return true;
  }
}

/** Runs what was approved, refuses the rest, and adds all results of the paused turn. */
async function* settlePending(
  run: RunContext,
  { state, decisions }: Resumption,
): AsyncGenerator<RunEvent, string | undefined> {
  const refused: ToolResultPart[] = [];
  const approved: ToolCallPart[] = [];
  for (const call of state.pendingCalls) {
    const decision = decisions.find(({ toolCallId }) => toolCallId === call.toolCallId);
    if (decision?.isApproved === true) {
      approved.push(call);
      continue;
    }
    const reason = decision?.reason === undefined ? '' : ` Reason: ${decision.reason}`;
    const result = failedResult(call, `A person refused this call; it was not run.${reason}`);
    refused.push(result);
    yield resultEvent(result);
  }
  const { results, blockReason } = yield* runToolCalls(run, approved);
  const turn = run.messages.at(-1);
  const calls =
    turn?.role === 'assistant' ? turn.content.filter((part) => part.type === 'tool-call') : [];
  addResults(run, calls, [...state.finishedResults, ...refused, ...results]);
  return blockReason;
}

function* refuseCalls(
  run: RunContext,
  calls: readonly ToolCallPart[],
  limit: 'step-limit' | 'cost-limit',
): Generator<RunEvent> {
  const name = limit === 'step-limit' ? 'step' : 'cost';
  const results = calls.map((call) =>
    failedResult(call, `The call was not run: the run reached its ${name} limit.`),
  );
  for (const result of results) yield resultEvent(result);
  addResults(run, calls, results);
}

/** Providers accept a turn with calls only when each has its result, in the order of the calls. */
function addResults(
  run: RunContext,
  calls: readonly ToolCallPart[],
  results: readonly ToolResultPart[],
): void {
  const content = calls.flatMap(
    ({ toolCallId }) => results.find((result) => result.toolCallId === toolCallId) ?? [],
  );
  run.messages.push({ role: 'tool', content });
}

function resultEvent({ toolCallId, toolName, output, isError = false }: ToolResultPart): RunEvent {
  return { type: 'tool-result', toolCallId, toolName, output, isError, durationMs: 0 };
}

function count(run: RunContext, answer: ModelAnswer): void {
  run.usage = addUsage(run.usage, answer.usage);
  if (answer.costUsd !== undefined) run.costUsd = (run.costUsd ?? 0) + answer.costUsd;
}

function limitReached(run: RunContext): 'step-limit' | 'cost-limit' | undefined {
  if (run.step >= run.maxSteps) return 'step-limit';
  const isSpent =
    run.maxCostUsd !== undefined && run.costUsd !== undefined && run.costUsd >= run.maxCostUsd;
  return isSpent ? 'cost-limit' : undefined;
}

function reasonOf({ finishReason }: ModelAnswer): RunFinishReason {
  return finishReason === 'stop' || finishReason === 'length' || finishReason === 'content-filter'
    ? finishReason
    : 'other';
}

/** Ends a run that a rail stopped; says why where nothing was said yet. */
async function* finishBlocked(
  run: RunContext,
  content: readonly AssistantPart[],
  reason: string,
): AsyncGenerator<RunEvent> {
  const said = content.some((part) => part.type === 'text');
  if (!said) yield { type: 'text-delta', text: reason };
  run.messages.push({
    role: 'assistant',
    content: said ? [...content] : [...content, { type: 'text', text: reason }],
  });
  yield finished(run, 'blocked');
}

function finished(run: RunContext, finishReason: RunFinishReason): RunEvent {
  const newMessages = run.messages.slice(run.inputMessageCount);
  const last = newMessages.findLast(
    (message): message is AssistantMessage => message.role === 'assistant',
  );
  return {
    type: 'run-finished',
    message: last ?? { role: 'assistant', content: [] },
    citations: [...run.citations],
    finishReason,
    usage: run.usage,
    newMessages: structuredClone(newMessages),
    ...(run.costUsd === undefined ? {} : { costUsd: run.costUsd }),
    ...(run.metadata === undefined ? {} : { metadata: run.metadata }),
  };
}

function paused(
  run: RunContext,
  waiting: readonly ToolCallPart[],
  results: readonly ToolResultPart[],
): RunEvent {
  const guardMemory = run.guardrails?.memory?.();
  const state: RunState = {
    version: 1,
    runId: run.runId,
    agent: run.agentName,
    messages: run.messages,
    inputMessageCount: run.inputMessageCount,
    step: run.step,
    usage: run.usage,
    ...(run.costUsd === undefined ? {} : { costUsd: run.costUsd }),
    pendingCalls: [...waiting],
    finishedResults: [...results],
    citations: run.citations,
    passages: [...run.passages.list()],
    ...(guardMemory === undefined ? {} : { guardMemory }),
  };
  return {
    type: 'run-paused',
    requests: waiting.map(({ toolCallId, toolName, input }) => ({ toolCallId, toolName, input })),
    // Plain JSON, and no part of it shared with the run.
    state: JSON.parse(JSON.stringify(state)) as RunState,
  };
}
