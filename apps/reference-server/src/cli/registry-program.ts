import { Option, type Command } from 'commander';
import type { CliContext } from './cli-context.js';
import type { RegistryOptions } from './commands/registry.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

const STAGES = ['candidate', 'staging', 'production', 'archived'] as const;
const REFERENCE = 'name, name@version, name@alias, name@stage, or an id';

/** Adds `espalier registry …`; its commands need no server, and a running one sees what they change. */
export function addRegistry(program: Command, run: Run, context: CliContext): void {
  const registry = program
    .command('registry')
    .description('keep models and adapters: versions, stages, aliases');
  const load = () => import('./commands/registry.js');
  const local = (command: Command): Command =>
    command
      .option('--data <folder>', 'data folder (default .espalier, or ESPALIER_DATA)')
      .option('--json', 'print one JSON document instead of text');

  local(registry.command('list'))
    .description('list versions, the latest first')
    .argument('[name]', 'of one model only')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier registry list\n  $ espalier registry list support --json',
    )
    .action(
      run<RegistryOptions>(async (options, name?: string) =>
        (await load()).listVersions(name, options, context),
      ),
    );
  local(registry.command('show'))
    .description('show a version with its files and where it came from')
    .argument('<reference>', REFERENCE)
    .option('--verify', 'also compare its files with their hashes')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier registry show support@production\n  $ espalier registry show support@2 --verify',
    )
    .action(
      run<RegistryOptions & { verify?: boolean }>(async (options, reference: string) =>
        (await load()).showVersion(reference, options, context),
      ),
    );
  local(registry.command('add'))
    .description('register a model folder, or a PEFT adapter on a registered model')
    .argument('<folder>', 'Hugging Face or PEFT folder')
    .requiredOption('--name <name>', 'under which name')
    .option('--base <reference>', 'the registered model that an adapter belongs on')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier registry add ./models/tiny --name tiny\n  $ espalier registry add ./out/lora --name support --base tiny@1',
    )
    .action(
      run<RegistryOptions & { name: string; base?: string }>(async (options, folder: string) =>
        (await load()).addVersion(folder, options, context),
      ),
    );
  local(registry.command('promote'))
    .description('move a version to a stage; what was in production is archived')
    .argument('<reference>', REFERENCE)
    .addOption(new Option('--to <stage>', 'the stage').choices(STAGES).default('production'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier registry promote support@2\n  $ espalier registry promote support@1 --to archived',
    )
    .action(
      run<RegistryOptions & { to: (typeof STAGES)[number] }>(async (options, reference: string) =>
        (await load()).promoteVersion(reference, options, context),
      ),
    );
  local(registry.command('alias'))
    .description('point an alias at a version, or remove it')
    .argument('<name>', 'the model')
    .argument('<alias>', 'the alias')
    .argument('[reference]', `the version: ${REFERENCE}; absent: the alias is removed`)
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier registry alias support champion support@2\n  $ espalier registry alias support champion',
    )
    .action(
      run<RegistryOptions>(async (options, name: string, alias: string, reference?: string) =>
        (await load()).pointAlias({ name, alias, reference }, options, context),
      ),
    );
  local(registry.command('diff'))
    .description('tell what differs between two versions: settings, data, metrics, files')
    .argument('<from>', REFERENCE)
    .argument('<to>', REFERENCE)
    .addHelpText('after', '\nExample:\n  $ espalier registry diff support@1 support@2')
    .action(
      run<RegistryOptions>(async (options, from: string, to: string) =>
        (await load()).diffVersions(from, to, options, context),
      ),
    );
  local(registry.command('rollback'))
    .description('put back what stood in production, or under an alias, before the last change')
    .argument('<name>', 'the model')
    .option('--alias <alias>', 'an alias instead of production')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier registry rollback support\n  $ espalier registry rollback support --alias champion',
    )
    .action(
      run<RegistryOptions & { alias?: string }>(async (options, name: string) =>
        (await load()).rollBack(name, options, context),
      ),
    );
  local(registry.command('gc'))
    .description('remove archived versions that no alias and no adapter holds, and unused contents')
    .option('--dry-run', 'only tell what would be removed')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier registry gc --dry-run\n  $ espalier registry gc',
    )
    .action(
      run<RegistryOptions & { dryRun?: boolean }>(async (options) =>
        (await load()).collectGarbage(options, context),
      ),
    );
}
