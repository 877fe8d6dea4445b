import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../errors/exit-codes.js';
import { VERSION } from '../version.js';
import { addBench } from './bench-vector.js';
import type { CliContext, ConnectionOptions } from './cli-context.js';
import { addEval } from './eval-program.js';
import { addGuard } from './guard-program.js';
import { addModel } from './model-program.js';
import { connected, CONNECTION_HELP } from './connected.js';
import { addJobs } from './jobs-program.js';
import { addKb } from './kb-program.js';
import { addRegistry } from './registry-program.js';
import { addTensorFlow } from './tensorflow-program.js';
import { addTokenizer } from './tokenizer-program.js';
import { addTrainRanker } from './train-ranker-program.js';

const EXIT_HELP = `
Exit codes:
  0 done   1 failed   2 command line   3 configuration   4 port   5 data folder   6 Node.js version
  7 no server answers   8 key refused   9 request refused   10 some documents refused   130 Ctrl+C`;

/** A command line that can be run once. */
export interface Program {
  run(args: readonly string[]): Promise<number>;
}

/** Makes the `espalier` command; each subcommand is loaded when it is run. */
export function createProgram(context: CliContext): Program {
  let exitCode: number = EXIT.ok;
  let isJson = false;
  const run =
    <Options extends { json?: boolean }>(
      action: (options: Options, ...values: never[]) => Promise<number>,
    ) =>
    async (...received: unknown[]): Promise<void> => {
      const command = received.at(-1) as Command;
      const options: Options = command.optsWithGlobals();
      isJson = options.json === true;
      exitCode = await action(options, ...(received.slice(0, -2) as never[]));
    };

  const program = new Command('espalier')
    .description(
      'Build, guard, serve and watch LLM agents. Answers questions from your documents, with citations.',
    )
    .version(VERSION, '--version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .configureOutput({
      writeOut: (text) => {
        context.out(text);
      },
      writeErr: (text) => {
        context.err(text);
      },
    })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Begin here:
  $ espalier start                                     start a server on this machine
  $ espalier ask "How do I write a plug-in?"           ask the sample documents
  $ espalier ingest ./handbook --kb handbook           add your own
  $ espalier ask "How many days of leave?" --kb handbook
${EXIT_HELP}`,
    );

  program
    .command('start')
    .description('start a server; it runs until Ctrl+C or SIGTERM')
    .option('--port <port>', 'port to listen on (default 8787, or ESPALIER_PORT)')
    .option('--host <host>', 'address to listen on (default 127.0.0.1, or ESPALIER_HOST)')
    .option('--data <folder>', 'folder for all data (default .espalier, or ESPALIER_DATA)')
    .option('--config <file>', 'configuration (default espalier.config.ts or .json here)')
    .addOption(
      new Option('--log <place>', 'where log lines go (default file, in the data folder)').choices([
        'file',
        'stdout',
      ]),
    )
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier start\n  $ espalier start --port 9000 --data ./state --config ./espalier.config.ts',
    )
    .action(run(async (options) => (await import('./commands/start.js')).start(options, context)));

  connected(program.command('ask'))
    .description('ask an agent; the answer streams, its citations follow as [1] file:lines')
    .argument('<question>', 'the question; quote it')
    .option('--kb <name>', 'knowledge base to answer from (default: the agent’s own)')
    .option(
      '--model <id>',
      'model that answers (default: the agent’s own; "espalier" lists none: see /v1/models)',
    )
    .option('--agent <name>', 'agent to ask (default: the first)')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}
With --json each event of the run is one line of JSON.

Examples:
  $ espalier ask "How do I write a plug-in?"
  $ espalier ask "Can an opened item be returned?" --kb handbook --model local
  $ espalier ask "What is a rail?" --json | jq -r 'select(.type=="text-delta").text'`,
    )
    .action(
      run<AskLine>(async (options, question: string) =>
        (await import('./commands/ask.js')).ask(question, options, context),
      ),
    );

  connected(program.command('ingest'))
    .description('add Markdown and text files to a knowledge base; unchanged files cost nothing')
    .argument('<path...>', 'files and folders')
    .requiredOption('--kb <name>', 'knowledge base; made where it does not exist')
    .option('--prune', 'erase documents of the knowledge base that are not under the paths')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}
The ingest is a job of the server: it goes on when this command is stopped, and after a crash.

