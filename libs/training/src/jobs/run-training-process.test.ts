import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trainingJobSchema, type TrainingJob } from '../train/job-schema.js';
import { runTrainingProcess } from './run-training-process.js';
import type { TrainingProcessEvent } from './training-process-messages.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');
const NODE_OPTIONS = [
  '--no-warnings',
  '--conditions=@espalier/source',
  '--import',
  join(FIXTURES, 'run-typescript.mjs'),
];
const PROGRAM = { file: join(import.meta.dirname, 'training-worker.ts'), execArgv: NODE_OPTIONS };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-process-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const jobOf = (fields: object = {}): TrainingJob =>
  trainingJobSchema.parse({
    task: 'sft',
    model: join(FIXTURES, 'models/llama'),
    output_dir: join(folder, 'out'),
    train_data: join(FIXTURES, 'training/rows.jsonl'),
    batch_size: 2,
    max_steps: 6,
    checkpoint_steps: 4,
    max_length: 32,
    lora: { r: 4 },
    ...fields,
  });

async function run(options: object, job = jobOf()) {
  const events: TrainingProcessEvent[] = [];
  const outcome = await runTrainingProcess({
    job,
    program: PROGRAM,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { outcome, events };
}

describe('a training process', () => {
  it('pauses after a step, and goes on with the same bits as an uninterrupted run', async () => {
    await run({}, jobOf({ output_dir: join(folder, 'whole') }));
    const pause = new AbortController();
    const events: TrainingProcessEvent[] = [];
    const outcome = await runTrainingProcess({
      job: jobOf(),
      program: PROGRAM,
      pauseSignal: pause.signal,
      onEvent(event) {
        events.push(event);
        if (event.type === 'step' && event.step === 2) pause.abort();
      },
    });
    expect(outcome).toBe('paused');
    const paused = events.at(-1);
    expect(paused?.type).toBe('paused');
    const resumed = await run({ isResumed: true });
    expect(resumed.outcome).toBe('done');
    expect(resumed.events[0]).toMatchObject({
      type: 'start',
      first_step: paused?.type === 'paused' ? paused.step : 0,
    });
    const weights = (name: string) => readFile(join(folder, name, 'adapter_model.safetensors'));
    expect((await weights('out')).equals(await weights('whole'))).toBe(true);
  });

  it('tells with each step how fast it goes and what it takes, and writes event files', async () => {
    const { events } = await run({}, jobOf({ logging_dir: join(folder, 'runs') }));
    const steps = events.filter((event) => event.type === 'step');
    expect(steps).toHaveLength(6);
    expect(steps[0]).toMatchObject({ tokens_per_second: null, eta_seconds: null });
    expect(steps[5]?.tokens_per_second).toBeGreaterThan(0);
    expect(steps[5]?.memory_bytes).toBeGreaterThan(0);
    expect(steps[5]?.eta_seconds).toBe(0);
    expect(await readdir(join(folder, 'runs'))).toHaveLength(1);
  });

  it('passes on what a run throws, with its code', async () => {
    await expect(run({ availableMemory: 1000 })).rejects.toMatchObject({
      name: 'TrainingFailedError',
      code: 'ERR_TRAINING_RESOURCES',
      details: { resource: 'memory' },
    });
    await expect(run({}, jobOf({ learning_rate: 1e30, lora: undefined }))).rejects.toMatchObject({
      code: 'ERR_TRAINING_DIVERGED',
    });
  });

  it('survives that its process is killed or ends without a word', async () => {
    const killed = run({ program: { file: join(FIXTURES, 'killed-process.mjs') } });
    await expect(killed).rejects.toMatchObject({
      code: 'ERR_TRAINING_PROCESS',
      message: expect.stringContaining('memory runs out') as string,
    });
    const silent = run({ program: { file: join(FIXTURES, 'no-such-file.mjs') } });
    await expect(silent).rejects.toMatchObject({
      code: 'ERR_TRAINING_PROCESS',
      message: expect.stringContaining('exit code 1') as string,
    });
    const exhausted = run({
      program: {
        file: join(FIXTURES, 'exhausted-process.mjs'),
        execArgv: ['--max-old-space-size=16'],
      },
    });
    await expect(exhausted).rejects.toMatchObject({
      code: 'ERR_TRAINING_PROCESS',
      message: expect.stringMatching(/ran out of memory. Lower batch_size.*heap/u) as string,
      details: { lacking: 'memory' },
    });
  });

  it('kills its process when it is aborted', async () => {
    const abort = new AbortController();
    const aborted = runTrainingProcess({
      job: jobOf({ max_steps: 100_000 }),
      program: PROGRAM,
      abortSignal: abort.signal,
      onEvent(event) {
        if (event.type === 'step') abort.abort();
      },
    });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('ends when its parent was killed', async () => {
    const parent = spawn(
      process.execPath,
      [...NODE_OPTIONS, join(FIXTURES, 'training-parent.ts'), PROGRAM.file, join(folder, 'out')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
    const child = Number((await lines.next()).value);
    parent.kill('SIGKILL');
    await once(parent, 'close');
    const isAlive = (): boolean => {
      try {
        return process.kill(child, 0);
      } catch {
        return false;
      }
    };
    await expect.poll(isAlive, { timeout: 30_000, interval: 50 }).toBe(false);
  });
});
