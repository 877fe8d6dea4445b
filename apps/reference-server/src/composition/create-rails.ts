import type { Clock, EmbeddingModel, Guardrails, Logger, PluginHost } from '@espalier/core';
import type { PolicyInput } from '@espalier/guardrails/policy';
import type { ServerConfig } from '../config/config-schema.js';
import type { Metrics } from '../metrics/metrics.js';
import { countVerdicts } from '../metrics/count-verdicts.js';
import { loadPolicy } from './load-policy.js';

/** Composes the policy that the configuration names, its switches on top, and the rails of plug-ins. */
export async function createRails(options: {
  config: ServerConfig;
  host: PluginHost;
  embeddingModel: EmbeddingModel;
  metrics: Metrics;
  clock: Clock;
  logger: Logger;
}): Promise<Guardrails> {
  const { host, clock, logger, embeddingModel, metrics } = options;
  const { secrets, pii, rails: ids, policy, dryRun } = options.config.guardrails;
  const changed: NonNullable<PolicyInput['rails']> = [
    ...(secrets ? [] : [{ id: 'secrets', kind: 'secrets', mode: 'off' as const }]),
    ...(pii === false ? [{ id: 'pii', kind: 'pii', mode: 'off' as const }] : []),
    ...(typeof pii === 'object' ? [{ id: 'pii', kind: 'pii', categories: pii.categories }] : []),
  ];
  const isPlain = changed.length === 0 && !dryRun;
  const compiled = await loadPolicy(
    isPlain
      ? policy
      : {
          version: 1,
          name: policy,
          extends: policy,
          rails: changed,
          ...(dryRun ? { mode: 'dry-run' as const } : {}),
        },
    {
      directory: process.cwd(),
      embeddingModel,
      clock,
      logger,
      rails: await Promise.all(ids.map(async (id) => host.resolve('rail', id))),
      onEscalation: ({ report, categories, ...about }) => {
        metrics.increment('espalier_escalations_total', { rail: report.rail, point: report.point });
        logger.warn('a finding is escalated', {
          ...about,
          categories,
          rail: report.rail,
          point: report.point,
        });
      },
    },
  );
  return countVerdicts(compiled.guardrails, metrics);
}
