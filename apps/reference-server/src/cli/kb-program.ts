import type { Command } from 'commander';
import type { CliContext, ConnectionOptions } from './cli-context.js';
import type { CheckOptions, EraseOptions, MigrateOptions, SnapshotOptions } from './commands/kb.js';
import { addKbGraph } from './kb-graph-program.js';
import { connected, CONNECTION_HELP } from './connected.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

const NAME = ['<name>', 'the knowledge base'] as const;

/** Adds `espalier kb …`. */
export function addKb(program: Command, run: Run, context: CliContext): void {
  const kb = program.command('kb').description('look after knowledge bases');
  const load = () => import('./commands/kb.js');

  connected(kb.command('list'))
    .description('list the knowledge bases')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}\n\nExample:\n  $ espalier kb list --json | jq '.data[].name'`,
    )
    .action(
      run<ConnectionOptions>(async (options) =>
        (await load()).listKnowledgeBases(options, context),
      ),
    );
  connected(kb.command('check'))
    .description('compare an index with its documents; exit code 1 where it is not healthy')
    .argument(...NAME)
    .option('--repair', 'put right what is wrong first')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}\n\nExamples:\n  $ espalier kb check handbook\n  $ espalier kb check handbook --repair`,
    )
    .action(
      run<CheckOptions>(async (options, name: string) =>
        (await load()).checkKnowledgeBase(name, options, context),
      ),
    );
  connected(kb.command('reindex'))
    .description('build an index anew with the configured embedding model; needs no sources')
    .argument(...NAME)
    .addHelpText(
      'after',
      `${CONNECTION_HELP}
The old index answers meanwhile. Ctrl+C cancels the work; the same command goes on where it was.

Example:
  $ espalier kb reindex handbook`,
    )
    .action(
      run<ConnectionOptions>(async (options, name: string) =>
        (await load()).reindexKnowledgeBase(name, options, context),
      ),
    );
  connected(kb.command('migrate'))
    .description('take vectors over from another store, such as the one that was configured before')
    .argument(...NAME)
    .requiredOption('--from <store>', 'lancedb, simd, or a name under "formerStores"')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}\n\nExample, after "store" of the configuration was changed to simd:\n  $ espalier kb migrate handbook --from lancedb`,
    )
    .action(
      run<MigrateOptions>(async (options, name: string) =>
        (await load()).migrateKnowledgeBase(name, options, context),
      ),
    );
  connected(kb.command('erase'))
    .description('erase documents so that nothing of them is left on disk')
    .argument(...NAME)
    .argument('[id...]', 'documents')
    .option('--prefix <text>', 'all documents whose source begins with it')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}
With --json the report is printed that an audit needs: what was erased, where and when.

Examples:
  $ espalier kb erase handbook people/jane.md
  $ espalier kb erase handbook --prefix people/ --json`,
    )
    .action(
      run<EraseOptions>(async (options, name: string, ids: string[]) =>
        (await load()).eraseDocuments(name, ids, options, context),
      ),
    );
  addKbGraph(kb, run, context);
  for (const work of ['snapshot', 'restore'] as const) {
    connected(kb.command(work))
      .description(
        work === 'snapshot'
          ? 'write a knowledge base to a file in the folder "snapshots" of the server’s data'
          : 'make a knowledge base from a file in the folder "snapshots" of the server’s data',
      )
      .argument(...NAME)
      .requiredOption('--file <name>', 'the file’s name')
      .addHelpText(
        'after',
        `${CONNECTION_HELP}\n\nExample:\n  $ espalier kb ${work} handbook --file handbook.snapshot`,
      )
      .action(
        run<SnapshotOptions>(async (options, name: string) =>
          (await load()).moveSnapshot(work, name, options, context),
        ),
      );
  }
}
