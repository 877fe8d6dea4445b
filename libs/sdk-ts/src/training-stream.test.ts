import type { TrainingEventObject, TrainingJobObject } from '@espalier/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json, startScriptedServer, type ScriptedServer } from './__fixtures__/scripted-server.js';
import { createSkippingClock } from './__fixtures__/skipping-clock.js';
import { sse } from './__fixtures__/wire-objects.js';
import { createEspalierClient, type EspalierClient } from './index.js';

const STREAM = 'GET /api/v1/training/jobs/ftjob-1/stream';
const JOB = 'GET /api/v1/training/jobs/ftjob-1';
const at = '2026-01-01T00:00:00.000Z';
const events = [
  { type: 'status', status: 'running' },
  { type: 'step', step: 1, loss: 2.5 },
  { type: 'step', step: 2, loss: 2.25 },
  { type: 'status', status: 'succeeded' },
];
const frames = (from: number, to: number): string =>
  events
    .slice(from, to)
    .map((event, i) => `id: ${from + i + 1}\ndata: ${JSON.stringify({ ...event, at })}\n\n`)
    .join('');
const jobWith = (status: TrainingJobObject['status']): TrainingJobObject => ({
  id: 'ftjob-1',
  status,
  task: 'sft',
  model: 'tiny',
  trainingFile: 'file-1',
  validationFile: null,
  register: 'tiny-tuned',
  settings: {},
  progress: null,
  result: null,
  error: null,
  createdAt: at,
  startedAt: at,
  finishedAt: null,
});

let server: ScriptedServer;
let client: EspalierClient;
beforeEach(async () => {
  server = await startScriptedServer();
  client = createEspalierClient({
    baseUrl: server.url,
    clock: createSkippingClock(),
    random: { next: () => 0.5 },
    stream: { maxResumes: 2 },
  });
});
afterEach(() => server.close());

async function follow(lastEventId = 0): Promise<TrainingEventObject[]> {
  const all: TrainingEventObject[] = [];
  for await (const { event } of client.training.follow({ id: 'ftjob-1', lastEventId }))
    all.push(event);
  return all;
}

describe('the events of a training job', () => {
  it('come once each over connections that end early', async () => {
    server.on(STREAM, sse(frames(0, 2)), sse(frames(2, 4)));
    server.on(JOB, json(jobWith('running')));
    expect(await follow()).toMatchObject(events);
  });

  it('end for who has seen the last one', async () => {
    server.on(STREAM, sse(''));
    server.on(JOB, json(jobWith('succeeded')));
    expect(await follow(4)).toEqual([]);
  });

  it('never end silently while the job goes on', async () => {
    server.on(STREAM, sse(''), sse(''), sse(''));
    server.on(JOB, ...Array.from({ length: 3 }, () => json(jobWith('running'))));
    await expect(follow(2)).rejects.toMatchObject({
      code: 'ERR_SDK_STREAM_INTERRUPTED',
      message: expect.stringContaining('training.follow({ id, lastEventId: 2 })') as string,
    });
  });

  it('are asked for again where one is garbled', async () => {
    server.on(STREAM, sse(`${frames(0, 1)}id: 2\ndata: {"type"\n\n`), sse(frames(1, 4)));
    expect(await follow()).toMatchObject(events);
  });
});
