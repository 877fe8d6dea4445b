import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createMockModel } from '@espalier/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { MOCK_AGENT, startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';
import { writeServerFile } from '../composition/server-file.js';
import { EXIT } from '../errors/exit-codes.js';

let server: TestServer;
const cli = createCommandLine();
const { folder } = cli;

beforeAll(async () => {
  server = await startTestServer({
    model: createMockModel({ turns: () => ({ text: ['It is ', 'so.'] }) }),
    config: {
      agents: [{ name: 'docs', knowledgeBase: 'notes' }, MOCK_AGENT],
    },
  });
  await writeServerFile(join(server.dataFolder, 'server.json'), {
    url: server.url,
    pid: process.pid,
    key: server.localKey,
  });
  await mkdir(join(folder, 'docs'));
  await writeFile(
    join(folder, 'docs/rails.md'),
    '# Rails\n\nA rail is a check that allows, redacts, replaces or blocks text.\n',
  );
  await writeFile(
    join(folder, 'docs/jobs.md'),
    '# Jobs\n\nA job is work that goes on in the background.\n',
  );
});
afterAll(() => server.remove());

/** Runs a command line as on the machine of the running server. */
function run(
  args: readonly string[],
  environment: Record<string, string> = { ESPALIER_DATA: server.dataFolder },
) {
  return cli.run(args, { XDG_STATE_HOME: join(folder, 'state'), ...environment });
}

describe('espalier kb graph', () => {
  it('builds, shows, asks and drops the graph of a knowledge base', async () => {
    await writeFile(
      join(folder, 'people.md'),
      '# People\n\nAda Lovelace worked with Charles Babbage. Charles Babbage designed the Analytical Engine with Ada Lovelace.\n',
    );
    await run(['ingest', 'people.md', '--kb', 'people']);
    expect(await run(['kb', 'graph', 'build', 'people'])).toBe(EXIT.ok);
    expect(cli.out).toMatch(/holds \d+ entities, .* of 1 documents: 1 read, 0 forgotten/u);
    expect(await run(['kb', 'graph', 'show', 'people'])).toBe(EXIT.ok);
    expect(cli.out).toMatch(/1 documents read, 0 missing[^]*Ada Lovelace/u);
    expect(await run(['kb', 'graph', 'ask', 'people', 'Ada Lovelace'])).toBe(EXIT.ok);
    expect(cli.out).toMatch(/About: .*Ada Lovelace[^]*people\.md:/u);
    expect(await run(['kb', 'graph', 'ask', 'people', 'engines', '--global', '--json'])).toBe(
      EXIT.ok,
    );
    expect(JSON.parse(cli.out)).toMatchObject({ scope: 'global', passages: [] });
    expect(await run(['kb', 'graph', 'drop', 'people'])).toBe(EXIT.ok);
    expect(await run(['kb', 'graph', 'build', 'nowhere'])).toBe(EXIT.refused);
  });
});

describe('espalier kb', () => {
  beforeEach(async () => {
    await run(['ingest', 'docs', '--kb', 'kept']);
  });

  it('lists, checks, repairs and rebuilds knowledge bases', async () => {
    expect(await run(['kb', 'list'])).toBe(EXIT.ok);
    expect(cli.out).toMatch(/kept\s+2\s+2\s+mock\/mock-embedding-64\s+ready/u);
    expect(await run(['kb', 'check', 'kept', '--repair'])).toBe(EXIT.ok);
    expect(cli.out).toContain('Healthy: 2 documents, 2 chunks, 2 vectors');
    expect(await run(['kb', 'reindex', 'kept'])).toBe(EXIT.ok);
    expect(cli.out).toContain('"kept" is indexed by mock/mock-embedding-64: 2 documents, 2 chunks');
    expect(await run(['kb', 'reindex', 'none'])).toBe(EXIT.failure);
    expect(cli.err).toContain('There is no knowledge base "none"');
  });

  it('erases documents, with a report of what is left where', async () => {
    expect(await run(['kb', 'erase', 'kept', 'docs/rails.md'])).toBe(EXIT.ok);
    expect(cli.out).toContain('1 documents erased');
    expect(cli.out).toMatch(/vectors\s+1\s+nothing left/u);
    expect(await run(['kb', 'erase', 'kept', '--prefix', 'docs/', '--json'])).toBe(EXIT.ok);
    expect(JSON.parse(cli.out)).toMatchObject({ documents: 1, isComplete: true });
    expect(await run(['kb', 'erase', 'kept'])).toBe(EXIT.usage);
  });

  it('writes a knowledge base to a file and makes one from it', async () => {
    expect(await run(['kb', 'snapshot', 'kept', '--file', 'kept.snapshot'])).toBe(EXIT.ok);
    expect(await run(['kb', 'restore', 'twin', '--file', 'kept.snapshot'])).toBe(EXIT.ok);
    expect(cli.out).toContain('"twin" is restored from kept.snapshot: 2 documents, 2 chunks.');
    expect(await run(['kb', 'restore', 'twin', '--file', 'kept.snapshot'])).toBe(EXIT.failure);
  });
});

