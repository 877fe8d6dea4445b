import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CliContext, ConnectionOptions } from './cli-context.js';
import type { AskGraphLine } from './commands/kb-graph.js';
import { connected, CONNECTION_HELP } from './connected.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

const NAME = ['<name>', 'the knowledge base'] as const;

/** Adds `espalier kb graph …`. */
export function addKbGraph(kb: Command, run: Run, context: CliContext): void {
  const graph = kb
    .command('graph')
    .description('entities, relations and communities of a knowledge base (GraphRAG)');
  const load = () => import('./commands/kb-graph.js');
  connected(graph.command('build'))
    .description(
      'read the documents that the graph lacks; needs no model, and takes the one of "graph.model"',
    )
    .argument(...NAME)
    .addHelpText(
      'after',
      `${CONNECTION_HELP}
Ctrl+C cancels the work; the same command goes on where it was. Run it again when documents have changed: what has
changed is forgotten at once, and read again then.

Example:
  $ espalier kb graph build handbook`,
    )
    .action(
      run<ConnectionOptions>(async (options, name: string) =>
        (await load()).buildGraph(name, options, context),
      ),
    );
  connected(graph.command('show'))
    .description('tell how far the graph is, and what is named most often')
    .argument(...NAME)
    .addHelpText('after', `${CONNECTION_HELP}\n\nExample:\n  $ espalier kb graph show handbook`)
    .action(
      run<ConnectionOptions>(async (options, name: string) =>
        (await load()).showGraph(name, options, context),
      ),
    );
  connected(graph.command('ask'))
    .description('ask about certain things, or about the documents as a whole')
    .argument(...NAME)
    .argument('<question>', 'the question; quote it')
    .option('--global', 'about the documents as a whole')
    .addOption(new Option('--top <n>', 'passages or points').argParser(count).default(5))
    .addHelpText(
      'after',
      `${CONNECTION_HELP}\n\nExamples:\n  $ espalier kb graph ask handbook "Who works with Ada Lovelace?"\n  $ espalier kb graph ask handbook "What are these documents about?" --global`,
    )
    .action(
      run<AskGraphLine>(async (options, name: string, question: string) =>
        (await load()).askGraph(name, question, options, context),
      ),
    );
  connected(graph.command('drop'))
    .description('drop the graph; the documents stay')
    .argument(...NAME)
    .addHelpText('after', `${CONNECTION_HELP}\n\nExample:\n  $ espalier kb graph drop handbook`)
    .action(
      run<ConnectionOptions>(async (options, name: string) =>
        (await load()).dropGraph(name, options, context),
      ),
    );
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100)
    throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
  return value;
}
