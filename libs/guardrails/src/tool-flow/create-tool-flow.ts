import type { JsonValue, RailReport, ToolCallDecision, ToolCallJudgement } from '@espalier/core';
import { PolicyContradictionError, PolicyInvalidError } from '../errors.js';
import { compileLinearPattern, type LinearPattern } from '../internal/linear-pattern.js';
import { fitsNamePattern } from '../internal/name-pattern.js';
import { argumentProblem, valueAt } from './argument-problem.js';
import { repeats, RETRIEVAL, TOOL, untrustedTexts } from './taint-of.js';
import { toolFlowSchema, type ToolFlowRules, type ToolFlowRulesInput } from './tool-flow-schema.js';

const STRICTNESS = { allow: 0, approve: 1, deny: 2 } as const;
type Action = keyof typeof STRICTNESS;

/** Decides on tool calls. */
export type ToolCallJudge = (options: ToolCallJudgement) => ToolCallDecision;

interface Hit {
  readonly action: Action;
  readonly rule: string;
  readonly reason: string;
}

/**
 * Makes a judge of tool calls from rules: what may follow on untrusted text, what arguments may be, how much may be spent.
 *
 * It follows from the conversation alone, so that it decides the same after a pause, in any process. Of several rules
 * that fit, the strictest holds. With `track: context` no call to a sink goes unapproved once a text of a source that a
 * rule names is in the conversation, whatever the model made of it.
 *
 * @throws {PolicyContradictionError} `ERR_GUARDRAILS_POLICY_CONTRADICTION`: two rules say different things of one flow.
 * @throws {PolicyInvalidError} `ERR_GUARDRAILS_POLICY_INVALID`: a rule names a label that is not defined, or a pattern
 * is not RE2's.
 */
export async function createToolFlow(
  input: ToolFlowRulesInput,
  options: { readonly isDryRun?: boolean } = {},
): Promise<ToolCallJudge> {
  const rules = toolFlowSchema.parse(input);
  assertConsistent(rules);
  const patterns = await compilePatterns(rules);
  return (call) => {
    const hits = [
      ...flowHits(rules, call),
      ...argumentHits(rules, patterns, call),
      ...budgetHits(rules, call),
    ];
    const strictest = hits.reduce<Hit | undefined>(
      (worst, hit) =>
        worst === undefined || STRICTNESS[hit.action] > STRICTNESS[worst.action] ? hit : worst,
      undefined,
    );
    if (strictest === undefined || strictest.action === 'allow')
      return { action: 'allow', reports: [] };
    const report: RailReport = {
      rail: 'tool-flow',
      point: 'tool-call',
      verdict: {
        action: 'block',
        reason: strictest.reason,
        findings: [
          {
            span: { start: 0, end: JSON.stringify(call.input).length },
            category: `tool-flow.${strictest.action}`,
            score: 1,
            rule: strictest.rule,
          },
        ],
      },
      ...(options.isDryRun === true ? { isDryRun: true } : {}),
    };
    return {
      action: options.isDryRun === true ? 'allow' : strictest.action,
      reason: strictest.reason,
      reports: [report],
    };
  };
}

function* flowHits(rules: ToolFlowRules, call: ToolCallJudgement): Generator<Hit> {
  const { toolName, input } = call;
  const sinks = Object.entries(rules.sinks)
    .filter(([, tools]) => tools.some((pattern) => fitsNamePattern(toolName, pattern)))
    .map(([label]) => label);
  const texts = untrustedTexts(rules, call.messages);
  const taints = [...texts.keys()].filter(
    (label) => rules.track === 'context' || repeats(input, texts.get(label) ?? []),
  );
  for (const [index, rule] of rules.rules.entries()) {
    const to = rule.to.find((label) => label === '*' || sinks.includes(label));
    if (to === undefined) continue;
    const from = rule.from.find((label) => label === '*' || taints.includes(label));
    if (from === undefined) continue;
    const cause = from === '*' ? '' : ` after text from "${from}", which is not trusted`;
    yield {
      action: rule.action,
      rule: rule.id ?? `rules.${index}`,
      reason:
        rule.reason ??
        `"${toolName}" may not be called${cause}${rule.action === 'approve' ? ' unless a person approves it' : ''}.`,
    };
  }
}

function* argumentHits(
  rules: ToolFlowRules,
  patterns: ReadonlyMap<string, LinearPattern>,
  { toolName, input }: ToolCallJudgement,
): Generator<Hit> {
  for (const [pattern, constraints] of Object.entries(rules.arguments)) {
    if (!fitsNamePattern(toolName, pattern)) continue;
    for (const [path, constraint] of Object.entries(constraints)) {
      const problem = argumentProblem({ input, path, constraint, patterns });
      if (problem === undefined) continue;
      yield {
        action: 'deny',
        rule: `arguments.${pattern}.${path}`,
        reason: `"${toolName}" was not called: ${problem}.`,
      };
    }
  }
}

