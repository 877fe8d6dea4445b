import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trainingJobSchema } from '../train/job-schema.js';
import { readRunner } from './runner-package.js';
import { submitRayJob } from './submit-ray-job.js';

const TUNING = join(import.meta.dirname, '../__fixtures__/tuning');
const RUNNER = join(import.meta.dirname, '../../runner');
/** Any Python that has the packages; other tests need none. */
const PYTHON = process.env['ESPALIER_TEST_PYTHON'] ?? 'python3';
const has = (...modules: string[]): boolean =>
  spawnSync(PYTHON, [
    '-c',
    `import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ${JSON.stringify(modules)})))`,
  ]).status === 0;
const hasTrl = has('torch', 'trl', 'peft', 'datasets', 'yaml');
const hasRay = hasTrl && has('ray');
const { losses } = JSON.parse(readFileSync(join(TUNING, 'chat-expected.json'), 'utf8')) as {
  losses: number[];
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-runner-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fields = (more: object = {}) => ({
  task: 'sft',
  model: join(TUNING, 'chat'),
  output_dir: join(folder, 'out'),
  train_data: join(TUNING, 'chats.jsonl'),
  loss_on: 'assistant',
  batch_size: 2,
  max_steps: 6,
  max_length: 128,
  optimizer: 'sgd',
  learning_rate: 0.1,
  schedule: 'constant',
  max_grad_norm: 0,
  checkpoint_steps: 2,
  ...more,
});

interface Event {
  readonly type: string;
  readonly step?: number;
  readonly loss?: number;
}
const eventsOf = (text: string): Event[] =>
  text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Event] : []));

const run = async (job: object, ...args: string[]) => {
  const file = join(folder, 'job.json');
  await writeFile(file, JSON.stringify(job));
  const { stdout, stderr, status } = spawnSync(PYTHON, ['-m', 'espalier_runner', file, ...args], {
    cwd: RUNNER,
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', CUDA_VISIBLE_DEVICES: '' },
  });
  return { events: eventsOf(stdout), stderr, status };
};

const expectLosses = (events: readonly Event[], from = 0): void => {
  const steps = events.filter(({ type }) => type === 'step');
  expect(steps.map(({ step }) => step)).toEqual(losses.slice(from).map((_, i) => from + i + 1));
  for (const { step = 0, loss = NaN } of steps)
    expect(Math.abs(loss - (losses[step - 1] ?? NaN))).toBeLessThan(1e-4);
};

describe.skipIf(!hasTrl)('the Python runner (needs torch, trl, peft, datasets)', () => {
  it('has the losses of espalier train, resumes, and writes the same kind of folder', async () => {
    const whole = await run(fields());
    expect(whole.status, whole.stderr).toBe(0);
    expectLosses(whole.events);
    expect(whole.events.at(-1)).toMatchObject({ type: 'done' });
    const names = await readdir(join(folder, 'out'));
    expect(names).toEqual(
      expect.arrayContaining([
        'config.json',
        'model.safetensors',
        'tokenizer.json',
        'lineage.json',
      ]),
    );
    const lineage = JSON.parse(await readFile(join(folder, 'out/lineage.json'), 'utf8')) as object;
    expect(lineage).toMatchObject({
      kind: 'model',
      data: { 'chats.jsonl': expect.stringMatching(/^[0-9a-f]{64}$/u) as string },
      config: { task: 'sft', learning_rate: 0.1 },
    });
    await rm(join(folder, 'out/checkpoints/checkpoint-6'), { recursive: true });
    const rest = await run(fields(), '--resume');
    expect(rest.status, rest.stderr).toBe(0);
    expectLosses(rest.events, 4);
  }, 300_000);

  it.each([
    ['a task of its own', { task: 'embedding' }, /"task".*embedding/u],
    ['a field it does not have', { eval_prompts: ['x'] }, /"eval_prompts" is not supported/u],
    ['an unknown field', { learning_rat: 1 }, /"learning_rat" is unknown/u],
    ['an unknown field of lora', { lora: { rank: 2 } }, /"lora.rank" is unknown/u],
    ['no count', { batch_size: 0 }, /"batch_size".*whole number/u],
  ])('refuses by name: %s', async (_name, more, message) => {
    const { status, stderr } = await run(fields(more), '--check');
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });
});

describe.skipIf(!hasRay)('a local Ray (needs ray beside the runner’s packages)', () => {
  it('runs a job that was submitted over HTTP', async () => {
    const source = [
      'import ray, sys',
      'context = ray.init(num_cpus=1, include_dashboard=True, dashboard_port=0, object_store_memory=10**8)',
      'print("dashboard", context.dashboard_url, flush=True)',
      'sys.stdin.read()',
    ].join('\n');
    const ray = spawn(PYTHON, ['-c', source], {
      stdio: ['pipe', 'pipe', 'ignore'],
      // A job's `python` is that of the nodes' PATH.
      env: { ...process.env, PATH: `${dirname(PYTHON)}${delimiter}${process.env['PATH'] ?? ''}` },
    });
    try {
      let address = '';
      for await (const line of createInterface({ input: ray.stdout })) {
        if (!line.startsWith('dashboard ')) continue;
        address = `http://${line.slice('dashboard '.length)}`;
        break;
      }
      const job = trainingJobSchema.parse(fields());
      let text = '';
      // Ray makes itself a token where none is set.
      const token = (
        await readFile(join(homedir(), '.ray/auth_token'), 'utf8').catch(() => '')
      ).trim();
      for await (const event of submitRayJob({
        job,
        runner: await readRunner(),
        address,
        ...(token === '' ? {} : { token }),
      }))
        if (event.type === 'line') text += `${event.text}\n`;
      expectLosses(eventsOf(text));
      expect(await readdir(join(folder, 'out'))).toContain('lineage.json');
    } finally {
      ray.stdin.end();
      await once(ray, 'exit');
    }
  }, 600_000);
});
