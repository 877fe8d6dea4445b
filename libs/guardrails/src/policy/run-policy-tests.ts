import type { Guardrails, Message, RailReport } from '@espalier/core';
import type { CompiledPolicy } from './compile-policy.js';
import type { PolicyTest } from './policy-schema.js';

/** How one test of a policy ended. */
export interface PolicyTestResult {
  readonly name: string;
  readonly isPassed: boolean;
  /** What came instead; empty when passed. */
  readonly problems: readonly string[];
  readonly action: PolicyTest['expect']['action'];
  readonly reports: readonly RailReport[];
}

/** Runs the tests that stand in a policy, in order. */
export async function runPolicyTests(policy: CompiledPolicy): Promise<readonly PolicyTestResult[]> {
  const results: PolicyTestResult[] = [];
  for (const test of policy.source.tests) {
    const outcome = await outcomeOf(policy.forTenant(test.tenant), test);
    const problems = problemsOf(test, outcome);
    results.push({
      name: test.name,
      isPassed: problems.length === 0,
      problems,
      action: outcome.action,
      reports: outcome.reports,
    });
  }
  return results;
}

interface Outcome {
  readonly action: PolicyTest['expect']['action'];
  readonly text: string;
  readonly reports: readonly RailReport[];
}

async function outcomeOf(guardrails: Guardrails, test: PolicyTest): Promise<Outcome> {
  if (test.call !== undefined) {
    const { tool, input } = test.call;
    const decision = guardrails.judgeToolCall?.({
      toolCallId: 'test',
      toolName: tool,
      input,
      messages: messagesAfter(test),
    });
    if (decision !== undefined && decision.action !== 'allow') {
      return { action: decision.action, text: '', reports: decision.reports };
    }
    return checked(guardrails, { ...test, at: 'tool-call', text: JSON.stringify(input) }, tool);
  }
  return checked(guardrails, test);
}

async function checked(
  guardrails: Guardrails,
  test: PolicyTest,
  toolName?: string,
): Promise<Outcome> {
  const text = test.text ?? (test.turns ?? []).map((turn) => turn.text).join('\n\n');
  const result = await guardrails.check({
    point: test.at,
    text,
    ...(toolName === undefined ? {} : { toolName }),
    ...(test.turns === undefined ? {} : { turns: test.turns }),
    ...(test.evidence === undefined ? {} : { evidence: test.evidence }),
  });
  const action = result.isBlocked ? 'block' : result.text === text ? 'allow' : 'redact';
  return { action, text: result.text, reports: result.reports };
}

function messagesAfter(test: PolicyTest): readonly Message[] {
  return (test.after ?? []).flatMap(({ tool, output }, index): Message[] => {
    const call = { toolCallId: `before-${index}`, toolName: tool };
    return [
      { role: 'assistant', content: [{ type: 'tool-call', ...call, input: {} }] },
      { role: 'tool', content: [{ type: 'tool-result', ...call, output }] },
    ];
  });
}

function problemsOf(test: PolicyTest, outcome: Outcome): readonly string[] {
  const { expect } = test;
  const problems: string[] = [];
  const told = outcome.reports.filter(({ verdict }) => verdict.action !== 'allow');
  const rails = told.map(({ rail }) => rail);
  const categories = told.flatMap(({ verdict }) =>
    verdict.action === 'allow' ? [] : verdict.findings.map(({ category }) => category),
  );
  if (outcome.action !== expect.action)
    problems.push(`the action is ${outcome.action}, not ${expect.action}`);
  if (expect.rail !== undefined && !rails.includes(expect.rail)) {
    problems.push(`the rail "${expect.rail}" did not decide (${rails.join(', ') || 'none did'})`);
  }
  if (expect.category !== undefined && !categories.includes(expect.category)) {
    problems.push(
      `the category "${expect.category}" was not found (${[...new Set(categories)].join(', ') || 'none was'})`,
    );
  }
  if (expect.text !== undefined && outcome.text !== expect.text) {
    problems.push(`the text left is ${JSON.stringify(outcome.text)}`);
  }
  return problems;
}
