import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AnswerEvaluation } from '@espalier/rag/evaluation';
import type { HybridProfile } from '@espalier/rag/ranking';
import { EXIT } from '../errors/exit-codes.js';
import { ANSWER_METRICS, type AnswersSummary } from './answer-metrics.js';
import { openAgentSource } from './agent-source.js';
import type { AnswerSource, TimedAnswer } from './answer-source.js';
import { createClaimSupport } from './claim-support.js';
import type { CliContext, ConnectionOptions } from './cli-context.js';
import { assertCount, evalInputError, readRows, reportProblems } from './eval-files.js';
import { openExtractiveSource } from './extractive-source.js';
import { createProgressBar } from './output/progress-bar.js';
import { renderTable } from './output/table.js';
import { percentile } from './report/percentile.js';

/** Options of `espalier eval answers`. */
export interface EvalAnswersOptions extends ConnectionOptions {
  readonly questions: string;
  readonly corpus?: string;
  readonly profile: HybridProfile;
  readonly top: number;
  readonly cache?: string;
  readonly agent?: string;
  readonly model?: string;
  readonly kb?: string;
  readonly judge?: string;
  readonly threshold: number;
  readonly concurrency: number;
  readonly html?: string;
}

/** Asks the questions, judges the answers, and prints how good they are. */
export async function evalAnswers(
  options: EvalAnswersOptions,
  context: CliContext,
): Promise<number> {
  assertCount('top', options.top);
  assertCount('concurrency', options.concurrency);
  if (!(options.threshold > 0 && options.threshold <= 1))
    throw evalInputError('The option --threshold must be a number above 0 and up to 1.');
  const { evaluateAnswers, parseAnswerQuestions } = await import('@espalier/rag/evaluation');
  const questions = await readRows(options.questions, parseAnswerQuestions, context);
  reportProblems(questions.problems, { strict: false }, context);
  if (questions.rows.length === 0)
    throw evalInputError(`The file ${options.questions} holds no question.`);
  const supports = await createClaimSupport(options, context);
  const source =
    options.corpus === undefined
      ? await openAgentSource(options, context)
      : await openExtractiveSource({ ...options, corpus: options.corpus }, context);
  const progress = createProgressBar(context);
  const total = questions.rows.length;
  try {
    const answers = await askAll(source, questions.rows, (done) => {
      progress.update({ label: 'asking', done, total });
    });
    const evaluation = await evaluateAnswers({
      cases: answers,
      supports,
      abortSignal: context.abortSignal,
      onProgress: ({ done }) => {
        progress.update({ label: 'judging', done, total });
      },
    });
    progress.end();
    const report = {
      source: source.name,
      judge: options.judge ?? 'offline',
      questions: total,
      skippedRows: questions.problems.length,
      declined: evaluation.results.filter(({ isDeclined }) => isDeclined).length,
      claims: evaluation.results.reduce((sum, { claims }) => sum + claims.length, 0),
      metrics: evaluation.metrics,
      ...costOf(answers),
    };
    if (options.html !== undefined) {
      const { renderAnswersReport } = await import('./answers-report.js');
      const html = renderAnswersReport({ report, evaluation, answers });
      await writeFile(resolve(context.directory, options.html), html);
    }
    context.out(
      options.json === true
        ? `${JSON.stringify({ ...report, answers: answers.map((answer, n) => rowOf(answer, evaluation, n)) })}\n`
        : renderSummary(report),
    );
    return EXIT.ok;
  } finally {
    progress.end();
    await source.close();
  }
}

async function askAll(
  source: AnswerSource,
  questions: Parameters<AnswerSource['ask']>[0][],
  onProgress: (done: number) => void,
): Promise<TimedAnswer[]> {
  const answers: TimedAnswer[] = [];
  const waiting = questions.entries();
  let done = 0;
  const worker = async (): Promise<void> => {
    for (const [n, question] of waiting) {
      answers[n] = await source.ask(question);
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: source.concurrency }, worker));
  return answers;
}

function costOf(answers: readonly TimedAnswer[]) {
  const latencies = answers.map(({ latencyMs }) => latencyMs);
  const sum = (of: (answer: TimedAnswer) => number): number =>
    answers.reduce((total, answer) => total + of(answer), 0);
  return {
    latencyMs: {
      p50: Math.round(percentile(latencies, 0.5)),
      p95: Math.round(percentile(latencies, 0.95)),
    },
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    costUsd: sum(({ costUsd }) => costUsd),
  };
}

function rowOf({ question, answer }: TimedAnswer, { results }: AnswerEvaluation, n: number) {
  const { isDeclined, metrics, claims } = results[n] ?? {};
  return { id: question.id, question: question.question, answer, isDeclined, metrics, claims };
}

function renderSummary(report: AnswersSummary): string {
  const rows = ANSWER_METRICS.flatMap(([metric, meaning]) => {
    const found = report.metrics[metric];
    if (found === undefined) return [];
    const interval = found.interval.map((value) => value.toFixed(3)).join(' … ');
    return [[metric, found.mean.toFixed(3), interval, String(found.count), meaning]];
  });
  const { latencyMs, costUsd } = report;
  return (
    renderTable([['metric', 'mean', '95 % interval', 'of', ''], ...rows]) +
    `\n${report.questions} questions to ${report.source}: ${report.declined} declined, ${report.claims} claims judged ${report.judge === 'offline' ? 'offline' : `with ${report.judge}`}.\n` +
    `An answer: p50 ${latencyMs.p50} ms, p95 ${latencyMs.p95} ms; ${report.inputTokens} tokens in, ${report.outputTokens} out${costUsd > 0 ? `, $${costUsd.toFixed(4)}` : ''}.\n`
  );
}
