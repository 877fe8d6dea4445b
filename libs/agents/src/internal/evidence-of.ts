import type { RunContext } from './run-context.js';

/** The texts that an answer may rest on: the passages shown to the model, and what tools have given it. */
export function evidenceOf(run: RunContext): readonly string[] {
  const passages = run.passages.list().map(({ passage }) => passage.text);
  const results = run.messages.flatMap((message) =>
    message.role === 'tool'
      ? message.content.flatMap(({ output, isError }) =>
          isError === true ? [] : [typeof output === 'string' ? output : JSON.stringify(output)],
        )
      : [],
  );
  return [...passages, ...results];
}
