import {
  EspalierError,
  truncateValue,
  type GuardCheckResult,
  type RailPoint,
} from '@espalier/core';
import {
  createInjectionDetector,
  createModerator,
  createReadings,
  runPolicyTests,
  type CompiledPolicy,
} from '@espalier/guardrails';
import { loadPolicy } from '../../composition/load-policy.js';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../cli-error.js';

/** What `espalier guard test` takes. */
export interface GuardTestLine {
  readonly json?: boolean;
}

/** What `espalier guard check` and `explain` take. */
export interface GuardCheckLine {
  readonly policy: string;
  readonly at: RailPoint;
  readonly tenant?: string;
  readonly json?: boolean;
}

/** Runs the tests of a policy; fails where one fails, and where there is none. */
export async function guardTest(
  file: string,
  options: GuardTestLine,
  context: CliContext,
): Promise<number> {
  const policy = await policyOf(file, context);
  const results = await runPolicyTests(policy);
  const failed = results.filter(({ isPassed }) => !isPassed).length;
  if (options.json === true) {
    context.out(
      `${JSON.stringify({
        policy: policy.name,
        passed: results.length - failed,
        failed,
        tests: results.map(({ name, isPassed, action, problems }) => ({
          name,
          isPassed,
          action,
          problems,
        })),
      })}\n`,
    );
  } else {
    for (const { name, isPassed, action, problems } of results) {
      context.out(`${isPassed ? 'ok  ' : 'FAIL'}  ${action.padEnd(7)} ${name}\n`);
      for (const problem of problems) context.out(`      ${problem}\n`);
    }
    context.out(
      results.length === 0
        ? `The policy "${policy.name}" has no tests. Write some under "tests".\n`
        : `${results.length - failed} of ${results.length} tests passed.\n`,
    );
  }
  return failed === 0 && results.length > 0 ? EXIT.ok : EXIT.failure;
}

/** Shows what a policy makes of a text. */
export async function guardCheck(
  text: string,
  options: GuardCheckLine,
  context: CliContext,
): Promise<number> {
  const result = await checkText(text, options, context);
  if (options.json === true) context.out(`${JSON.stringify(result)}\n`);
  else showResult(result, context);
  return result.isBlocked ? EXIT.failure : EXIT.ok;
}

/** Shows how a text is read, what scores it has, and which rule decides. */
export async function guardExplain(
  text: string,
  options: GuardCheckLine,
  context: CliContext,
): Promise<number> {
  const result = await checkText(text, options, context);
  const readings = [...new Set(createReadings(text).map((reading) => reading.text))];
  const { abortSignal } = context;
  const [moderation, injection] = await Promise.all([
    createModerator({ profile: 'fast' }).then((moderator) =>
      moderator.classify({ text, abortSignal }),
    ),
    createInjectionDetector({ profile: 'fast' }).then((detector) =>
      detector.classify({ text, source: 'user', abortSignal }),
    ),
  ]);
  if (options.json === true) {
    context.out(`${JSON.stringify({ readings, scores: { moderation, injection }, result })}\n`);
  } else {
    context.out(
      `Readings\n${readings.map((reading) => `  ${truncateValue(reading, 200)}\n`).join('')}`,
    );
    context.out(
      `Scores\n  injection ${injection.score.toFixed(3)}\n  moderation ${moderation.score.toFixed(3)}\n`,
    );
    const categories = Object.entries(moderation.categories)
      .sort(([, a], [, b]) => b.score - a.score)
      .slice(0, 5);
    for (const [name, { score, flagged }] of categories) {
      context.out(`    ${name} ${score.toFixed(3)}${flagged ? ' flagged' : ''}\n`);
    }
    context.out('Verdict\n');
    showResult(result, context);
  }
  return result.isBlocked ? EXIT.failure : EXIT.ok;
}

async function checkText(
  text: string,
  { policy: file, at: point, tenant }: GuardCheckLine,
  context: CliContext,
): Promise<GuardCheckResult> {
  const policy = await policyOf(file, context);
  if (tenant !== undefined && !policy.tenants.includes(tenant)) {
    throw inputError(
      `The policy has no tenant ${truncateValue(tenant)}. It has: ${policy.tenants.join(', ') || 'none'}.`,
    );
  }
  return policy.forTenant(tenant).check({
    point,
    text,
    abortSignal: context.abortSignal,
    ...(point === 'conversation' ? { turns: [{ role: 'user' as const, text }] } : {}),
  });
}

function showResult(result: GuardCheckResult, context: CliContext): void {
  for (const { rail, verdict, isDryRun } of result.reports) {
    if (verdict.action === 'allow') continue;
    context.out(
      `  ${verdict.action} by ${rail}${isDryRun === true ? ' (dry run)' : ''}: ${verdict.reason}\n`,
    );
    for (const { category, score, span, rule } of verdict.findings) {
      context.out(
        `    ${category} ${score.toFixed(3)} at ${span.start}–${span.end}${rule === undefined ? '' : `, rule ${rule}`}\n`,
      );
    }
  }
  context.out(
    result.isBlocked ? `  blocked: ${result.reason ?? ''}\n` : `  goes on as: ${result.text}\n`,
  );
}

async function policyOf(file: string, context: CliContext): Promise<CompiledPolicy> {
  try {
    return await loadPolicy(file, { directory: context.directory });
  } catch (error) {
    if (EspalierError.isInstance(error)) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw inputError(
      `The policy ${truncateValue(file, 200)} cannot be read: ${problem}. Give a file, or a policy of the library.`,
      error,
    );
  }
}

function inputError(message: string, cause?: unknown): CliError {
  return new CliError({ code: 'ERR_CLI_INPUT', message, exitCode: EXIT.failure, cause });
}
