import {
  observeGuardrails,
  type Clock,
  type EmbeddingModel,
  type Guardrails,
  type Logger,
  type Rail,
  type RailReport,
} from '@espalier/core';
import { createGuardrails } from '../create-guardrails.js';
import { PolicyContradictionError, PolicyInvalidError } from '../errors.js';
import { fitsNamePattern } from '../internal/name-pattern.js';
import type { RailSettings } from '../internal/rail-runner.js';
import { createToolFlow } from '../tool-flow/create-tool-flow.js';
import type { ToolFlowRulesInput } from '../tool-flow/tool-flow-schema.js';
import { createIdentityRail } from '../validation/identity-rail.js';
import { createKeywordRail } from '../validation/keyword-rail.js';
import { createTopicRail } from '../validation/topic-rail.js';
import type { PolicyLayer, PolicyRail } from './policy-schema.js';
import { railKinds, type MadeRail, type RailKind } from './rail-kinds.js';
import { createRailResources, type RailResources } from './rail-resources.js';
import {
  mergeLayers,
  resolvePolicy,
  type ResolvedPolicy,
  type ResolvePolicyOptions,
} from './resolve-policy.js';

/** What people are told of, where a policy escalates. Holds no text. */
export interface EscalationRecord {
  readonly policy: string;
  readonly tenant: string | undefined;
  readonly categories: readonly string[];
  readonly report: RailReport;
}

