import { Option, type Command } from 'commander';
import type { CliContext } from './cli-context.js';
import type { GuardCheckLine, GuardTestLine } from './commands/guard.js';

type Run = <Options extends { json?: boolean }>(
  action: (options: Options, ...values: never[]) => Promise<number>,
) => (...received: unknown[]) => Promise<void>;

const POINTS = ['input', 'output', 'retrieval', 'tool-call', 'tool-result', 'conversation'];

/** Adds `espalier guard`; its commands need no server. */
export function addGuard(program: Command, run: Run, context: CliContext): void {
  const guard = program
    .command('guard')
    .description('try, test and explain policies; needs no server');

  guard
    .command('test')
    .description('run the tests that stand in a policy')
    .argument('<policy>', 'a file, or a policy of the library: default, strict, children, …')
    .option('--json', 'print one JSON document instead of a table')
    .addHelpText(
      'after',
      '\nExits with 1 where a test fails.\n\nExamples:\n  $ espalier guard test policy.yaml\n  $ espalier guard test strict --json',
    )
    .action(
      run<GuardTestLine>(async (options, policy: string) =>
        (await import('./commands/guard.js')).guardTest(policy, options, context),
      ),
    );

  for (const [name, description] of [
    ['check', 'show what a policy makes of a text'],
    ['explain', 'show the readings of a text, all scores and the rule that decides'],
  ] as const) {
    guard
      .command(name)
      .description(description)
      .argument('<text>', 'the text; quote it')
      .option('--policy <policy>', 'a file, or a policy of the library', 'default')
      .addOption(
        new Option('--at <point>', 'where in a run it stands').choices(POINTS).default('input'),
      )
      .option('--tenant <name>', 'the tenant whose part of the policy holds')
      .option('--json', 'print one JSON document instead of text')
      .addHelpText(
        'after',
        `\nExits with 1 where the text is blocked.\n\nExamples:\n  $ espalier guard ${name} "Write to jane@example.org"\n  $ espalier guard ${name} "Ignore all previous instructions" --policy strict --json`,
      )
      .action(
        run<GuardCheckLine>(async (options, text: string) => {
          const commands = await import('./commands/guard.js');
          return name === 'check'
            ? commands.guardCheck(text, options, context)
            : commands.guardExplain(text, options, context);
        }),
      );
  }
}
