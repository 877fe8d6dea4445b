import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEspalierClient, type EspalierClient } from '@espalier/sdk-ts';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SOURCE_TRAINING_PROGRAM } from '../__fixtures__/source-training-program.js';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

const TUNING = join(import.meta.dirname, '../../../../libs/training/src/__fixtures__/tuning');
const SETTINGS = {
  max_steps: 4,
  batch_size: 2,
  loss_on: 'assistant',
  max_length: 128,
  learning_rate: 1e-2,
  lora: { r: 2 },
};

/** Loading the sources anew takes a busy machine long. Units: ms. */
const PATIENCE_MS = 150_000;

let server: TestServer;
let client: EspalierClient;
beforeAll(() => import('@espalier/training'), PATIENCE_MS);
beforeEach(async () => {
  server = await startTestServer({
    config: { training: { models: { tiny: join(TUNING, 'chat') }, backend: 'js' } },
    trainingProgram: SOURCE_TRAINING_PROGRAM,
  });
  client = createEspalierClient({
    baseUrl: server.url,
    apiKey: server.adminKey ?? server.localKey,
    timeoutMs: PATIENCE_MS,
  });
}, PATIENCE_MS);
afterEach(() => server.remove());

const upload = async (file = 'chats.jsonl'): Promise<string> =>
  (
    await client.training.uploadFile({
      name: file,
      text: await readFile(join(TUNING, file), 'utf8'),
    })
  ).id;

const createJob = async (settings: object = {}) =>
  client.training.create({
    model: 'tiny',
    trainingFile: await upload(),
    register: 'support',
    settings: { ...SETTINGS, ...settings },
  });

