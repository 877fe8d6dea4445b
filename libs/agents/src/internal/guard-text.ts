import {
  GEN_AI,
  type GuardCheckOptions,
  type GuardCheckResult,
  type RailPoint,
  type RunEvent,
} from '@espalier/core';
import type { RunContext } from './run-context.js';
import { untilAborted } from './until-aborted.js';

/** What the rails leave of a text. */
export type GuardedText = Pick<GuardCheckResult, 'isBlocked' | 'text' | 'reason'>;

/** Has texts of one point checked by the rails, as one step of the run; gives back what is left of each, in order. */
export async function* guardTexts(
  run: RunContext,
  point: RailPoint,
  texts: readonly string[],
  about: Pick<GuardCheckOptions, 'toolName' | 'turns'> = {},
): AsyncGenerator<RunEvent, readonly GuardedText[]> {
  const rails = run.guardrails?.railsAt(point) ?? [];
  if (run.guardrails === undefined || rails.length === 0 || texts.length === 0) {
    return texts.map((text) => ({ isBlocked: false, text }));
  }
  const { guardrails } = run;
  const startedMs = run.clock.monotonic();
  const span = run.openSpan(`${GEN_AI.operation.guard} ${point}`, {
    [GEN_AI.attribute.operationName]: GEN_AI.operation.guard,
    [GEN_AI.attribute.railPoint]: point,
  });
  let results: readonly GuardCheckResult[];
  try {
    results = await untilAborted(
      span.run(() =>
        Promise.all(
          texts.map((text) =>
            guardrails.check({
              point,
              text,
              abortSignal: run.abortSignal,
              ...about,
            }),
          ),
        ),
      ),
      run.abortSignal,
    );
    span.span.setAttribute(
      GEN_AI.attribute.railBlocked,
      results.some(({ isBlocked }) => isBlocked),
    );
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.span.end();
  }
  for (const { reports } of results) {
    for (const report of reports) yield { type: 'rail', report };
  }
  yield {
    type: 'rails-checked',
    point,
    rails: [...rails],
    durationMs: run.clock.monotonic() - startedMs,
  };
  return results;
}
