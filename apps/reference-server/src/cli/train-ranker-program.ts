import { Option, type Command } from 'commander';
import type { CliContext } from './cli-context.js';
import type { TrainRankerLine } from './train-ranker.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

/** Adds `espalier train-ranker`; it needs no server. */
export function addTrainRanker(program: Command, run: Run, context: CliContext): void {
  program
    .command('train-ranker')
    .description('learn to order search results from judgements or clicks; needs no server')
    .requiredOption('--corpus <file>', 'passages, one JSON object a line: _id, title, text')
    .requiredOption('--queries <file>', 'questions, one JSON object a line: _id, text')
    .option('--qrels <file>', 'judgements: query, passage and grade with tabs between them')
    .option('--clicks <file>', 'or clicks: query, passage, rank and 1 or 0 with tabs between them')
    .requiredOption('--out <file>', 'write the ranker here')
    .addOption(
      new Option('--profile <profile>', 'whose candidates are ordered')
        .choices(['quality', 'balanced', 'speed'])
        .default('quality'),
    )
    .option('--weights <file>', 'weights in place of the profile’s, as eval sweep writes them')
    .addOption(
      new Option(
        '--for <place>',
        'knowledge-base: learn only from what its searches know, too',
      ).choices(['collection', 'knowledge-base']),
    )
    .addOption(
      new Option('--folds <n>', 'parts of the cross-validation').argParser(Number).default(5),
    )
    .addOption(new Option('--seed <n>', 'of the split').argParser(Number).default(1))
    .addOption(new Option('--trees <n>', 'trees at most (default 200)').argParser(Number))
    .addOption(new Option('--leaves <n>', 'leaves of a tree at most (default 4)').argParser(Number))
    .addOption(new Option('--threads <n>', 'threads that encode').argParser(Number))
    .option('--cache <folder>', 'keep what was encoded here, for the next time')
    .option('--json', 'print one JSON document instead of a table')
    .addHelpText(
      'after',
      `
Queries are split into folds; the figure is of queries that the ranker has not seen. Some hundred judged queries are needed.

Examples:
  $ espalier train-ranker --corpus corpus.jsonl --queries queries.jsonl --qrels qrels.tsv --out ranker.json
  $ espalier train-ranker --corpus corpus.jsonl --queries queries.jsonl --clicks clicks.tsv --out ranker.json
  $ espalier train-ranker --corpus corpus.jsonl --queries queries.jsonl --qrels qrels.tsv --for knowledge-base --out ranker.json
  $ espalier eval retrieval --corpus corpus.jsonl --queries others.jsonl --qrels others.tsv --ranker ranker.json`,
    )
    .action(
      run<TrainRankerLine>(async (options) =>
        (await import('./train-ranker.js')).trainRankerFile(options, context),
      ),
    );
}
