import type { Citation, RunEvent } from '@espalier/core';
import { resolveCitations } from '../citations/resolve-citations.js';
import type { AnswerBuilder } from './answer-builder.js';
import type { RunContext } from './run-context.js';
import { untilAborted } from './until-aborted.js';

/** Adds a citation to the answer and to the run, with its quote as the output rails leave it. */
export async function* addCitation(
  run: RunContext,
  answer: AnswerBuilder,
  citation: Citation,
): AsyncGenerator<RunEvent> {
  const quote = await guardQuote(run, citation.quote);
  if (quote === undefined) return;
  const cleared: Citation = { ...citation, ...knownPlace(run, citation), quote };
  answer.addCitation(cleared);
  run.citations.push(cleared);
  yield { type: 'citation', citation: cleared };
}

/** Adds the citations that the markers of the answer's text stand for. */
export async function* addMarkerCitations(
  run: RunContext,
  answer: AnswerBuilder,
): AsyncGenerator<RunEvent> {
  if (run.passages.list().length === 0) return;
  const { citations, unknown } = resolveCitations(answer.text(), (index) =>
    run.passages.get(index),
  );
  for (const citation of citations) yield* addCitation(run, answer, citation);
  for (const index of unknown) {
    yield {
      type: 'warning',
      warning: {
        message: `The answer cites [${index}], but no passage with that number was shown to the model.`,
      },
    };
  }
}

/** Of a passage that rails have redacted, only the place of the whole is known. */
function knownPlace(run: RunContext, { index }: Citation): Partial<Citation> {
  const passage = run.passages.get(index)?.passage;
  return passage?.metadata?.['redacted'] === true
    ? { span: passage.span, lines: passage.lines }
    : {};
}

/** A quote is output too; `undefined` when the rails stop it. */
async function guardQuote(run: RunContext, quote: string): Promise<string | undefined> {
  if (run.guardrails === undefined) return quote;
  const { guardrails, abortSignal } = run;
  const checked = await untilAborted(
    guardrails.check({ point: 'output', text: quote, abortSignal }),
    abortSignal,
  );
  return checked.isBlocked ? undefined : checked.text;
}