/** What a policy is compiled with. */
export interface CompilePolicyOptions extends ResolvePolicyOptions {
  /** For topics and for examples of disallowed uses. */
  readonly embeddingModel?: EmbeddingModel;
  /** Further kinds of rails, by the name that policies write; one of the library's own is replaced. */
  readonly kinds?: Readonly<Record<string, RailKind>>;
  /** Rails besides those of the policy. */
  readonly rails?: readonly Rail[];
  /** Told of what a policy escalates; must not throw. */
  readonly onEscalation?: (record: EscalationRecord) => void;
  /** What rails load, to be shared with other policies. Default: the policy's own. */
  readonly resources?: RailResources;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** A policy that is ready. */
export interface CompiledPolicy {
  readonly name: string;
  readonly source: ResolvedPolicy;
  /** The names of the tenants that have something of their own. */
  readonly tenants: readonly string[];
  readonly guardrails: Guardrails;
  /** The guardrails of a tenant; those of all where the policy says nothing about it. */
  forTenant(tenant: string | undefined): Guardrails;
}

/**
 * Reads a policy with all that it extends and composes its rails, rules and ethics to guardrails.
 *
 * What is wrong with the policy is told here; weights are read when a text first needs them, or by `guardrails.prepare`.
 *
 * @throws {PolicyInvalidError} `ERR_GUARDRAILS_POLICY_INVALID`, with path, line and what to do.
 * @throws {PolicyVersionError} `ERR_GUARDRAILS_POLICY_VERSION`
 * @throws {PolicyContradictionError} `ERR_GUARDRAILS_POLICY_CONTRADICTION`
 * @throws {PolicyExtendsError} `ERR_GUARDRAILS_POLICY_EXTENDS`
 */
export async function compilePolicy(given: CompilePolicyOptions): Promise<CompiledPolicy> {
  const source = await resolvePolicy(given);
  const options = { ...given, resources: given.resources ?? createRailResources(given) };
  const compile = async (layer: PolicyLayer, tenant?: string): Promise<Guardrails> =>
    compileLayer(layer, source, tenant, options);
  const guardrails = await compile(source);
  const byTenant = new Map<string, Guardrails>();
  for (const [tenant, layer] of Object.entries(source.tenants)) {
    byTenant.set(tenant, await compile(mergeLayers(source, layer), tenant));
  }
  return {
    name: source.name,
    source,
    tenants: [...byTenant.keys()],
    guardrails,
    forTenant: (tenant) => (tenant === undefined ? undefined : byTenant.get(tenant)) ?? guardrails,
  };
}

type WithResources = CompilePolicyOptions & { readonly resources: RailResources };

async function compileLayer(
  layer: PolicyLayer,
  source: ResolvedPolicy,
  tenant: string | undefined,
  options: WithResources,
): Promise<Guardrails> {
  const isDryRun = layer.mode === 'dry-run';
  const settings: Record<string, RailSettings> = {};
  const rails: Rail[] = [];
  const add = (rail: Rail, about: RailSettings): void => {
    rails.push(rail);
    settings[rail.name] = about;
  };
  for (const entry of layer.rails) {
    if (entry.mode === 'off') continue;
    const onFault = entry['on-fault'];
    const timeoutMs = entry['timeout-ms'];
    add(await railOf(entry, source, options), {
      isDryRun: isDryRun || entry.mode === 'dry-run',
      ...(onFault === undefined ? {} : { onFault }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }
  for (const rail of ethicsRails(layer, source, options)) add(rail, { isDryRun });
  for (const rail of options.rails ?? []) add(rail, { isDryRun });
  const flow = flowOf(layer, source);
  const disclosure = layer.ethics?.disclosure;
  const { clock, logger } = options;
  const guardrails = createGuardrails({
    rails,
    settings,
    ...(layer['timeout-ms'] === undefined ? {} : { timeoutMs: layer['timeout-ms'] }),
    ...(layer['budget-ms'] === undefined ? {} : { budgetMs: layer['budget-ms'] }),
    ...(flow === undefined ? {} : { judgeToolCall: await createToolFlow(flow, { isDryRun }) }),
    ...(disclosure?.mode === 'add' && !isDryRun ? { preamble: disclosure.text } : {}),
    ...(clock === undefined ? {} : { clock }),
    ...(logger === undefined ? {} : { logger }),
  });
  const escalated = layer.ethics?.escalation?.categories ?? [];
  if (escalated.length === 0 || options.onEscalation === undefined) return guardrails;
  return escalate(guardrails, escalated, options.onEscalation, { policy: source.name, tenant });
}

async function railOf(
  entry: PolicyRail,
  source: ResolvedPolicy,
  options: WithResources,
): Promise<Rail> {
  const {
    id,
    kind,
    at,
    mode: _mode,
    'on-fault': _onFault,
    'timeout-ms': _timeoutMs,
    ...own
  } = entry;
  const kinds = { ...railKinds, ...options.kinds };
  const place = {
    policy: options.name ?? source.name,
    path: `rails.${id}`,
    line: source.lineOfRail(id),
  };
  const made = kind !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (made === undefined) {
    throw new PolicyInvalidError({
      ...place,
      problem:
        kind === undefined ? `the rail "${id}" has no kind` : `the kind "${kind}" is not known`,
      fix: `Use one of ${Object.keys(kinds).join(', ')}`,
    });
  }
  let rail: MadeRail;
  try {
    const { embeddingModel, resources } = options;
    rail = await made.create(own, { name: id, points: at, embeddingModel, resources });
  } catch (cause) {
    throw new PolicyInvalidError({
      ...place,
      problem: cause instanceof Error ? cause.message.replace(/\.$/u, '') : String(cause),
      fix: 'Correct the options of this rail',
      cause,
    });
  }
  if ('problem' in rail) {
    throw new PolicyInvalidError({
      ...place,
      problem: rail.problem,
      fix: 'Correct the options of this rail',
    });
  }
  return rail;
}

function ethicsRails(
  layer: PolicyLayer,
  source: ResolvedPolicy,
  options: CompilePolicyOptions,
): readonly Rail[] {
  const { ethics } = layer;
  if (ethics === undefined) return [];
  const rails = (ethics['disallowed-uses'] ?? []).flatMap(
    ({ id, phrases = [], examples = [] }): Rail[] => {
      const place = { policy: options.name ?? source.name, path: `ethics.disallowed-uses.${id}` };
      if (phrases.length + examples.length === 0) {
        throw new PolicyInvalidError({
          ...place,
          problem: 'nothing tells this use, so that it could not be enforced',
          fix: 'Give "phrases", "examples" or both',
        });
      }
      const made: Rail[] = [];
      const category = `ethics.${id}`;
      if (phrases.length > 0) {
        made.push(
          createKeywordRail({
            name: category,
            points: ['input'],
            words: phrases,
            category,
            action: 'block',
          }),
        );
      }
      if (examples.length > 0) {
        const { embeddingModel } = options;
        if (embeddingModel === undefined) {
          throw new PolicyInvalidError({
            ...place,
            problem: 'its examples need an embedding model, and there is none',
            fix: 'Give "phrases" instead, or an embedding model',
          });
        }
        made.push(
          createTopicRail({
            name: `${category}.examples`,
            points: ['input'],
            deny: [{ name: id, examples }],
            embeddingModel,
          }),
        );
      }
      return made;
    },
  );
  if (ethics.disclosure !== undefined) rails.push(createIdentityRail({ name: 'ethics.identity' }));
  return rails;
}

/** Human oversight is a rule of the tool flow: nothing that a model says gets around it. */
function flowOf(layer: PolicyLayer, source: ResolvedPolicy): ToolFlowRulesInput | undefined {
  const oversight = layer.ethics?.['human-oversight'];
  const flow = layer['tool-flow'];
  if (oversight === undefined) return flow;
  if (flow?.sinks['oversight'] !== undefined) {
    throw new PolicyContradictionError({
      policy: source.name,
      path: 'tool-flow.sinks.oversight',
      problem: 'the label "oversight" is that of ethics.human-oversight',
    });
  }
  const rules = flow?.rules ?? [];
  return {
    ...flow,
    sinks: { ...flow?.sinks, oversight: oversight.approve },
    rules: [
      ...rules,
      { id: 'ethics.human-oversight', from: ['*'], to: ['oversight'], action: 'approve' },
    ],
  };
}

function escalate(
  guardrails: Guardrails,
  patterns: readonly string[],
  tell: (record: EscalationRecord) => void,
  about: Pick<EscalationRecord, 'policy' | 'tenant'>,
): Guardrails {
  return observeGuardrails(guardrails, (reports) => {
    for (const report of reports) {
      if (report.verdict.action === 'allow') continue;
      const categories = [
        ...new Set(report.verdict.findings.map(({ category }) => category)),
      ].filter((category) => patterns.some((pattern) => fitsNamePattern(category, pattern)));
      if (categories.length > 0) tell({ ...about, categories, report });
    }
  });
}
