import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SOURCE_TRAINING_PROGRAM } from '../../__fixtures__/source-training-program.js';
import { startTestServer, type TestServer } from '../../__fixtures__/start-test-server.js';
import { createOpenAISchemaCheck } from '../__fixtures__/openai-schema.js';

const TUNING = join(import.meta.dirname, '../../../../../libs/training/src/__fixtures__/tuning');
const problems = createOpenAISchemaCheck();

let server: TestServer;
let client: OpenAI;
beforeAll(async () => {
  server = await startTestServer({
    config: { training: { models: { tiny: join(TUNING, 'chat') }, backend: 'js' } },
    trainingProgram: SOURCE_TRAINING_PROGRAM,
  });
  client = new OpenAI({
    baseURL: `${server.url}/v1`,
    apiKey: server.adminKey ?? server.localKey,
    maxRetries: 0,
  });
});
afterAll(() => server.remove());

const uploadText = async (text: string) =>
  client.files.create({
    file: await toFile(Buffer.from(text), 'rows.jsonl'),
    purpose: 'fine-tune',
  });

const chats = (): Promise<string> => readFile(join(TUNING, 'chats.jsonl'), 'utf8');

/** Waits for the job as its stream tells it. */
async function ended(id: string) {
  await (await server.request(`/api/v1/training/jobs/${id}/stream`)).text();
  return client.fineTuning.jobs.retrieve(id);
}

const PREFERENCES = ['yes', 'no']
  .map((word) =>
    JSON.stringify({
      input: { messages: [{ role: 'user', content: 'hm' }] },
      preferred_output: [{ role: 'assistant', content: word }],
      non_preferred_output: [{ role: 'assistant', content: 'no way' }],
    }),
  )
  .join('\n');

