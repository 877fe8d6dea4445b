import { observeGuardrails, type Guardrails } from '@espalier/core';
import type { Metrics } from './metrics.js';

/** Returns the same guardrails, with everything that a rail did not allow counted. */
export function countVerdicts(guardrails: Guardrails, metrics: Metrics): Guardrails {
  return observeGuardrails(guardrails, (reports) => {
    for (const { rail, point, verdict, isDryRun, faultCode } of reports) {
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
  });
}
