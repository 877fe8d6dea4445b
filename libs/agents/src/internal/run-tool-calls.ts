import {
  EspalierError,
  GEN_AI,
  isAbortError,
  truncateValue,
  type JsonValue,
  type RunEvent,
  type ToolCallPart,
  type ToolResultPart,
} from '@espalier/core';
import { guardTexts } from './guard-text.js';
import { admitPassages, search, type MadeSearch } from './retrieve.js';
import type { RunContext } from './run-context.js';
import { SEARCH_TOOL, searchOutputOf, searchQueryOf } from './search-tool.js';
import { untilAborted } from './until-aborted.js';

/** What a tool gave, before the rails have seen it. */
type ToolOutcome =
  | { readonly output: JsonValue; readonly isError: boolean; readonly durationMs: number }
  | { readonly made: MadeSearch; readonly durationMs: number };

/** The results of a turn's calls, in the order of the calls. */
export interface ToolResults {
  readonly results: readonly ToolResultPart[];
  /** Set when a rail stopped a result. */
  readonly blockReason: string | undefined;
}

/**
 * Runs calls side by side and gives their results in the order of the calls.
 *
 * A call that fails gets its error as result, for the model to read; only an abort ends the run.
 */
export async function* runToolCalls(
  run: RunContext,
  calls: readonly ToolCallPart[],
): AsyncGenerator<RunEvent, ToolResults> {
  // A tool may have effects: none begins for a run that nobody waits for.
  run.abortSignal.throwIfAborted();
  const running = calls.map((call) => {
    const outcome = runToolCall(run, call);
    outcome.catch(() => undefined);
    return { call, outcome };
  });
  const results: ToolResultPart[] = [];
  let blockReason: string | undefined;
  for (const { call, outcome } of running) {
    const { toolCallId, toolName } = call;
    const done = await untilAborted(outcome, run.abortSignal);
    let output: JsonValue;
    let isError = false;
    if ('made' in done) {
      output = searchOutputOf(yield* admitPassages(run, done.made), done.made.result.hasEvidence);
    } else {
      const before = typeof done.output === 'string' ? done.output : JSON.stringify(done.output);
      const isText = typeof done.output === 'string';
      const [left] = yield* guardTexts(run, 'tool-result', [before], { toolName });
      output =
        left === undefined || left.text === before ? done.output : parseOrText(left.text, isText);
      isError = done.isError;
      if (left?.isBlocked === true) {
        blockReason ??= left.reason ?? 'The result of a tool was stopped by a rail.';
        output = { error: 'The result was withheld by a rail.' };
        isError = true;
      }
    }
    results.push({
      type: 'tool-result',
      toolCallId,
      toolName,
      output,
      ...(isError ? { isError } : {}),
    });
    yield {
      type: 'tool-result',
      toolCallId,
      toolName,
      output,
      isError,
      durationMs: done.durationMs,
    };
  }
  return { results, blockReason };
}

/** A result that tells the model why a call was not run. */
export function failedResult(
  { toolCallId, toolName }: ToolCallPart,
  error: string,
): ToolResultPart {
  return { type: 'tool-result', toolCallId, toolName, output: { error }, isError: true };
}

async function runToolCall(run: RunContext, call: ToolCallPart): Promise<ToolOutcome> {
  const startedMs = run.clock.monotonic();
  const duration = (): number => run.clock.monotonic() - startedMs;
  const span = run.openSpan(`${GEN_AI.operation.executeTool} ${call.toolName}`, {
    [GEN_AI.attribute.operationName]: GEN_AI.operation.executeTool,
    [GEN_AI.attribute.toolName]: call.toolName,
    [GEN_AI.attribute.toolCallId]: call.toolCallId,
  });
  try {
    const outcome = await untilAborted(
      span.run(() => execute(run, call)),
      run.abortSignal,
    );
    return { ...outcome, durationMs: duration() };
  } catch (error) {
    span.fail(error);
    if (run.abortSignal.aborted) throw error;
    run.logger.warn('A tool failed', {
      tool: call.toolName,
      runId: run.runId,
      code: codeOf(error),
    });
    return { output: { error: errorText(call, error) }, isError: true, durationMs: duration() };
  } finally {
    span.span.end();
  }
}

async function execute(
  run: RunContext,
  call: ToolCallPart,
): Promise<{ output: JsonValue; isError: boolean } | { made: MadeSearch }> {
  const fail = (error: string): { output: JsonValue; isError: boolean } => ({
    output: { error },
    isError: true,
  });
  if (call.inputError !== undefined) {
    return fail(
      `The input of "${call.toolName}" is not JSON: ${call.inputError} Call it again with valid JSON.`,
    );
  }
  if (run.hasSearchTool && run.retrieval !== undefined && call.toolName === SEARCH_TOOL.name) {
    const query = searchQueryOf(call.input);
    if (query === undefined)
      return fail('The input must be { "query": "…" }, with a text that is not empty.');
    return { made: await search(run, run.retrieval, query) };
  }
  const tool = run.tools.get(call.toolName);
  if (tool === undefined) {
    const known = [...(run.hasSearchTool ? [SEARCH_TOOL.name] : []), ...run.tools.keys()];
    return fail(
      `There is no tool ${truncateValue(call.toolName)}. The tools are: ${known.length === 0 ? 'none' : known.join(', ')}.`,
    );
  }
  const { toolCallId } = call;
  return {
    output: await tool.run(call.input, {
      toolCallId,
      runId: run.runId,
      abortSignal: run.abortSignal,
    }),
    isError: false,
  };
}

function errorText(call: ToolCallPart, error: unknown): string {
  if (EspalierError.isInstance(error)) return error.message;
  if (isAbortError(error)) return `Tool "${call.toolName}" was aborted or ran out of time.`;
  return `Tool "${call.toolName}" failed: ${truncateValue(error instanceof Error ? error.message : error, 500)}`;
}

function codeOf(error: unknown): string | undefined {
  return EspalierError.isInstance(error) ? error.code : undefined;
}

/** A redaction may have cut through JSON; then the text is given as it is. */
function parseOrText(text: string, isText: boolean): JsonValue {
  if (isText) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