describe('espalier ingest, search and ask', () => {
  it('need neither address nor key beside a running server', async () => {
    expect(await run(['ingest', 'docs', '--kb', 'notes'])).toBe(EXIT.ok);
    expect(cli.out).toMatch(
      /knowledge base\s+added\s+updated\s+unchanged\s+refused\s+chunks\s+seconds\nnotes\s+2\s+0\s+0\s+0\s+2/u,
    );
    expect(await run(['ingest', 'docs', '--kb', 'notes', '--json'])).toBe(EXIT.ok);
    expect(JSON.parse(cli.out)).toMatchObject({
      knowledgeBase: 'notes',
      added: 0,
      unchanged: 2,
      failed: [],
    });
    expect(await run(['search', 'what is a rail', '--kb', 'notes'])).toBe(EXIT.ok);
    expect(cli.out).toContain('1. docs/rails.md:1-');
    expect(await run(['ask', 'What is a rail?'])).toBe(EXIT.ok);
    expect(cli.out).toContain('allows, redacts, replaces or blocks text');
    expect(cli.out).toMatch(/\n\[1\] docs\/rails\.md:\d/u);
  });

  it('find the server from a folder below its data folder, and from the last one that was started', async () => {
    await mkdir(join(folder, '.espalier'), { recursive: true });
    await writeServerFile(join(folder, '.espalier/server.json'), {
      url: server.url,
      pid: process.pid,
      key: server.localKey,
    });
    expect(await run(['keys', 'list'], {})).toBe(EXIT.ok);
    await rm(join(folder, '.espalier'), { recursive: true });
    await mkdir(join(folder, 'state/espalier'), { recursive: true });
    await writeFile(join(folder, 'state/espalier/data-folder'), server.dataFolder);
    expect(await run(['keys', 'list'], {})).toBe(EXIT.ok);
    await rm(join(folder, 'state'), { recursive: true });
  });

  it('show why each passage stands where it does', async () => {
    await run(['ingest', 'docs', '--kb', 'notes']);
    expect(await run(['search', 'what is a rail', '--kb', 'notes', '--explain'])).toBe(EXIT.ok);
    expect(cli.out).toMatch(/word\s+looked up as\s+in chunks\s+idf\n/u);
    expect(cli.out).toMatch(/1\. docs\/rails\.md:[\s\S]+words\s+rank 1\s+\d+\.\d+\s+0\.40 × /u);
    await run(['search', 'rail', '--kb', 'notes', '--explain', '--json']);
    expect(JSON.parse(cli.out)).toMatchObject({ explanation: { words: [{ word: 'rail' }] } });
  });

  it('send only what changed, and keep a knowledge base in step with a folder', async () => {
    await mkdir(join(folder, 'step'), { recursive: true });
    await writeFile(join(folder, 'step/stays.md'), 'This one stays.');
    await writeFile(join(folder, 'step/goes.md'), 'This one goes.');
    expect(await run(['ingest', 'step', '--kb', 'step'])).toBe(EXIT.ok);
    await rm(join(folder, 'step/goes.md'));
    expect(await run(['ingest', 'step', '--kb', 'step', '--prune', '--json'])).toBe(EXIT.ok);
    expect(JSON.parse(cli.out)).toMatchObject({ unchanged: 1, removed: 1, durationMs: 0 });
    expect(await run(['kb', 'list', '--json'])).toBe(EXIT.ok);
    const { data } = JSON.parse(cli.out) as { data: { name: string; documents: number }[] };
    expect(data.find(({ name }) => name === 'step')?.documents).toBe(1);
  });

  it('answer with the model and from the knowledge base that are named', async () => {
    await run(['ingest', 'docs', '--kb', 'notes']);
    const chosen = ['--kb', 'notes', '--model', 'mock', '--json'];
    expect(await run(['ask', 'What is a job?', ...chosen])).toBe(EXIT.ok);
    const events = cli.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; modelId?: string; passages?: unknown[] });
    expect(events.find(({ type }) => type === 'model-request')?.modelId).toBe('mock-model');
    expect(events.find(({ type }) => type === 'retrieval')?.passages).toHaveLength(2);
  });

  it('streams each event as a line of JSON with --json', async () => {
    expect(await run(['ask', 'Is it so?', '--agent', 'mock', '--json'])).toBe(EXIT.ok);
    const events = cli.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events[0]?.type).toBe('run-started');
    expect(events.at(-1)?.type).toBe('run-finished');
  });

  it('refuses a path that is not there, and tells which documents were refused', async () => {
    expect(await run(['ingest', 'nowhere', '--kb', 'notes'])).toBe(EXIT.usage);
    expect(cli.err).toContain('nowhere does not exist');
    await writeFile(join(folder, 'empty.md'), '');
    expect(await run(['ingest', 'empty.md', '--kb', 'notes'])).toBe(EXIT.partial);
    expect(cli.out).toContain('Refused:\n  empty.md:');
  });

  it('says in a sentence what is unknown', async () => {
    expect(await run(['ask', 'Hm?', '--kb', 'nowhere'])).toBe(EXIT.refused);
    expect(cli.err).toMatch(/^espalier: There is no knowledge base "nowhere"/u);
    expect(await run(['ask', 'Hm?', '--model', 'nothing', '--json'])).toBe(EXIT.refused);
    expect(JSON.parse(cli.out)).toMatchObject({ error: { code: 'ERR_SERVER_MODEL_UNKNOWN' } });
  });
});

