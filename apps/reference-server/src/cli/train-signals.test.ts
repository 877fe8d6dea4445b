import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawnCli, type SpawnedCli } from '../__fixtures__/spawn-cli.js';
import { EXIT } from '../errors/exit-codes.js';

const TUNING = join(import.meta.dirname, '../../../../libs/training/src/__fixtures__/tuning');

let folder: string;
let started: SpawnedCli[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-train-'));
});
afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  started = [];
  await rm(folder, { recursive: true, force: true });
});

async function startTraining(data: string, ...args: string[]): Promise<SpawnedCli> {
  const job = {
    task: 'sft',
    model: join(TUNING, 'chat'),
    output_dir: 'out',
    train_data: data,
    gradient_accumulation: 2,
    max_steps: 1_000_000,
    max_length: 64,
    lora: { r: 2 },
  };
  await writeFile(join(folder, 'job.json'), JSON.stringify(job));
  const made = spawnCli(['train', 'job.json', '--json', '--backend', 'js', ...args], folder);
  started.push(made);
  return made;
}

/** The next event of a type. */
async function eventOf({ lines }: SpawnedCli, type: string): Promise<Record<string, unknown>> {
  // Not "for await", which would close what later events come from.
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    const event = JSON.parse(next.value) as Record<string, unknown>;
    if (event['type'] === type) return event;
  }
  throw new Error(`The process ended without an event ${type}.`);
}

describe('espalier train', { timeout: 120_000 }, () => {
  it('ends at a signal with a checkpoint and the exit code of an interruption, and goes on from there', async () => {
    const chats = join(TUNING, 'chats.jsonl');
    const first = await startTraining(chats);
    await eventOf(first, 'step');
    first.child.kill('SIGTERM');
    const { step } = await eventOf(first, 'paused');
    expect(await first.exited).toEqual([EXIT.interrupted, null]);
    expect(first.err()).toContain('a second signal ends at once');

    const second = await startTraining(chats, '--resume');
    expect((await eventOf(second, 'start'))['first_step']).toBe(step);
    await eventOf(second, 'step');
    second.child.kill('SIGINT');
    expect((await eventOf(second, 'paused'))['step']).toBeGreaterThan(Number(step));
    expect(await second.exited).toEqual([EXIT.interrupted, null]);
  });

  it('is ended by a second signal at once, whatever it waits for', async (context) => {
    const data = join(folder, 'rows.jsonl');
    if (spawnSync('mkfifo', [data]).status !== 0) context.skip('There are no named pipes here.');
    const training = await startTraining(data);
    // Opens once the process reads its rows, which then never come.
    const rows = await open(data, 'w');
    training.child.kill('SIGTERM');
    await expect.poll(() => training.err(), { timeout: 30_000 }).toContain('second signal');
    training.child.kill('SIGTERM');
    expect(await training.exited).toEqual([null, 'SIGTERM']);
    await rows.close();
  });
});
