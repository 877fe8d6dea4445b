import { Option, type Command } from 'commander';
import type { CliContext, ConnectionOptions } from './cli-context.js';
import type { CreateJobOptions } from './commands/jobs.js';
import { connected, CONNECTION_HELP } from './connected.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

const ACTS = {
  pause: 'stop a job after its present step, with a checkpoint',
  resume: 'go on with a paused job',
  cancel: 'end a job',
} as const;

/** Adds `espalier jobs …`: training jobs of a server. */
export function addJobs(program: Command, run: Run, context: CliContext): void {
  const jobs = program.command('jobs').description('train models on a server, and watch them');
  const load = () => import('./commands/jobs.js');

  connected(jobs.command('create'))
    .description('upload training data and queue a job')
    .requiredOption('--model <id>', 'a configured model, or a reference of the registry')
    .requiredOption('--train-data <file>', 'rows as JSONL')
    .option('--eval-data <file>', 'rows that are only evaluated')
    .addOption(
      new Option('--task <task>', 'what is trained')
        .choices(['sft', 'dpo', 'orpo', 'kto'])
        .default('sft'),
    )
    .option('--register <name>', 'name in the registry (default: the model’s with -tuned)')
    .option('--settings <file>', 'fields of a job file as JSON, without paths')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}\n\nExample:\n  $ espalier jobs create --model tiny --train-data chats.jsonl --settings settings.json --register support`,
    )
    .action(run<CreateJobOptions>(async (options) => (await load()).createJob(options, context)));
  connected(jobs.command('list'))
    .description('list training jobs, newest first')
    .addHelpText('after', `${CONNECTION_HELP}\n\nExample:\n  $ espalier jobs list`)
    .action(run<ConnectionOptions>(async (options) => (await load()).listJobs(options, context)));
  connected(jobs.command('follow'))
    .description('show what a job tells, from its beginning until it is over')
    .argument('<id>', 'the job')
    .addHelpText('after', `${CONNECTION_HELP}\n\nExample:\n  $ espalier jobs follow ftjob-1`)
    .action(
      run<ConnectionOptions>(async (options, id: string) =>
        (await load()).followJob(id, options, context),
      ),
    );
  connected(jobs.command('clean'))
    .description('remove the folders of jobs that finished long ago, as retention says')
    .option('--dry-run', 'only tell what would be removed')
    .addHelpText('after', `${CONNECTION_HELP}\n\nExample:\n  $ espalier jobs clean --dry-run`)
    .action(
      run<ConnectionOptions & { dryRun?: boolean }>(async (options) =>
        (await load()).cleanJobs(options, context),
      ),
    );
  for (const act of ['pause', 'resume', 'cancel'] as const)
    connected(jobs.command(act))
      .description(ACTS[act])
      .argument('<id>', 'the job')
      .addHelpText('after', `${CONNECTION_HELP}\n\nExample:\n  $ espalier jobs ${act} ftjob-1`)
      .action(
        run<ConnectionOptions>(async (options, id: string) =>
          (await load()).changeJob({ id, act }, options, context),
        ),
      );
}
