import {
  GEN_AI,
  type Passage,
  type PassagePart,
  type RetrieveResult,
  type RunEvent,
} from '@espalier/core';
import { guardTexts } from './guard-text.js';
import type { RunContext } from './run-context.js';
import { untilAborted } from './until-aborted.js';
import type { AgentRetrieval } from '../agent-options.js';

const DEFAULT_TOP_K = 6;

/** A search that has been made and not yet been told of. */
export interface MadeSearch {
  readonly retriever: string;
  readonly query: string;
  readonly result: RetrieveResult;
  readonly durationMs: number;
}

/** Searches, under a span of its own. */
export async function search(
  run: RunContext,
  retrieval: AgentRetrieval,
  query: string,
): Promise<MadeSearch> {
  const { retriever, topK = DEFAULT_TOP_K } = retrieval;
  run.abortSignal.throwIfAborted();
  const startedMs = run.clock.monotonic();
  const span = run.openSpan(`${GEN_AI.operation.retrieve} ${retriever.name}`, {
    [GEN_AI.attribute.operationName]: GEN_AI.operation.retrieve,
    [GEN_AI.attribute.retriever]: retriever.name,
  });
  try {
    const result = await untilAborted(
      span.run(() =>
        retriever.doRetrieve({
          query,
          topK,
          abortSignal: run.abortSignal,
          ...(run.principals === undefined ? {} : { principals: run.principals }),
        }),
      ),
      run.abortSignal,
    );
    span.span.setAttribute(GEN_AI.attribute.retrievedPassages, result.passages.length);
    return {
      retriever: retriever.name,
      query,
      result,
      durationMs: run.clock.monotonic() - startedMs,
    };
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.span.end();
  }
}

/** Has the passages checked by the rails, numbers what is left, and tells of the search. */
export async function* admitPassages(
  run: RunContext,
  made: MadeSearch,
): AsyncGenerator<RunEvent, readonly PassagePart[]> {
  const { passages, hasEvidence, warnings } = made.result;
  for (const warning of warnings) yield { type: 'warning', warning };
  const checked = yield* guardTexts(
    run,
    'retrieval',
    passages.map(({ text }) => text),
  );
  const admitted: Passage[] = [];
  for (const [position, passage] of passages.entries()) {
    const left = checked[position];
    // One bad document must not silence all others: its passage is left out, and the run goes on.
    if (left === undefined || left.isBlocked) continue;
    admitted.push(left.text === passage.text ? passage : redactedPassage(passage, left.text));
  }
  const parts = admitted.map((passage) => run.passages.add(passage));
  yield {
    type: 'retrieval',
    retriever: made.retriever,
    query: made.query,
    passages: admitted,
    hasEvidence,
    durationMs: made.durationMs,
  };
  return parts;
}

/** A passage that is no longer its document's own words says so: places within it cannot be told exactly. */
function redactedPassage(passage: Passage, text: string): Passage {
  return { ...passage, text, metadata: { ...passage.metadata, redacted: true } };
}