describe('espalier keys', () => {
  it('makes a key that works, lists it, and revokes it', async () => {
    expect(await run(['keys', 'create', '--name', 'ci', '--expires-in', '30d', '--json'])).toBe(
      EXIT.ok,
    );
    const { id, key } = JSON.parse(cli.out) as { id: string; key: string };
    const remote = ['keys', 'list', '--url', server.url, '--key', key];
    expect(await run(remote, {})).toBe(EXIT.key);
    expect(await run(['keys', 'list'])).toBe(EXIT.ok);
    expect(cli.out).toMatch(new RegExp(`${id}\\s+ci\\s+user\\s+${key.slice(0, 10)}`, 'u'));
    expect(await run(['keys', 'revoke', id])).toBe(EXIT.ok);
    expect(
      await run(['search', 'x', '--kb', 'notes'], {
        ESPALIER_URL: server.url,
        ESPALIER_API_KEY: key,
      }),
    ).toBe(EXIT.key);
    expect(cli.err).toContain('revoked');
  });

  it('refuses a duration that it does not understand', async () => {
    expect(await run(['keys', 'create', '--name', 'ci', '--expires-in', 'soon'])).toBe(EXIT.usage);
    expect(cli.err).toContain('"30d"');
  });
});

describe('espalier without a server', () => {
  it('says how to start one', async () => {
    expect(await run(['ask', 'Anybody?'], {})).toBe(EXIT.unreachable);
    expect(cli.err).toContain('espalier start');
  });

  it('does not hand the local key to another address', async () => {
    expect(await run(['keys', 'list', '--url', 'http://127.0.0.1:9'])).toBe(EXIT.unreachable);
  });
});