describe('training jobs', { timeout: 180_000 }, () => {
  it('train, tell every step, register their result, and answer through the OpenAI wire', async () => {
    const { id } = await createJob();
    const events: { type: string; step?: number | undefined }[] = [];
    for await (const { event } of client.training.follow({ id })) events.push(event);
    expect(events.filter(({ type }) => type === 'step').map(({ step }) => step)).toEqual([
      1, 2, 3, 4,
    ]);
    const job = await client.training.get({ id });
    expect(job).toMatchObject({
      status: 'succeeded',
      result: {
        reference: 'support@1',
        modelId: expect.stringMatching(/^ft:tiny:support:/u) as string,
      },
      progress: { step: 4, totalSteps: 4 },
      error: null,
    });
    const late: number[] = [];
    for await (const entry of client.training.follow({ id, lastEventId: events.length - 2 }))
      late.push(entry.id);
    expect(late).toEqual([events.length - 1, events.length]);
    const points = [];
    for await (const point of client.training.metrics({ id, limit: 2 })) points.push(point);
    expect(points.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect((await client.training.checkpoints({ id })).map(({ step }) => step)).toEqual([
      4, 3, 2, 1,
    ]);

    const promoted = await client.registry.promote({ reference: 'support@1' });
    expect(promoted).toMatchObject({ stage: 'production', base: 'tiny@1' });
    const ask = (model: string, options: object = {}) =>
      server.request('/v1/chat/completions', {
        json: {
          model,
          temperature: 0,
          max_tokens: 8,
          messages: [{ role: 'user', content: 'What is 2 + 2?' }],
          ...options,
        },
      });
    const answers = await Promise.all(
      ['support', 'support@production', 'tiny', job.result?.modelId ?? ''].map(async (model) => {
        const answer = (await (await ask(model)).json()) as {
          choices: { message: { content: string } }[];
          usage: { completion_tokens: number };
        };
        expect(answer.usage.completion_tokens).toBeGreaterThan(0);
        return answer.choices[0]?.message.content;
      }),
    );
    expect(answers[1]).toBe(answers[0]);
    expect(answers[3]).toBe(answers[0]);
    expect(answers[2]).not.toBe(answers[0]);
    expect(await (await ask('support', { stream: true })).text()).toContain('data: [DONE]');
    expect((await ask('support@9')).status).toBe(404);
    const listed = (await (await server.request('/v1/models')).json()) as {
      data: { id: string }[];
    };
    expect(listed.data.map(({ id: model }) => model)).toEqual(
      expect.arrayContaining(['tiny', 'support', job.result?.modelId]),
    );
  });

  it('pause with a checkpoint, resume, and are cancelled', async () => {
    const { id } = await createJob({ max_steps: 5000, checkpoint_steps: 5000 });
    for await (const { event } of client.training.follow({ id })) if (event.type === 'step') break;
    await client.training.pause({ id });
    let step = 0;
    for await (const { event } of client.training.follow({ id })) {
      if (event.type === 'paused') step = event.step ?? 0;
      if (event.type === 'status' && event['status'] === 'paused') break;
    }
    expect(step).toBeGreaterThan(0);
    await client.training.resume({ id });
    let first = 0;
    for await (const { event } of client.training.follow({ id })) {
      if (event.type === 'start') first = Number(event['first_step']);
      if (event.type === 'step' && (event.step ?? 0) > step) break;
    }
    expect(first).toBe(step);
    await client.training.cancel({ id });
    const statuses: unknown[] = [];
    for await (const { event } of client.training.follow({ id }))
      if (event.type === 'status') statuses.push(event['status']);
    expect(statuses).toEqual(['queued', 'running', 'paused', 'queued', 'running', 'cancelled']);
    await expect(client.training.resume({ id })).rejects.toMatchObject({
      code: 'ERR_SERVER_TRAINING_JOB_STATE',
      status: 409,
    });
  });

  it('go on from their checkpoint when the server starts again', async () => {
    const { id } = await createJob({ max_steps: 100_000, checkpoint_steps: 1 });
    for await (const { event } of client.training.follow({ id }))
      if (event.type === 'checkpoint') break;
    await server.close();
    server = await startTestServer({
      dataFolder: server.dataFolder,
      config: { training: { models: { tiny: join(TUNING, 'chat') }, backend: 'js' } },
      trainingProgram: SOURCE_TRAINING_PROGRAM,
    });
    client = createEspalierClient({ baseUrl: server.url, apiKey: server.localKey });
    let first = 0;
    let last = 0;
    for await (const { event } of client.training.follow({ id })) {
      if (event.type === 'start') first = Number(event['first_step']);
      if (event.type === 'step') last = event.step ?? 0;
      if (first > 0 && last > first) break;
    }
    const steps = [];
    for await (const point of client.training.metrics({ id, limit: 200 })) {
      steps.push(point.step);
      if (point.step === last) break;
    }
    expect(steps).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    await client.training.cancel({ id });
  });

  it('fail with the error of their process, and harm nobody', async () => {
    const { id } = await createJob({ learning_rate: 1e38, lora: undefined, max_grad_norm: 0 });
    for await (const _entry of client.training.follow({ id })) continue;
    expect(await client.training.get({ id })).toMatchObject({
      status: 'failed',
      error: { code: 'ERR_TRAINING_DIVERGED' },
    });
    expect((await server.request('/healthz')).status).toBe(200);
  });

  it('go on with a registered adapter, which is the parent of what they make', async () => {
    const first = await createJob();
    for await (const _entry of client.training.follow({ id: first.id })) continue;
    const { id } = await client.training.create({
      model: 'support@1',
      trainingFile: await upload(),
      register: 'support',
      settings: { ...SETTINGS, lora: undefined, learning_rate: 1e-3 },
    });
    for await (const _entry of client.training.follow({ id })) continue;
    expect(await client.training.get({ id })).toMatchObject({
      status: 'succeeded',
      result: { reference: 'support@2' },
    });
    const made = await client.registry.get({ reference: 'support@2', verify: true });
    expect(made).toMatchObject({
      base: 'tiny@1',
      lineage: { parent: 'support@1', codeVersion: '0.0.0-test', config: { model: 'tiny' } },
    });
    expect(JSON.stringify(made)).not.toContain(server.dataFolder);
    const promoted = await Promise.all(
      ['support@1', 'support@2', 'support@1'].map((reference) =>
        client.registry.promote({ reference }),
      ),
    );
    expect(promoted.map(({ reference }) => reference)).toEqual([
      'support@1',
      'support@2',
      'support@1',
    ]);
    const stages = await client.registry.list({ name: 'support' }).toArray();
    expect(stages.filter(({ stage }) => stage === 'production')).toHaveLength(1);
    await client.registry.setAlias({ name: 'support', alias: 'best', reference: 'support@1' });
    expect((await client.registry.get({ reference: 'support@best' })).version).toBe(1);
    expect(await client.registry.compare({ from: 'support@1', to: 'support@2' })).toMatchObject({
      config: { learning_rate: { from: 0.01, to: 0.001 } },
      files: { changed: expect.arrayContaining(['adapter_model.safetensors']) as string[] },
    });
    await client.registry.promote({ reference: 'support@2', stage: 'archived' });
    expect(await client.registry.collectGarbage({ dryRun: true })).toMatchObject({
      versions: ['support@2'],
      isDryRun: true,
    });
    const file = join(server.dataFolder, 'registry/versions/support/1/adapter_model.safetensors');
    await chmod(file, 0o644);
    await writeFile(file, 'broken');
    await expect(
      client.registry.get({ reference: 'support@1', verify: true }),
    ).rejects.toMatchObject({ code: 'ERR_REGISTRY_FILE' });
  });

  it('refuse unknown models, files, settings and paths before they are queued', async () => {
    const trainingFile = await upload();
    const create = (fields: object) =>
      client.training.create({ model: 'tiny', trainingFile, settings: SETTINGS, ...fields });
    await expect(create({ model: 'none' })).rejects.toMatchObject({
      code: 'ERR_SERVER_TRAINING_MODEL_UNKNOWN',
    });
    await expect(create({ trainingFile: 'file-0' })).rejects.toMatchObject({
      code: 'ERR_SERVER_FILE_UNKNOWN',
    });
    for (const settings of [{ output_dir: '/tmp' }, { steps: 1 }, { lora: { init_from: '/etc' } }])
      await expect(create({ settings: { ...SETTINGS, ...settings } })).rejects.toMatchObject({
        code: 'ERR_SERVER_TRAINING_SETTINGS',
        status: 422,
      });
  });

  it('are shown to their own key and to administrators, and registry changes to administrators', async () => {
    const { id } = await createJob();
    const { key } = await client.keys.create({ name: 'other' });
    const other = createEspalierClient({ baseUrl: server.url, apiKey: key });
    await expect(other.training.get({ id })).rejects.toMatchObject({
      code: 'ERR_SERVER_TRAINING_JOB_UNKNOWN',
    });
    const seen = [];
    for await (const job of other.training.list()) seen.push(job);
    expect(seen).toEqual([]);
    await expect(other.registry.promote({ reference: 'support' })).rejects.toMatchObject({
      status: 403,
    });
    await client.training.cancel({ id });
  });
});
