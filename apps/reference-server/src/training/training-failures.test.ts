import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingProgram } from '@espalier/training';
import { createEspalierClient, type EspalierClient } from '@espalier/sdk-ts';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { SOURCE_TRAINING_PROGRAM } from '../__fixtures__/source-training-program.js';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

const FIXTURES = join(import.meta.dirname, '../../../../libs/training/src/__fixtures__');
const CHATS = join(FIXTURES, 'tuning/chats.jsonl');
const KILLED: TrainingProgram = { file: join(FIXTURES, 'killed-process.mjs') };
const EXHAUSTED: TrainingProgram = {
  file: join(FIXTURES, 'exhausted-process.mjs'),
  execArgv: ['--max-old-space-size=16'],
};
/** Loading the sources anew takes a busy machine long. Units: ms. */
const PATIENCE_MS = 150_000;

const line = createCommandLine();
let server: TestServer;
let client: EspalierClient;
beforeAll(() => import('@espalier/training'), PATIENCE_MS);
afterEach(() => server.remove());

async function start(trainingProgram: TrainingProgram): Promise<void> {
  server = await startTestServer({
    config: {
      training: { models: { tiny: join(FIXTURES, 'tuning/chat') }, backend: 'js' },
      retention: { trainingFolders: 0, trainingFoldersKept: 0 },
    },
    trainingProgram,
  });
  const apiKey = server.adminKey ?? server.localKey;
  client = createEspalierClient({ baseUrl: server.url, apiKey, timeoutMs: PATIENCE_MS });
}

async function createJob(settings: object = {}): Promise<string> {
  const text = await readFile(CHATS, 'utf8');
  const { id: trainingFile } = await client.training.uploadFile({ name: 'chats.jsonl', text });
  const job = await client.training.create({
    model: 'tiny',
    trainingFile,
    settings: { max_steps: 4, batch_size: 2, max_length: 64, lora: { r: 2 }, ...settings },
  });
  return job.id;
}

async function failedJob(settings: object = {}) {
  const id = await createJob(settings);
  for await (const _entry of client.training.follow({ id })) continue;
  const job = await client.training.get({ id });
  expect(job.status).toBe('failed');
  return job;
}

/** That the server answers, and takes a further job. */
async function expectServing(): Promise<void> {
  expect((await server.request('/readyz')).status).toBe(200);
  expect((await failedJob({ max_steps: 1 })).finishedAt).not.toBeNull();
}

describe('a training process that dies', { timeout: PATIENCE_MS }, () => {
  it('as the system kills it for want of memory fails its job alone', async () => {
    await start(KILLED);
    expect((await failedJob()).error).toMatchObject({
      code: 'ERR_TRAINING_PROCESS',
      message: expect.stringMatching(/ended by SIGKILL.*memory.*lower batch_size/u) as string,
    });
    await expectServing();
  });

  it('of a full heap fails its job alone', async () => {
    await start(EXHAUSTED);
    expect((await failedJob()).error).toMatchObject({
      code: 'ERR_TRAINING_PROCESS',
      message: expect.stringMatching(/ran out of memory\. Lower batch_size/u) as string,
    });
    await expectServing();
  });
});

describe('a full disk under the folders of training jobs', { timeout: PATIENCE_MS }, () => {
  it('fails the job that meets it with what to do, and leaves the server and later jobs alone', async (context) => {
    await start(SOURCE_TRAINING_PROGRAM);
    const folder = join(server.dataFolder, 'training');
    await mkdir(folder, { recursive: true });
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]);
    if (mounted.status !== 0) context.skip('A small disk can only be mounted by the superuser.');
    try {
      const id = await createJob({ max_steps: 100_000, checkpoint_steps: 1 });
      const filler = join(folder, 'filler');
      for await (const { event } of client.training.follow({ id }))
        if (event.type === 'step' && event.step === 1)
          await writeFile(filler, Buffer.alloc(5 * 2 ** 20)).catch((error: unknown) => {
            expect(error).toMatchObject({ code: 'ENOSPC' });
          });
      expect(await client.training.get({ id })).toMatchObject({
        status: 'failed',
        error: {
          code: 'ERR_TRAINING_CHECKPOINT_WRITE',
          message: expect.stringContaining('Free space') as string,
        },
      });
      const next = await failedJob();
      expect(next.error).toMatchObject({
        code: 'ERR_SERVER_TRAINING_FOLDER',
        message: expect.stringContaining('Free space') as string,
      });
      expect((await server.request('/readyz')).status).toBe(200);
      await client.training.clean();
      await writeFile(filler, '');
      const { id: last } = await client.training.get({ id: await createJob() });
      for await (const _entry of client.training.follow({ id: last })) continue;
      expect((await client.training.get({ id: last })).status).toBe('succeeded');
    } finally {
      spawnSync('umount', [folder]);
    }
  });
});

describe('the folders of finished jobs', { timeout: PATIENCE_MS }, () => {
  const clean = async (...args: string[]): Promise<string> => {
    const environment = { ESPALIER_URL: server.url, ESPALIER_API_KEY: server.localKey };
    expect(await line.run(['jobs', 'clean', ...args], environment)).toBe(0);
    return line.out;
  };

  it('are removed through the route, the client and the command line, or only told', async () => {
    await start(KILLED);
    const folders = () => readdir(join(server.dataFolder, 'training'));
    const { id: first } = await failedJob();
    const told = await server.request('/api/v1/training/clean', { json: { dryRun: true } });
    expect(await told.json()).toMatchObject({ jobs: [first], isDryRun: true });
    expect(await client.training.clean({ dryRun: true })).toMatchObject({ jobs: [first] });
    expect(await clean('--dry-run')).toMatch(
      new RegExp(`^Would remove 1 folders .*${first}.* MiB`),
    );
    expect(await folders()).toEqual([first]);

    expect(await client.training.clean()).toMatchObject({ jobs: [first], isDryRun: false });
    expect(await folders()).toEqual([]);
    expect((await client.training.get({ id: first })).status).toBe('failed');

    const { id: second } = await failedJob();
    expect(JSON.parse(await clean('--json'))).toMatchObject({ jobs: [second], isDryRun: false });
    expect(await folders()).toEqual([]);
    expect(await clean()).toMatch(/^Removed 0 folders/u);
  });

  it('are removed by administrators only, and not for a body that is not understood', async () => {
    await start(KILLED);
    const { key } = await client.keys.create({ name: 'other' });
    const path = '/api/v1/training/clean';
    expect((await server.request(path, { json: {}, key })).status).toBe(403);
    expect((await server.request(path, { json: { dryRun: 'yes' } })).status).toBe(422);
  });
});