describe('espalier config check', () => {
  it('holds without a file, and names path, value and fix of what is wrong', async () => {
    expect(await run(['config', 'check'])).toBe(EXIT.ok);
    await writeFile(
      join(folder, 'bad.json'),
      JSON.stringify({
        providers: [
          { id: 'a', provider: 'openai-compatible', baseURL: 'nowhere', model: 'm', apiKey: 5 },
        ],
      }),
    );
    expect(await run(['config', 'check', '--config', 'bad.json'])).toBe(EXIT.config);
    expect(cli.err).toContain(
      'providers[0].baseURL: Must be a URL like "http://127.0.0.1:8000/v1". Found "nowhere".',
    );
    expect(cli.err).toContain('(withheld)');
  });

  it('reads TypeScript without a build', async () => {
    await writeFile(
      join(folder, 'espalier.config.ts'),
      'type Port = number;\nconst port: Port = 9001;\nexport default { server: { port } };\n',
    );
    expect(await run(['config', 'check', '--config', 'espalier.config.ts', '--json'])).toBe(
      EXIT.ok,
    );
    expect(JSON.parse(cli.out)).toMatchObject({ valid: true, address: '127.0.0.1:9001' });
    await rm(join(folder, 'espalier.config.ts'));
  });

  it.each([
    ['{ "a": ', 'not valid JSON'],
    ['{ "agents": [{ "name": "a" }, { "name": "a" }] }', 'agents[1].name'],
    ['{ "surprise": true }', 'surprise'],
  ])('refuses %s', async (text, expected) => {
    await writeFile(join(folder, 'wrong.json'), text);
    expect(await run(['config', 'check', '--config', 'wrong.json'])).toBe(EXIT.config);
    expect(cli.err).toContain(expected);
  });
});

describe('espalier start', () => {
  it('says in a sentence that the port is in use', async () => {
    const taken = createTcpServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    expect(await run(['start', '--port', String(port), '--data', join(folder, 'd1')], {})).toBe(
      EXIT.portInUse,
    );
    expect(cli.err).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(cli.err).not.toContain('    at ');
    taken.close();
  });

  it('says in a sentence that the data folder cannot be used', async () => {
    await writeFile(join(folder, 'a-file'), '');
    expect(await run(['start', '--port', '0', '--data', join(folder, 'a-file')], {})).toBe(
      EXIT.dataFolder,
    );
    expect(cli.err).toContain('a file stands in its place');
  });

  it('says in a sentence what is wrong in the configuration', async () => {
    await writeFile(join(folder, 'wrong-start.json'), '{ "server": { "port": "x" } }');
    const start = ['start', '--port', '0', '--data', join(folder, 'd2')];
    expect(await run([...start, '--config', 'wrong-start.json'], {})).toBe(EXIT.config);
    expect(cli.err).toContain('server.port');
    expect(cli.err).not.toContain('    at ');
    expect(await run([...start, '--config', 'nowhere.json'], {})).toBe(EXIT.config);
    expect(cli.err).toContain('nowhere.json');
  });

  it('refuses a port that is none', async () => {
    expect(await run(['start', '--port', 'http'], {})).toBe(EXIT.usage);
  });

  it('keeps its local credential from other users', async () => {
    expect((await stat(join(server.dataFolder, 'server.json'))).mode & 0o777).toBe(0o600);
  });
});

describe('espalier --help', () => {
  it.each(
    [[], ['start'], ['ask'], ['ingest'], ['search'], ['keys', 'create'], ['config', 'check']].map(
      (command) => ({ command }),
    ),
  )('teaches with examples: $command', async ({ command }) => {
    expect(await run([...command, '--help'])).toBe(EXIT.ok);
    expect(cli.out).toContain('$ espalier');
  });

  it('an unknown command is a usage error with a suggestion', async () => {
    expect(await run(['aks', 'x'])).toBe(EXIT.usage);
    expect(cli.err).toContain('ask');
  });
});
