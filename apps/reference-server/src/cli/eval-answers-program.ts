import { Option, type Command } from 'commander';
import type { CliContext } from './cli-context.js';
import { connected, CONNECTION_HELP } from './connected.js';
import type { EvalAnswersOptions } from './eval-answers.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

/** Adds `espalier eval answers`. */
export function addEvalAnswers(evaluate: Command, run: Run, context: CliContext): void {
  connected(evaluate.command('answers'))
    .description('ask questions and measure how well the answers rest on what they cite')
    .requiredOption(
      '--questions <file>',
      'one JSON object a line: question, and optionally id, answer, gold, answerable',
    )
    .option(
      '--corpus <file>',
      'passages in BEIR’s format: answers by quoting them, without a server',
    )
    .addOption(
      new Option('--profile <profile>', 'of the search in --corpus')
        .choices(['quality', 'balanced', 'speed'])
        .default('quality'),
    )
    .addOption(
      new Option('--top <n>', 'passages of --corpus for an answer').argParser(Number).default(5),
    )
    .option('--cache <folder>', 'keep what was encoded of --corpus here, for the next time')
    .option('--agent <name>', 'agent of the server that answers (default: the first)')
    .option('--model <id>', 'model that answers (default: the agent’s own)')
    .option('--kb <name>', 'knowledge base to answer from (default: the agent’s own)')
    .option('--judge <id>', 'model of the server that judges doubtful claims (default: offline)')
    .addOption(
      new Option('--threshold <p>', 'doubt from which a claim counts as unsupported')
        .argParser(Number)
        .default(0.8),
    )
    .addOption(
      new Option('--concurrency <n>', 'questions asked of a server at once')
        .argParser(Number)
        .default(2),
    )
    .option('--html <file>', 'write a report with plots and the worst answers here')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}

A question may say what would be right: "answer" (a text or a list), "gold" (ids or sources of documents, or
{"document", "quote"}), "answerable": false where the documents do not answer.
Each sentence of an answer is a claim. Claims are held against the passages they cite by the check of the
groundedness rail, which needs no model; intervals are bootstrapped over the questions.

Examples:
  $ espalier eval answers --questions questions.jsonl --corpus corpus.jsonl
  $ espalier eval answers --questions questions.jsonl --kb handbook --model local --html answers.html
  $ espalier eval answers --questions questions.jsonl --kb handbook --judge local --json`,
    )
    .action(
      run<EvalAnswersOptions>(async (options) =>
        (await import('./eval-answers.js')).evalAnswers(options, context),
      ),
    );
}