Examples:
  $ espalier ingest ./docs README.md --kb product
  $ espalier ingest ./docs --kb product --json
  $ espalier ingest ./docs --kb product --prune        keep it in step with a folder`,
    )
    .action(
      run<IngestLine>(async (options, paths: string[]) =>
        (await import('./commands/ingest.js')).ingest(paths, options, context),
      ),
    );

  connected(program.command('search'))
    .description('show the passages that an agent would be given')
    .argument('<query>', 'what to look for; quote it')
    .option('--kb <name>', 'knowledge base', 'espalier')
    .addOption(new Option('--top <n>', 'how many passages').argParser(count).default(5))
    .option('--explain', 'show why each passage stands where it does')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}\n\nExamples:\n  $ espalier search "refund policy" --kb product\n  $ espalier search "rails" --top 10 --json\n  $ espalier search "rails" --explain`,
    )
    .action(
      run<SearchLine>(async (options, query: string) =>
        (await import('./commands/search.js')).search(query, options, context),
      ),
    );

  addKb(program, run, context);
  addKeys(program, run, context);
  addBench(program, run, context);
  addEval(program, run, context);
  addTrainRanker(program, run, context);
  addGuard(program, run, context);
  addModel(program, run, context);
  addJobs(program, run, context);
  addRegistry(program, run, context);
  addTokenizer(program, run, context);
  addTensorFlow(program, run, context);

  program
    .command('config')
    .description('work with the configuration')
    .command('check')
    .description('check the configuration and show what it would start')
    .option('--config <file>', 'file to check (default espalier.config.ts or .json here)')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      '\nExamples:\n  $ espalier config check\n  $ espalier config check --config ./other.config.ts',
    )
    .action(
      run(async (options) =>
        (await import('./commands/config-check.js')).checkConfig(options, context),
      ),
    );

  return {
    async run(args) {
      try {
        await program.parseAsync([...args], { from: 'user' });
        return exitCode;
      } catch (error) {
        if (error instanceof CommanderError)
          return error.exitCode === 0 || error.code === 'commander.help' ? EXIT.ok : EXIT.usage;
        const { reportError } = await import('./report-error.js');
        return reportError(error, context, { json: isJson });
      }
    },
  };
}

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;
type AskLine = ConnectionOptions & { kb?: string; model?: string; agent?: string };
type KbLine = ConnectionOptions & { kb: string };
type SearchLine = KbLine & { top: number; explain?: boolean };
type IngestLine = KbLine & { prune?: boolean };
type KeyLine = ConnectionOptions & {
  name: string;
  role: 'admin' | 'user';
  expiresIn?: string;
  tenant?: string;
  reader?: string[];
};

function addKeys(program: Command, run: Run, context: CliContext): void {
  const keys = program.command('keys').description('make, list and revoke API keys');
  const load = () => import('./commands/keys.js');
  connected(keys.command('create'))
    .description('make a key; its secret is shown this once')
    .requiredOption('--name <name>', 'what the key is for')
    .addOption(
      new Option('--role <role>', 'what the key may do').choices(['admin', 'user']).default('user'),
    )
    .option('--expires-in <duration>', 'when it expires, e.g. 30d, 12h (default: never)')
    .option('--tenant <name>', 'bind it to the knowledge bases of one tenant')
    .option('--reader <name...>', 'bind it to documents of these readers, and those for everybody')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}\n\nExamples:\n  $ espalier keys create --name ci --expires-in 30d\n  $ espalier keys create --name ops --role admin\n  $ espalier keys create --name sales --tenant acme --reader sales --reader staff`,
    )
    .action(run<KeyLine>(async (options) => (await load()).createKey(options, context)));
  connected(keys.command('list'))
    .description('list keys, without their secrets')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}\n\nExample:\n  $ espalier keys list --json | jq -r '.data[].id'`,
    )
    .action(run<ConnectionOptions>(async (options) => (await load()).listKeys(options, context)));
  connected(keys.command('revoke'))
    .description('revoke a key; it is refused from the next request on')
    .argument('<id>', 'the key’s id, from "espalier keys list"')
    .addHelpText('after', `${CONNECTION_HELP}\n\nExample:\n  $ espalier keys revoke key_01jxa3`)
    .action(
      run<ConnectionOptions>(async (options, id: string) =>
        (await load()).revokeKey(id, options, context),
      ),
    );
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100)
    throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
  return value;
}
