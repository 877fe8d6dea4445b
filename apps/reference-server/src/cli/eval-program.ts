import { Option, type Command } from 'commander';
import type { CliContext } from './cli-context.js';
import { addEvalAnswers } from './eval-answers-program.js';
import type { EvalChunkingOptions } from './eval-chunking.js';
import type { EvalCompareOptions } from './eval-compare.js';
import { addEvalFairness } from './eval-fairness-program.js';
import { addEvalBias, addEvalGuardrails } from './eval-guardrails-program.js';
import type { EvalRetrievalOptions } from './eval-retrieval.js';
import type { EvalSweepOptions } from './eval-sweep.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

/** Adds `espalier eval`; of its commands only `answers` and `fairness` may need a server. */
export function addEval(program: Command, run: Run, context: CliContext): void {
  const evaluate = program
    .command('eval')
    .description('measure search, chunking, answers and guards on judged data');

  addEvalAnswers(evaluate, run, context);
  addEvalGuardrails(evaluate, run, context);
  addEvalBias(evaluate, run, context);
  addEvalFairness(evaluate, run, context);

  evaluate
    .command('retrieval')
    .description('rank a collection in BEIR’s formats and measure the ranking')
    .requiredOption('--corpus <file>', 'passages, one JSON object a line: _id, title, text')
    .requiredOption('--queries <file>', 'questions, one JSON object a line: _id, text')
    .requiredOption('--qrels <file>', 'judgements: query, passage and grade with tabs between them')
    .addOption(
      new Option('--profile <profile>', 'trade of quality for speed')
        .choices(['quality', 'balanced', 'speed'])
        .default('quality'),
    )
    .option('--weights <file>', 'weights in place of the profile’s, as eval sweep writes them')
    .option(
      '--ranker <file>',
      'order the candidates by a learned ranker, as train-ranker writes it',
    )
    .option('--reranker <folder>', 'order the first passages by this ONNX cross-encoder')
    .addOption(
      new Option('--rerank-depth <n>', 'passages that the cross-encoder reads')
        .argParser(Number)
        .default(50),
    )
    .addOption(
      new Option(
        '--rerank-weight <share>',
        'say of the cross-encoder; below 1 the ranking keeps the rest',
      )
        .argParser(Number)
        .default(1),
    )
    .option('--run <file>', 'write the ranking here, in TREC’s format')
    .option('--html <file>', 'write a report with plots and the worst queries here')
    .addOption(
      new Option('--depth <n>', 'passages ranked for each query').argParser(Number).default(1000),
    )
    .addOption(
      new Option(
        '--threads <n>',
        'threads that encode (default: one for each core, at most 8)',
      ).argParser(Number),
    )
    .option('--cache <folder>', 'keep what was encoded here, for the next time')
    .option('--adapt', 'let queries learn from titles and comments (profile quality)')
    .option('--strict', 'fail on a malformed row instead of leaving it out')
    .option('--json', 'print one JSON document instead of a table')
    .addHelpText(
      'after',
      `
A passage may say what it was cut from: "metadata": {"document_id": "guide.md", "position": 3}.
Judgements are read for the metrics only; they never change the ranking.

Examples:
  $ espalier eval retrieval --corpus corpus.jsonl --queries queries.jsonl --qrels qrels.tsv
  $ espalier eval retrieval --corpus corpus.jsonl --queries queries.jsonl --qrels qrels.tsv --profile speed --run run.trec --json`,
    )
    .action(
      run<EvalRetrievalOptions>(async (options) =>
        (await import('./eval-retrieval.js')).evalRetrieval(options, context),
      ),
    );

  evaluate
    .command('sweep')
    .description('tune the weights of a profile on judged queries, and show what is gained')
    .requiredOption('--corpus <file>', 'passages, one JSON object a line: _id, title, text')
    .requiredOption('--queries <file>', 'questions, one JSON object a line: _id, text')
    .requiredOption('--qrels <file>', 'judgements: query, passage and grade with tabs between them')
    .addOption(
      new Option('--profile <profile>', 'whose weights are the start')
        .choices(['quality', 'balanced', 'speed'])
        .default('quality'),
    )
    .option('--out <file>', 'write the best weights here, with the evidence')
    .option('--html <file>', 'write a report with plots here')
    .addOption(
      new Option('--metric <name>', 'what is made better')
        .choices(['ndcg@10', 'mrr', 'map', 'recall@5', 'recall@10', 'recall@20', 'recall@100'])
        .default('ndcg@10'),
    )
    .option('--legs <names>', 'legs that are tried, with commas between them (default: all)')
    .addOption(
      new Option('--holdout <share>', 'queries that nothing is chosen by')
        .argParser(Number)
        .default(0.3),
    )
    .addOption(
      new Option('--folds <n>', 'parts of the cross-validation').argParser(Number).default(5),
    )
    .addOption(new Option('--seed <n>', 'of the split').argParser(Number).default(1))
    .addOption(new Option('--threads <n>', 'threads that encode').argParser(Number))
    .option('--cache <folder>', 'keep what was encoded here, for the next time')
    .option('--json', 'print one JSON document instead of a table')
    .addHelpText(
      'after',
      `
The weights are chosen on one part of the queries, cross-validated within it, and compared on the part that was held out.
Where the gain may be chance, the weights of the profile stay.

Examples:
  $ espalier eval sweep --corpus corpus.jsonl --queries queries.jsonl --qrels qrels.tsv --out weights.json
  $ espalier eval retrieval --corpus corpus.jsonl --queries others.jsonl --qrels others.tsv --weights weights.json`,
    )
    .action(
      run<EvalSweepOptions>(async (options) =>
        (await import('./eval-sweep.js')).evalSweep(options, context),
      ),
    );

  evaluate
    .command('compare')
    .description('compare two rankings query by query, with a paired test of significance')
    .argument('<first>', 'ranking in TREC’s format')
    .argument('<second>', 'the other one')
    .requiredOption('--qrels <file>', 'judgements: query, passage and grade with tabs between them')
    .option('--json', 'print one JSON document instead of a table')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier eval compare before.trec after.trec --qrels qrels.tsv',
    )
    .action(
      run<EvalCompareOptions>(async (options, first: string, second: string) =>
        (await import('./eval-compare.js')).evalCompare([first, second], options, context),
      ),
    );

  evaluate
    .command('chunking')
    .description('measure how well chunks hold the passages that answer questions')
    .requiredOption('--corpus <folder>', 'documents: <corpus_id>.md or .txt')
    .requiredOption(
      '--questions <file>',
      'CSV with the columns question, references (JSON: content, start_index, end_index), corpus_id',
    )
    .addOption(
      new Option(
        '--chunk-tokens <n>',
        'most tokens of a chunk (default: 50, of fixed passages 200)',
      ).argParser(Number),
    )
    .addOption(
      new Option('--passages <how>', 'as long as the scores ask for, or the chunks themselves')
        .choices(['adaptive', 'fixed'])
        .default('adaptive'),
    )
    .addOption(
      new Option('--top <n>', 'passages found for a question').argParser(Number).default(5),
    )
    .addOption(
      new Option('--profile <profile>', 'trade of quality for speed')
        .choices(['quality', 'balanced', 'speed'])
        .default('quality'),
    )
    .option('--cache <folder>', 'keep what was encoded here, for the next time')
    .option('--html <file>', 'write a report with plots and the worst questions here')
    .option('--json', 'print one JSON document instead of a table')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier eval chunking --corpus ./corpora --questions questions.csv\n  $ espalier eval chunking --corpus ./corpora --questions questions.csv --passages fixed --chunk-tokens 200 --json',
    )
    .action(
      run<EvalChunkingOptions>(async (options) =>
        (await import('./eval-chunking.js')).evalChunking(options, context),
      ),
    );
}
