import { Option, type Command } from 'commander';
import type { CliContext } from './cli-context.js';
import type { EvalGuardrailsOptions } from './eval-guardrails.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

/** Adds `espalier eval guardrails`; it needs no server. */
export function addEvalGuardrails(evaluate: Command, run: Run, context: CliContext): void {
  evaluate
    .command('guardrails')
    .description('find personal data or secrets in each row of a file')
    .addOption(
      new Option('--task <task>', 'what to look for')
        .choices(['pii', 'secrets'])
        .makeOptionMandatory(),
    )
    .requiredOption('--data <file>', 'texts, one JSON object a line: id, text')
    .requiredOption('--out <file>', 'where the findings go, one JSON object a line: id, entities')
    .addOption(
      new Option('--types <names>', 'how personal data is called')
        .choices(['presidio', 'espalier'])
        .default('presidio'),
    )
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Each row is judged alone, in order. A row that is no {"id", "text"} is reported with its line and left out.
Places count UTF-16 code units, as JavaScript does.

Examples:
  $ espalier eval guardrails --task pii --data in.jsonl --out out.jsonl
  $ espalier eval guardrails --task secrets --data in.jsonl --out out.jsonl --json`,
    )
    .action(
      run<EvalGuardrailsOptions>(async (options) =>
        (await import('./eval-guardrails.js')).evalGuardrails(options, context),
      ),
    );
}
