import type { Guardrails, RailReport } from '@espalier/core';
import type { Metrics } from './metrics.js';

/** Returns the same guardrails, with everything that a rail did not allow counted. */
export function countVerdicts(guardrails: Guardrails, metrics: Metrics): Guardrails {
  const count = <Result extends { readonly reports: readonly RailReport[] }>(
    result: Result,
  ): Result => {
    for (const { rail, point, verdict, isDryRun, faultCode } of result.reports) {
      if (faultCode !== undefined)
        metrics.increment('espalier_rail_faults_total', { rail, point, code: faultCode });
      if (verdict.action === 'allow') continue;
      metrics.increment('espalier_rail_verdicts_total', {
        rail,
        point,
        action: verdict.action,
        ...(isDryRun === true ? { dryRun: 'true' } : {}),
      });
    }
    return result;
  };
  const judgeToolCall = guardrails.judgeToolCall?.bind(guardrails);
  return {
    ...guardrails,
    check: async (options) => count(await guardrails.check(options)),
    openStream(options) {
      const stream = guardrails.openStream(options);
      return {
        push: async (text) => count(await stream.push(text)),
        end: async () => count(await stream.end()),
      };
    },
    ...(judgeToolCall === undefined
      ? {}
      : { judgeToolCall: (options) => count(judgeToolCall(options)) }),
  };
}
