import { expect, it } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { EXIT } from '../errors/exit-codes.js';

const cli = createCommandLine();

/** The help of every command that has none below it, by its words. */
async function helpOfCommands(words: readonly string[] = []): Promise<Map<string, string>> {
  expect(await cli.run([...words, '--help'])).toBe(EXIT.ok);
  const help = cli.out;
  const [, section] = /^Commands:\n((?: {2}.*\n?)+)/mu.exec(help) ?? [];
  const names = [...(section ?? '').matchAll(/^ {2}([a-z][a-z-]*)/gmu)].flatMap(([, name]) =>
    name === undefined || name === 'help' ? [] : [name],
  );
  const found = new Map<string, string>();
  if (names.length === 0 || /^Arguments:|^ {2}--json/mu.test(help))
    found.set(words.join(' '), help);
  for (const name of names) {
    for (const [path, text] of await helpOfCommands([...words, name])) found.set(path, text);
  }
  return found;
}

it('every command can answer as JSON and shows by example what it is for', async () => {
  const commands = await helpOfCommands();
  expect(commands.size).toBeGreaterThan(20);
  const withoutJson = [...commands].filter(([, help]) => !help.includes('--json'));
  expect(withoutJson.map(([path]) => path)).toEqual([]);
  const withoutExample = [...commands].filter(([, help]) => !help.includes('$ espalier'));
  expect(withoutExample.map(([path]) => path)).toEqual([]);
});

it('every command that talks to a server takes --url, --key and --data', async () => {
  const commands = await helpOfCommands();
  const talking = ['ask', 'ingest', 'search', 'keys create', 'keys list', 'keys revoke'];
  const kb = [...commands.keys()].filter((path) => path.startsWith('kb '));
  expect(kb.length).toBeGreaterThan(5);
  for (const path of [...talking, ...kb]) {
    const help = commands.get(path) ?? '';
    for (const option of [
      '--url',
      'ESPALIER_URL',
      '--key',
      'ESPALIER_API_KEY',
      '--data',
      'ESPALIER_DATA',
    ])
      expect(help, path).toContain(option);
  }
});