function* budgetHits(rules: ToolFlowRules, call: ToolCallJudgement): Generator<Hit> {
  for (const [index, budget] of rules.budgets.entries()) {
    const counts = (name: string): boolean =>
      budget.tools.some((pattern) => fitsNamePattern(name, pattern));
    if (!counts(call.toolName)) continue;
    const made = [...madeCalls(call), { toolName: call.toolName, input: call.input }].filter(
      ({ toolName }) => counts(toolName),
    );
    const problem = budgetProblem(budget, made, call);
    if (problem === undefined) continue;
    yield {
      action: budget.action,
      rule: `budgets.${index}`,
      reason: `"${call.toolName}" was not called: ${problem}.`,
    };
  }
}

interface MadeCall {
  readonly toolName: string;
  readonly input: JsonValue;
}

function budgetProblem(
  budget: ToolFlowRules['budgets'][number],
  made: readonly MadeCall[],
  { costUsd, elapsedMs }: ToolCallJudgement,
): string | undefined {
  const maxCalls = budget['max-calls'];
  const maxCost = budget['max-cost-usd'];
  const maxSeconds = budget['max-seconds'];
  const maxSum = budget['max-sum'];
  if (maxCalls !== undefined && made.length > maxCalls) {
    return `the budget of ${maxCalls} calls is used up`;
  }
  if (maxCost !== undefined && costUsd !== undefined && costUsd > maxCost) {
    return `the run has cost more than ${maxCost} US dollars`;
  }
  if (maxSeconds !== undefined && elapsedMs !== undefined && elapsedMs > maxSeconds * 1000) {
    return `the run has taken longer than ${maxSeconds} s`;
  }
  if (maxSum === undefined) return undefined;
  let sum = 0;
  for (const { input } of made) {
    const value = Number(valueAt(input, maxSum.argument) ?? 0);
    // What cannot be counted, or would pay back what was spent, must not pass.
    if (!Number.isFinite(value) || value < 0) return `"${maxSum.argument}" is no amount`;
    sum += value;
  }
  return sum > maxSum.max
    ? `the sum of "${maxSum.argument}" would be ${sum}, more than ${maxSum.max}`
    : undefined;
}

/** The calls of the conversation that were made, refused ones left out, and those before this one in its turn. */
function madeCalls({ messages, earlierCalls = [] }: ToolCallJudgement): readonly MadeCall[] {
  const failed = new Set<string>();
  for (const message of messages) {
    if (message.role !== 'tool') continue;
    for (const { toolCallId, isError } of message.content)
      if (isError === true) failed.add(toolCallId);
  }
  const made = messages.flatMap((message) =>
    message.role === 'assistant'
      ? message.content.flatMap((part) =>
          part.type === 'tool-call' && !failed.has(part.toolCallId) ? [part] : [],
        )
      : [],
  );
  return [...made, ...earlierCalls];
}

function assertConsistent(rules: ToolFlowRules): void {
  const sources = new Set([...Object.keys(rules.sources), RETRIEVAL, TOOL, 'file', '*']);
  const sinks = new Set([...Object.keys(rules.sinks), '*']);
  const said = new Map<string, { action: Action; index: number }>();
  for (const [index, { from, to, action }] of rules.rules.entries()) {
    for (const source of from) {
      assertKnown(source, sources, `tool-flow.rules.${index}.from`);
      for (const sink of to) {
        assertKnown(sink, sinks, `tool-flow.rules.${index}.to`);
        const flow = `${source} → ${sink}`;
        const before = said.get(flow);
        if (before !== undefined && before.action !== action) {
          throw new PolicyContradictionError({
            path: `tool-flow.rules.${index}`,
            problem: `rule ${before.index} says "${before.action}" of the flow ${flow}, and rule ${index} "${action}"`,
          });
        }
        said.set(flow, { action, index });
      }
    }
  }
  for (const [tool, constraints] of Object.entries(rules.arguments)) {
    for (const [path, { min, max }] of Object.entries(constraints)) {
      if (min !== undefined && max !== undefined && min > max) {
        throw new PolicyContradictionError({
          path: `tool-flow.arguments.${tool}.${path}`,
          problem: `min ${min} is more than max ${max}`,
        });
      }
    }
  }
}

async function compilePatterns(rules: ToolFlowRules): Promise<ReadonlyMap<string, LinearPattern>> {
  const patterns = new Map<string, LinearPattern>();
  for (const [tool, constraints] of Object.entries(rules.arguments)) {
    for (const [path, { matches }] of Object.entries(constraints)) {
      if (matches === undefined || patterns.has(matches)) continue;
      try {
        patterns.set(matches, await compileLinearPattern(matches));
      } catch (cause) {
        throw new PolicyInvalidError({
          path: `tool-flow.arguments.${tool}.${path}`,
          problem: 'matches is no pattern in the syntax of RE2',
          fix: 'Leave out look-around and backreferences',
          cause,
        });
      }
    }
  }
  return patterns;
}

function assertKnown(label: string, known: ReadonlySet<string>, path: string): void {
  if (known.has(label)) return;
  throw new PolicyInvalidError({
    path,
    problem: `the label "${label}" is not defined`,
    fix: `Use one of ${[...known].join(', ')}, or define it`,
  });
}
