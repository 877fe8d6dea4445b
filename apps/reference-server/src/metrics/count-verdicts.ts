import type { Guardrails, RailReport } from '@espalier/core';
import type { Metrics } from './metrics.js';

/** Returns the same guardrails, with everything that a rail did not allow counted. */
export function countVerdicts(guardrails: Guardrails, metrics: Metrics): Guardrails {
  const count = <Result extends { readonly reports: readonly RailReport[] }>(
    result: Result,
  ): Result => {
    for (const { rail, point, verdict } of result.reports) {
      if (verdict.action === 'allow') continue;
      metrics.increment('espalier_rail_verdicts_total', { rail, point, action: verdict.action });
    }
    return result;
  };
  return {
    specificationVersion: guardrails.specificationVersion,
    railsAt: (point) => guardrails.railsAt(point),
    check: async (options) => count(await guardrails.check(options)),
    openStream(options) {
      const stream = guardrails.openStream(options);
      return {
        push: async (text) => count(await stream.push(text)),
        end: async () => count(await stream.end()),
      };
    },
  };
}