describe('fine-tuning with the official client', () => {
  it('uploads, lists, reads and deletes files', async () => {
    const file = await uploadText(await chats());
    expect(problems('OpenAIFile', file)).toEqual([]);
    expect(await client.files.retrieve(file.id)).toEqual(file);
    expect(await (await client.files.content(file.id)).text()).toBe(await chats());
    const list = await client.files.list({ purpose: 'fine-tune' });
    expect(list.data.map(({ id }) => id)).toContain(file.id);
    const raw: unknown = await (await server.request('/v1/files')).json();
    expect(problems('ListFilesResponse', raw)).toEqual([]);
    expect(problems('DeleteFileResponse', await client.files.delete(file.id))).toEqual([]);
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
    await expect(
      client.files.create({ file: await toFile(Buffer.from('{}'), 'x'), purpose: 'assistants' }),
    ).rejects.toMatchObject({ status: 400, param: 'purpose' });
  });

  it('trains on conversations and answers with the result', async () => {
    const file = await uploadText(await chats());
    const job = await client.fineTuning.jobs.create({
      model: 'tiny',
      training_file: file.id,
      validation_file: file.id,
      suffix: 'support',
      seed: 7,
      method: {
        type: 'supervised',
        supervised: {
          hyperparameters: { n_epochs: 2, batch_size: 2, learning_rate_multiplier: 10 },
        },
      },
      metadata: { team: 'help' },
    });
    expect(problems('FineTuningJob', job)).toEqual([]);
    expect(job).toMatchObject({ seed: 7, training_file: file.id, metadata: { team: 'help' } });
    const done = await ended(job.id);
    expect(problems('FineTuningJob', done)).toEqual([]);
    expect(done).toMatchObject({ status: 'succeeded', error: null });
    expect(done.trained_tokens).toBeGreaterThan(0);
    expect(done.fine_tuned_model).toMatch(/^ft:tiny:support:[0-9a-f]+$/u);

    const listed: unknown = await (await server.request('/v1/fine_tuning/jobs')).json();
    expect(problems('ListPaginatedFineTuningJobsResponse', listed)).toEqual([]);
    const events = [];
    for await (const event of client.fineTuning.jobs.listEvents(job.id, { limit: 3 }))
      events.push(event);
    expect(events[0]?.message).toBe('The job is succeeded.');
    expect(events.filter(({ type }) => type === 'metrics').length).toBeGreaterThan(2);
    expect(
      problems('ListFineTuningJobEventsResponse', {
        object: 'list',
        data: events,
        has_more: false,
      }),
    ).toEqual([]);
    const checkpoints: unknown = await (
      await server.request(`/v1/fine_tuning/jobs/${job.id}/checkpoints`)
    ).json();
    expect(problems('ListFineTuningJobCheckpointsResponse', checkpoints)).toEqual([]);
    expect((checkpoints as { data: unknown[] }).data.length).toBeGreaterThan(0);

    const answer = await client.chat.completions.create({
      model: done.fine_tuned_model ?? '',
      max_tokens: 4,
      messages: [{ role: 'user', content: 'hm' }],
    });
    expect(problems('CreateChatCompletionResponse', answer)).toEqual([]);
    expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('trains on preferences', async () => {
    const file = await uploadText(PREFERENCES);
    const job = await client.fineTuning.jobs.create({
      model: 'tiny',
      training_file: file.id,
      method: { type: 'dpo', dpo: { hyperparameters: { n_epochs: 1, beta: 0.2 } } },
    });
    expect(await ended(job.id)).toMatchObject({
      status: 'succeeded',
      hyperparameters: { n_epochs: 1, batch_size: 2, beta: 0.2 },
    });
  });

  it('pauses, resumes and cancels', async () => {
    const file = await uploadText(await chats());
    const job = await client.fineTuning.jobs.create({
      model: 'tiny',
      training_file: file.id,
      hyperparameters: { n_epochs: 10_000 },
    });
    await client.fineTuning.jobs.pause(job.id);
    for (;;) {
      const { status } = (await (
        await server.request(`/api/v1/training/jobs/${job.id}`)
      ).json()) as {
        status: string;
      };
      if (status === 'paused') break;
    }
    expect((await client.fineTuning.jobs.resume(job.id)).status).toBe('queued');
    await client.fineTuning.jobs.cancel(job.id);
    expect((await ended(job.id)).status).toBe('cancelled');
  });

  it.each([
    [
      '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n{nope',
      /line 2: it is not JSON/u,
    ],
    ['{"messages":[{"role":"user","content":"a"}]}', /line 1: "messages": Must hold a turn/u],
    ['{"text":"a"}', /line 1: "messages"/u],
    [
      '{"messages":[{"role":"assistant","content":"b","weight":0}]}',
      /line 1: "messages\.0\.weight": Must be 1/u,
    ],
    ['\n', /it holds no rows/u],
  ])('names the line of %j', async (text, message) => {
    const { id } = await uploadText(text);
    await expect(
      client.fineTuning.jobs.create({ model: 'tiny', training_file: id }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'invalid_training_file',
      param: 'training_file',
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses unknown models, files and integrations, in the shape of its errors', async () => {
    const { id } = await uploadText(await chats());
    const create = (fields: object) =>
      client.fineTuning.jobs.create({ model: 'tiny', training_file: id, ...fields });
    await expect(create({ model: 'none' })).rejects.toMatchObject({ status: 404 });
    await expect(create({ training_file: 'file-0' })).rejects.toMatchObject({
      status: 400,
      param: 'training_file',
    });
    await expect(
      create({ integrations: [{ type: 'wandb', wandb: { project: 'x' } }] }),
    ).rejects.toMatchObject({ status: 400, param: 'integrations' });
    await expect(client.fineTuning.jobs.retrieve('ftjob-0')).rejects.toMatchObject({ status: 404 });
    const { error } = (await (await server.request('/v1/fine_tuning/jobs/x')).json()) as {
      error: unknown;
    };
    expect(problems('ErrorResponse', { error })).toEqual([]);
  });
});
