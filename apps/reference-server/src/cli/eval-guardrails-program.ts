import { Option, type Command } from 'commander';
import type { CliContext } from './cli-context.js';
import type { EvalBiasOptions } from './eval-bias.js';
import type { EvalGuardrailsOptions } from './eval-guardrails.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

/** Adds `espalier eval guardrails`; it needs no server. */
export function addEvalGuardrails(evaluate: Command, run: Run, context: CliContext): void {
  evaluate
    .command('guardrails')
    .description('judge each row of a file: harm, attacks, personal data, secrets')
    .addOption(
      new Option('--task <task>', 'what to look for')
        .choices(['moderation', 'injection', 'groundedness', 'pii', 'secrets'])
        .makeOptionMandatory(),
    )
    .requiredOption('--data <file>', 'texts, one JSON object a line: id, text, source?, label?')
    .requiredOption(
      '--out <file>',
      'where the results go, one JSON object a line: id, score, flagged, categories; or id, entities',
    )
    .addOption(
      new Option('--profile <profile>', 'which tiers decide, for moderation and injection')
        .choices(['fast', 'balanced', 'accurate'])
        .default('balanced'),
    )
    .option('--report <file>', 'write the figures, curves and wrong rows of labelled rows as HTML')
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
Places count UTF-16 code units, as JavaScript does. "source" is user (default), document or tool; rows with a "label" of 0
or 1 give figures.

Examples:
  $ espalier eval guardrails --task pii --data in.jsonl --out out.jsonl
  $ espalier eval guardrails --task secrets --data in.jsonl --out out.jsonl --json
  $ espalier eval guardrails --task injection --data in.jsonl --out out.jsonl --report report.html`,
    )
    .action(
      run<EvalGuardrailsOptions>(async (options) =>
        (await import('./eval-guardrails.js')).evalGuardrails(options, context),
      ),
    );
}

/** Adds `espalier eval bias`; it needs no server. */
export function addEvalBias(evaluate: Command, run: Run, context: CliContext): void {
  evaluate
    .command('bias')
    .description('measure how moderation treats texts about different groups of people')
    .requiredOption('--data <file>', 'texts, one JSON object a line: text, label (1 is harmful)')
    .addOption(
      new Option('--profile <profile>', 'which tiers decide')
        .choices(['fast', 'balanced', 'accurate'])
        .default('balanced'),
    )
    .option('--identities <names>', 'identities to measure, with commas (default: the usual ones)')
    .addOption(
      new Option('--threshold <score>', 'a score that flags, in the counterfactual pairs')
        .argParser(Number)
        .default(0.5),
    )
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
By identity: the AUC of harmless texts that name it against harmful ones that do not (BPSN), the other way round (BNSP), and
within the texts that name it. Counterfactual: each text against itself with another group named.

Example:
  $ espalier eval bias --data madlibs.jsonl`,
    )
    .action(
      run<EvalBiasOptions>(async (options) =>
        (await import('./eval-bias.js')).evalBias(options, context),
      ),
    );
}
