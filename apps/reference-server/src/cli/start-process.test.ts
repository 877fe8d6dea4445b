import { spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEspalierClient, type EspalierClient } from '@espalier/sdk-ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawnCli, type SpawnedCli } from '../__fixtures__/spawn-cli.js';
import { EXIT } from '../errors/exit-codes.js';

const children: ChildProcess[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-start-'));
  await writeFile(
    join(folder, 'espalier.config.json'),
    JSON.stringify({ sample: false, store: 'memory' }),
  );
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function spawned(args: readonly string[]): SpawnedCli {
  const made = spawnCli(args, folder);
  children.push(made.child);
  return made;
}

async function startServer() {
  const started = spawned(['start', '--port', '0', '--json']);
  const { value } = await started.lines.next();
  return {
    ...started,
    facts: JSON.parse(String(value)) as { url: string; adminKey: string | null },
  };
}

const TUNING = fileURLToPath(
  new URL('../../../../libs/training/src/__fixtures__/tuning', import.meta.url),
);

/** Follows a job from its beginning until it wrote a checkpoint after it was begun so many times; tells the first step. */
async function firstStepOf(client: EspalierClient, id: string, starts: number): Promise<number> {
  let begun = 0;
  let first = 0;
  for await (const { event } of client.training.follow({ id })) {
    if (event.type === 'start') {
      begun++;
      first = Number(event['first_step']);
    }
    if (event.type === 'checkpoint' && begun === starts) break;
  }
  return first;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a started server', () => {
  it('shows its admin key on the first start only, and keeps it as a hash', async () => {
    const first = await startServer();
    const adminKey = String(first.facts.adminKey);
    expect(adminKey).toMatch(/^esp_[\w-]{43}$/u);
    const answer = await fetch(`${first.facts.url}/api/v1/keys`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    expect(answer.status).toBe(200);
    const file = join(folder, '.espalier/server.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain(adminKey);
    first.child.kill('SIGTERM');
    expect(await first.exited).toEqual([EXIT.ok, null]);
    await expect(stat(file)).rejects.toThrow();

    const second = await startServer();
    expect(second.facts.adminKey).toBeNull();
    const again = await fetch(`${second.facts.url}/api/v1/keys`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    expect(again.status).toBe(200);
    second.child.kill('SIGINT');
    second.child.kill('SIGINT');
    expect(await second.exited).toEqual([EXIT.ok, null]);
    expect(second.err()).not.toContain(adminKey);
  }, 60_000);

  it('tells a person what is next, and keeps its log lines in a file that it names', async () => {
    const started = spawned(['start', '--port', '0']);
    const said: string[] = [];
    for (let line = ''; !line.includes('Try:'); said.push(line))
      line = String((await started.lines.next()).value);
    expect(said[0]).toMatch(/^Espalier .* is ready\.$/u);
    const logFile = join(folder, '.espalier/logs/server.log');
    expect(said.join('\n')).toContain(`  Logs           ${logFile}`);
    expect(said.join('\n')).toMatch(/Admin key {6}esp_/u);
    started.child.kill('SIGTERM');
    expect(await started.exited).toEqual([EXIT.ok, null]);
    expect(said.join('\n')).not.toContain('{"level"');
    expect(started.err()).toBe('');
    const logged = (await readFile(logFile, 'utf8')).trim().split('\n');
    const messages = logged.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(messages).toContain('listening');
    expect(messages.at(-1)).toBe('stopped');
    expect((await stat(logFile)).mode & 0o777).toBe(0o600);
  }, 60_000);

  it('with --log stdout writes nothing but log lines there, and the rest beside', async () => {
    const started = spawned(['start', '--port', '0', '--log', 'stdout']);
    const messages: string[] = [];
    for await (const line of { [Symbol.asyncIterator]: () => started.lines }) {
      messages.push((JSON.parse(line) as { msg: string }).msg);
      if (messages.at(-1) === 'listening') started.child.kill('SIGTERM');
    }
    expect(await started.exited).toEqual([EXIT.ok, null]);
    expect(messages).toContain('listening');
    expect(messages.at(-1)).toBe('stopped');
    expect(started.err()).toContain('is ready.');
    expect(started.err()).not.toContain('Logs  ');
  }, 60_000);

  it('is not started twice on one data folder', async () => {
    const first = await startServer();
    const second = spawned(['start', '--port', '0']);
    expect(await second.exited).toEqual([EXIT.dataFolder, null]);
    expect(second.err()).toContain(`is in use by the server at ${first.facts.url}`);
    expect(second.err()).not.toContain('    at ');
  }, 60_000);

  it('starts again after it was killed', async () => {
    const first = await startServer();
    first.child.kill('SIGKILL');
    await first.exited;
    const second = await startServer();
    expect((await fetch(`${second.facts.url}/readyz`)).status).toBe(200);
  }, 60_000);

  it('goes on with a training job after it was killed, whose process ended with it', async (context) => {
    if (spawnSync('pgrep', ['-V']).error !== undefined)
      context.skip('The processes of a server are found by pgrep.');
    await writeFile(
      join(folder, 'espalier.config.json'),
      JSON.stringify({
        sample: false,
        store: 'memory',
        training: { models: { tiny: join(TUNING, 'chat') }, backend: 'js' },
      }),
    );
    const first = await startServer();
    const apiKey = String(first.facts.adminKey);
    const before = createEspalierClient({ baseUrl: first.facts.url, apiKey });
    const text = await readFile(join(TUNING, 'chats.jsonl'), 'utf8');
    const { id: trainingFile } = await before.training.uploadFile({ name: 'chats.jsonl', text });
    const settings = { max_steps: 1_000_000, checkpoint_steps: 1, max_length: 64, lora: { r: 2 } };
    const { id } = await before.training.create({ model: 'tiny', trainingFile, settings });
    expect(await firstStepOf(before, id, 1)).toBe(0);
    const { stdout } = spawnSync('pgrep', ['-P', String(first.child.pid)], { encoding: 'utf8' });
    const workers = stdout.trim().split('\n').map(Number);
    expect(workers).toHaveLength(1);
    expect(workers.every(isAlive)).toBe(true);

    first.child.kill('SIGKILL');
    await first.exited;
    await expect.poll(() => workers.some(isAlive), { timeout: 30_000, interval: 50 }).toBe(false);
    const second = await startServer();
    const after = createEspalierClient({ baseUrl: second.facts.url, apiKey });
    const resumed = await firstStepOf(after, id, 2);
    expect(resumed).toBeGreaterThan(0);
    expect(await after.training.get({ id })).toMatchObject({ status: 'running', error: null });
    await after.training.cancel({ id });
  }, 150_000);
});
