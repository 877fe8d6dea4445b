import { Option, type Command } from 'commander';
import { BACKEND_NAMES } from './backend-names.js';
import type { CliContext } from './cli-context.js';
import { connected, CONNECTION_HELP } from './connected.js';
import type { EvalFairnessOptions } from './eval-fairness.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

/** Adds `espalier eval fairness`. */
export function addEvalFairness(evaluate: Command, run: Run, context: CliContext): void {
  connected(evaluate.command('fairness'))
    .description('measure how a model or agent speaks of different groups of people')
    .addOption(
      new Option('--task <task>', 'what is measured')
        .choices(['stereotypes', 'swaps', 'templates'])
        .makeOptionMandatory(),
    )
    .option(
      '--rows <file>',
      'pairs (CSV of CrowS-Pairs, or JSON with more, less, kind), or prompts (JSON with text)',
    )
    .option('--folder <folder>', 'stereotypes: a decoder on disk that computes how likely each is')
    .addOption(
      new Option('--backend <name>', 'what computes for --folder').choices([...BACKEND_NAMES]),
    )
    .option(
      '--endpoint <url>',
      'stereotypes: base of OpenAI’s completions with "echo" and "logprobs"; its key is OPENAI_API_KEY',
    )
    .option('--agent <name>', 'agent of the server that answers (default: the first)')
    .option('--model <id>', 'model of the agent, or of --endpoint')
    .option(
      '--groups <names>',
      'templates: groups to compare, with commas (default: the usual ones)',
    )
    .addOption(new Option('--limit <n>', 'use the first rows only').argParser(Number))
    .option('--html <file>', 'write a report with plots here')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}

stereotypes  which of two sentences that differ in the group is held the likelier: by log-probabilities with --folder or
             --endpoint, else the agent is asked. One half is no bias.
swaps        each prompt again with every other group in the place of the one it names; the answers' sentiment compared.
templates    the same questions about each group ("{group}" in --rows, or the built-in ones): sentiment and who appears.

Figures come with intervals that hold the true value in 95 of 100 cases.

Examples:
  $ espalier eval fairness --task stereotypes --rows crows_pairs.csv --folder models/gpt2 --html stereotypes.html
  $ espalier eval fairness --task stereotypes --rows crows_pairs.csv --endpoint http://localhost:8000/v1 --model base
  $ espalier eval fairness --task swaps --rows prompts.jsonl --agent support
  $ espalier eval fairness --task templates --model local --json`,
    )
    .action(
      run<EvalFairnessOptions>(async (options) =>
        (await import('./eval-fairness.js')).evalFairness(options, context),
      ),
    );
}
