import type { Clock, EmbeddingModel, Guardrails, Logger, PluginHost } from '@espalier/core';
import {
  createRailResources,
  type CompiledPolicy,
  type CompilePolicyOptions,
  type PolicyInput,
} from '@espalier/guardrails/policy';
import type { PolicyAssignment, ServerConfig } from '../config/config-schema.js';
import { countVerdicts } from '../metrics/count-verdicts.js';
import type { Metrics } from '../metrics/metrics.js';
import type { EscalationWebhook } from './create-escalation-webhook.js';
import { loadPolicy } from './load-policy.js';

/** Who is guarded. */
export interface GuardedCaller {
  readonly keyId: string;
  readonly tenant?: string | undefined;
  /** The path of the request. */
  readonly path: string;
}

/** The guardrails of the server. */
export interface ServerGuardrails {
  /** What holds where nothing else is configured. */
  readonly usual: Guardrails;
  /** What holds for a caller; `undefined` where that is the usual. */
  of(caller: GuardedCaller): Guardrails | undefined;
}

/**
 * Composes the policies that the configuration names, its switches on top, and the rails of plug-ins.
 *
 * All are compiled here, so that a wrong one stops the start; what their rails load, they share.
 */
export async function createRails(options: {
  config: ServerConfig;
  host: PluginHost;
  embeddingModel: EmbeddingModel;
  metrics: Metrics;
  /** Told what policies escalate, where the configuration says where. */
  webhook: EscalationWebhook | undefined;
  clock: Clock;
  logger: Logger;
}): Promise<ServerGuardrails> {
  const { host, clock, logger, embeddingModel, metrics, webhook } = options;
  const { rails: ids, policy, dryRun, assignments } = options.config.guardrails;
  const shared: Omit<CompilePolicyOptions, 'source' | 'name' | 'read'> = {
    embeddingModel,
    clock,
    logger,
    resources: createRailResources({ logger }),
    rails: await Promise.all(ids.map(async (id) => host.resolve('rail', id))),
    onEscalation: (record) => {
      const { report, categories, ...about } = record;
      webhook?.tell(record);
      metrics.increment('espalier_escalations_total', { rail: report.rail, point: report.point });
      logger.warn('a finding is escalated', {
        ...about,
        categories,
        rail: report.rail,
        point: report.point,
      });
    },
  };
  const load = async (
    name: string,
    switches: { dryRun: boolean; rails: NonNullable<PolicyInput['rails']> },
  ): Promise<CountedPolicy> => {
    const isPlain = switches.rails.length === 0 && !switches.dryRun;
    const compiled = await loadPolicy(
      isPlain
        ? name
        : {
            version: 1,
            name,
            extends: name,
            rails: switches.rails,
            ...(switches.dryRun ? { mode: 'dry-run' as const } : {}),
          },
      { directory: process.cwd(), ...shared },
    );
    return countPolicy(compiled, metrics);
  };
  const usual = await load(policy, { dryRun, rails: switchedRails(options.config.guardrails) });
  const assigned: [PolicyAssignment, CountedPolicy][] = [];
  for (const assignment of assignments) {
    assigned.push([assignment, await load(assignment.policy, { ...assignment, rails: [] })]);
  }
  return {
    usual: usual.of(undefined),
    of(caller) {
      const found = assigned.find(([assignment]) => fits(assignment, caller))?.[1] ?? usual;
      const guardrails = found.of(caller.tenant);
      return guardrails === usual.of(undefined) ? undefined : guardrails;
    },
  };
}

/** The guardrails of a policy by tenant, each with its verdicts counted. */
interface CountedPolicy {
  of(tenant: string | undefined): Guardrails;
}

function countPolicy(policy: CompiledPolicy, metrics: Metrics): CountedPolicy {
  const all = countVerdicts(policy.guardrails, metrics);
  const byTenant = new Map(
    policy.tenants.map((tenant) => [tenant, countVerdicts(policy.forTenant(tenant), metrics)]),
  );
  return {
    of: (tenant) => (tenant === undefined ? undefined : byTenant.get(tenant)) ?? all,
  };
}

/** What `secrets` and `pii` of the configuration change in the policy. */
function switchedRails({
  secrets,
  pii,
}: ServerConfig['guardrails']): NonNullable<PolicyInput['rails']> {
  return [
    ...(secrets ? [] : [{ id: 'secrets', kind: 'secrets', mode: 'off' as const }]),
    ...(pii === false ? [{ id: 'pii', kind: 'pii', mode: 'off' as const }] : []),
    ...(typeof pii === 'object' ? [{ id: 'pii', kind: 'pii', categories: pii.categories }] : []),
  ];
}

function fits({ keys, tenants, routes }: PolicyAssignment, caller: GuardedCaller): boolean {
  const { keyId, tenant, path } = caller;
  return (
    (keys === undefined || keys.some((pattern) => matches(keyId, pattern))) &&
    (tenants === undefined ||
      (tenant !== undefined && tenants.some((pattern) => matches(tenant, pattern)))) &&
    (routes === undefined || routes.some((pattern) => matches(path, pattern)))
  );
}

/** Whether a name fits a pattern in which `*` stands for any characters; linear in both. */
function matches(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
