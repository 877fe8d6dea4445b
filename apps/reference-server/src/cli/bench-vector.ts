import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BenchVectorLine } from './bench-vector-run.js';
import type { CliContext } from './cli-context.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

/** Adds `espalier bench vector`. */
export function addBench(program: Command, run: Run, context: CliContext): void {
  program
    .command('bench')
    .description('measure this machine')
    .command('vector')
    .description('build a vector index in a temporary folder and time queries against it')
    .addOption(
      new Option('--n <count>', 'vectors').argParser(whole(1, 10_000_000)).default(100_000),
    )
    .addOption(new Option('--dim <count>', 'dimensions').argParser(whole(1, 16_384)).default(384))
    .addOption(
      new Option('--seed <number>', 'seed of the vectors')
        .argParser(whole(0, 2 ** 32 - 1))
        .default(1),
    )
    .addOption(
      new Option('--distribution <kind>', 'how vectors lie')
        .choices(['clustered', 'iid'])
        .default('clustered'),
    )
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier bench vector --n 100000 --dim 384 --seed 1 --json',
    )
    .action(
      run<BenchVectorLine>(async (options) =>
        (await import('./bench-vector-run.js')).benchVector(options, context),
      ),
    );
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  };
}
