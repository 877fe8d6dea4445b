import type { Guardrails } from './guardrails.js';
import type { RailReport } from './verdict.js';

/** Returns the same guardrails, with `onReports` told of the reports of every look; it must not throw. */
export function observeGuardrails(
  guardrails: Guardrails,
  onReports: (reports: readonly RailReport[]) => void,
): Guardrails {
  const look = <Result extends { readonly reports: readonly RailReport[] }>(
    result: Result,
  ): Result => {
    if (result.reports.length > 0) onReports(result.reports);
    return result;
  };
  const judgeToolCall = guardrails.judgeToolCall?.bind(guardrails);
  const openConversation = guardrails.openConversation?.bind(guardrails);
  return {
    ...guardrails,
    check: async (options) => look(await guardrails.check(options)),
    openStream(options) {
      const stream = guardrails.openStream(options);
      return {
        push: async (text) => look(await stream.push(text)),
        end: async () => look(await stream.end()),
      };
    },
    ...(judgeToolCall === undefined
      ? {}
      : { judgeToolCall: (options) => look(judgeToolCall(options)) }),
    ...(openConversation === undefined
      ? {}
      : { openConversation: (memory) => observeGuardrails(openConversation(memory), onReports) }),
  };
}
