import { PolicyExtendsError } from '../errors.js';
import { parsePolicy } from './parse-policy.js';
import { policyLibrary } from './policy-library.js';
import type { Policy, PolicyInput, PolicyLayer, PolicyRail } from './policy-schema.js';

/** What `resolvePolicy` takes. */
export interface ResolvePolicyOptions {
  /** YAML or JSON text, or a value as `definePolicy` gives it. */
  readonly source: string | PolicyInput;
  /** Shown in errors, such as the file. */
  readonly name?: string;
  /** Reads a file that the policy extends, as it is written there; absent: only the library can be extended. */
  readonly read?: (
    reference: string,
    from: string | undefined,
  ) => Promise<{ name: string; source: string }>;
}

/** A policy with everything it extends put under it. */
export interface ResolvedPolicy extends Policy {
  /** The line of a rail in the text of the policy itself. */
  readonly lineOfRail: (id: string) => number | undefined;
}

const MAX_DEPTH = 16;

/**
 * Reads a policy with all it extends.
 *
 * What a policy says comes before what it extends: fields of a rail by its id, lists of rules and uses are joined. Tests
 * are the policy's own.
 *
 * @throws {PolicyExtendsError} `ERR_GUARDRAILS_POLICY_EXTENDS`: a parent is not found, or the policy extends itself.
 */
export async function resolvePolicy(options: ResolvePolicyOptions): Promise<ResolvedPolicy> {
  const parsed = parsePolicy(options.source, options.name);
  const { policy } = parsed;
  const base = await baseOf(policy, options.name, options.read, [options.name ?? policy.name]);
  const merged = base === undefined ? policy : mergePolicies(base, policy);
  return {
    ...merged,
    lineOfRail: (id) => {
      const index = policy.rails.findIndex((rail) => rail.id === id);
      return index === -1 ? undefined : parsed.lineOf(['rails', index]);
    },
  };
}

async function baseOf(
  policy: Policy,
  name: string | undefined,
  read: ResolvePolicyOptions['read'],
  chain: readonly string[],
): Promise<Policy | undefined> {
  const parents = typeof policy.extends === 'string' ? [policy.extends] : (policy.extends ?? []);
  let base: Policy | undefined;
  for (const parent of parents) {
    const found = await find(parent, name, read);
    if (chain.includes(found.name) || chain.length > MAX_DEPTH) {
      throw new PolicyExtendsError({
        policy: name,
        path: 'extends',
        parent,
        problem: `which leads back to it (${[...chain, found.name].join(' → ')}). Break the circle.`,
      });
    }
    const own = parsePolicy(found.source, found.name).policy;
    const below = await baseOf(own, found.name, read, [...chain, found.name]);
    const whole = below === undefined ? own : mergePolicies(below, own);
    base = base === undefined ? whole : mergePolicies(base, whole);
  }
  return base;
}

async function find(
  parent: string,
  from: string | undefined,
  read: ResolvePolicyOptions['read'],
): Promise<{ name: string; source: string | PolicyInput }> {
  const known = Object.hasOwn(policyLibrary, parent)
    ? (policyLibrary as Readonly<Record<string, PolicyInput>>)[parent]
    : undefined;
  if (known !== undefined) return { name: parent, source: known };
  const hint = `Extend one of ${Object.keys(policyLibrary).join(', ')}, or a file that exists.`;
  if (read === undefined) {
    throw new PolicyExtendsError({
      policy: from,
      path: 'extends',
      parent,
      problem: `which is not known. ${hint}`,
    });
  }
  try {
    return await read(parent, from);
  } catch (cause) {
    throw new PolicyExtendsError({
      policy: from,
      path: 'extends',
      parent,
      problem: `which cannot be read. ${hint}`,
      cause,
    });
  }
}

function mergePolicies(base: Policy, over: Policy): Policy {
  const tenants = { ...base.tenants };
  for (const [tenant, layer] of Object.entries(over.tenants)) {
    const below = tenants[tenant];
    tenants[tenant] = below === undefined ? layer : mergeLayers(below, layer);
  }
  return { ...base, ...over, ...mergeLayers(base, over), tenants, tests: over.tests };
}

/** Puts one layer over another. */
export function mergeLayers(base: PolicyLayer, over: PolicyLayer): PolicyLayer {
  const rails = new Map<string, PolicyRail>(base.rails.map((rail) => [rail.id, rail]));
  for (const rail of over.rails) rails.set(rail.id, { ...rails.get(rail.id), ...rail });
  const flow = mergeFlows(base['tool-flow'], over['tool-flow']);
  const ethics = mergeEthics(base.ethics, over.ethics);
  const mode = over.mode ?? base.mode;
  const timeoutMs = over['timeout-ms'] ?? base['timeout-ms'];
  const budgetMs = over['budget-ms'] ?? base['budget-ms'];
  return {
    rails: [...rails.values()],
    ...(mode === undefined ? {} : { mode }),
    ...(timeoutMs === undefined ? {} : { 'timeout-ms': timeoutMs }),
    ...(budgetMs === undefined ? {} : { 'budget-ms': budgetMs }),
    ...(flow === undefined ? {} : { 'tool-flow': flow }),
    ...(ethics === undefined ? {} : { ethics }),
  };
}

function mergeFlows(
  base: PolicyLayer['tool-flow'],
  over: PolicyLayer['tool-flow'],
): PolicyLayer['tool-flow'] {
  if (base === undefined || over === undefined) return over ?? base;
  return {
    sources: joinLists(base.sources, over.sources),
    sinks: joinLists(base.sinks, over.sinks),
    trusted: [...new Set([...base.trusted, ...over.trusted])],
    // The weaker way of tracking must be asked for where the rules stand that rely on it.
    track: base.rules.length > 0 && base.track === 'context' ? 'context' : over.track,
    rules: [...base.rules, ...over.rules],
    arguments: { ...base.arguments, ...over.arguments },
    budgets: [...base.budgets, ...over.budgets],
  };
}

function joinLists(
  base: Readonly<Record<string, string[]>>,
  over: Readonly<Record<string, string[]>>,
): Record<string, string[]> {
  const joined = { ...base };
  for (const [label, tools] of Object.entries(over)) {
    joined[label] = [...new Set([...(joined[label] ?? []), ...tools])];
  }
  return joined;
}

function mergeEthics(
  base: PolicyLayer['ethics'],
  over: PolicyLayer['ethics'],
): PolicyLayer['ethics'] {
  if (base === undefined || over === undefined) return over ?? base;
  const uses = new Map(
    [...(base['disallowed-uses'] ?? []), ...(over['disallowed-uses'] ?? [])].map((use) => [
      use.id,
      use,
    ]),
  );
  const approve = [
    ...(base['human-oversight']?.approve ?? []),
    ...(over['human-oversight']?.approve ?? []),
  ];
  const categories = [
    ...(base.escalation?.categories ?? []),
    ...(over.escalation?.categories ?? []),
  ];
  const disclosure = over.disclosure ?? base.disclosure;
  return {
    ...(uses.size > 0 ? { 'disallowed-uses': [...uses.values()] } : {}),
    ...(approve.length > 0 ? { 'human-oversight': { approve: [...new Set(approve)] } } : {}),
    ...(categories.length > 0 ? { escalation: { categories: [...new Set(categories)] } } : {}),
    ...(disclosure === undefined ? {} : { disclosure }),
  };
}
