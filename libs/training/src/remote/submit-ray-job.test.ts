import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { trainingJobSchema } from '../train/job-schema.js';
import { sendRayRequest, type RayRequest } from './ray-request.js';
import { readRunner } from './runner-package.js';
import { submitRayJob, type RayJobEvent, type RayJobOptions } from './submit-ray-job.js';

const job = trainingJobSchema.parse({
  task: 'sft',
  model: '/shared/model',
  output_dir: '/shared/out',
  train_data: '/shared/rows.jsonl',
  max_steps: 2,
  learning_rate: 1e-3,
});

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** A dashboard that answers in turn, and what it was asked. */
const dashboard = (answers: readonly Answer[]) => {
  const requests: RayRequest[] = [];
  const left = [...answers];
  const send: RayJobOptions['send'] = (request) => {
    requests.push(request);
    const { status = 200, body } = left.shift() ?? { status: 500, body: 'no more' };
    return Promise.resolve({
      status,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  };
  return { requests, send };
};

const collect = async (options: Partial<RayJobOptions>): Promise<RayJobEvent[]> => {
  const events: RayJobEvent[] = [];
  const all = submitRayJob({
    job,
    runner: new Map([['__main__.py', 'main()']]),
    address: 'http://head:8265/ray',
    pause: () => Promise.resolve(),
    ...options,
  });
  for await (const event of all) events.push(event);
  return events;
};

const UPLOADED: Answer = { body: {} };
const SUBMITTED: Answer = { body: { submission_id: 'raysubmit_1' } };

describe('a job on Ray', () => {
  it('uploads job and runner, submits them and yields each line once', async () => {
    const { requests, send } = dashboard([
      UPLOADED,
      SUBMITTED,
      { body: { status: 'RUNNING' } },
      { body: { logs: '{"type":"step","step":1}\n{"type":"st' } },
      { body: { status: 'SUCCEEDED' } },
      { body: { logs: '{"type":"step","step":1}\n{"type":"step","step":2}\n{"type":"done"}' } },
    ]);
    const events = await collect({ send, isResumed: true, gpus: 1, pip: ['trl==1.16.0'] });
    expect(events).toEqual([
      { type: 'submitted', id: 'raysubmit_1' },
      { type: 'line', text: '{"type":"step","step":1}' },
      { type: 'line', text: '{"type":"step","step":2}' },
      { type: 'line', text: '{"type":"done"}' },
    ]);
    const [upload, submission, look] = requests;
    expect(upload?.method).toBe('PUT');
    expect(upload?.url.href).toMatch(
      /^http:\/\/head:8265\/ray\/api\/packages\/gcs\/_ray_pkg_[0-9a-f]{32}\.zip$/u,
    );
    const files = unzipSync(upload?.body as Uint8Array);
    expect(Object.keys(files)).toEqual(['job.json', 'espalier_runner/__main__.py']);
    expect(JSON.parse(strFromU8(files['job.json'] ?? new Uint8Array()))).toEqual({
      task: 'sft',
      model: '/shared/model',
      output_dir: '/shared/out',
      train_data: '/shared/rows.jsonl',
      max_steps: 2,
      learning_rate: 1e-3,
    });
    const name = upload?.url.href.split('/').at(-1) ?? '';
    expect(JSON.parse(submission?.body as string)).toEqual({
      entrypoint: 'python -u -m espalier_runner job.json --resume',
      runtime_env: { working_dir: `gcs://${name}`, pip: ['trl==1.16.0'] },
      entrypoint_num_gpus: 1,
      metadata: { task: 'sft', output_dir: '/shared/out' },
    });
    expect(look?.url.pathname).toBe('/ray/api/jobs/raysubmit_1');
  });

  it.each([
    [
      'failed',
      [
        UPLOADED,
        SUBMITTED,
        { body: { status: 'FAILED', message: 'exit 1' } },
        { body: { logs: '' } },
      ],
      /raysubmit_1.*FAILED: exit 1/u,
    ],
    ['was refused', [UPLOADED, { status: 400, body: 'bad env' }], /400: bad env/u],
    ['went to something else', [UPLOADED, { body: '<html>' }], /none of Ray/u],
  ])('tells that it %s', async (_name, answers, message) => {
    const { send } = dashboard(answers);
    await expect(collect({ send })).rejects.toMatchObject({
      code: 'ERR_TRAINING_REMOTE',
      message: expect.stringMatching(message) as string,
    });
  });

  it('tells that no one answers', async () => {
    const send = () => Promise.reject(new Error('ECONNREFUSED'));
    await expect(collect({ send })).rejects.toMatchObject({
      code: 'ERR_TRAINING_REMOTE',
      message: expect.stringContaining('ray start') as string,
    });
  });

  it('stops on the cluster when it is aborted', async () => {
    const aborter = new AbortController();
    const { requests, send } = dashboard([
      UPLOADED,
      SUBMITTED,
      { body: { status: 'RUNNING' } },
      { body: { logs: '' } },
      { body: { stopped: true } },
    ]);
    const pause = (): Promise<void> => {
      aborter.abort();
      return Promise.reject(new Error('aborted'));
    };
    await expect(collect({ send, pause, abortSignal: aborter.signal })).rejects.toThrow('aborted');
    expect(requests.at(-1)).toMatchObject({ method: 'POST' });
    expect(requests.at(-1)?.url.pathname).toBe('/ray/api/jobs/raysubmit_1/stop');
  });

  it('finds the runner that comes with the package', async () => {
    expect([...(await readRunner()).keys()]).toEqual([
      '__init__.py',
      '__main__.py',
      'job.py',
      'rows.py',
      'run.py',
    ]);
    await expect(readRunner('/nowhere')).rejects.toMatchObject({ code: 'ERR_TRAINING_REMOTE' });
  });

  it('shows the token that a cluster asks for, and says where to give it', async () => {
    const refused = dashboard([{ status: 401, body: 'Unauthorized' }]);
    await expect(collect({ send: refused.send, token: 'secret' })).rejects.toMatchObject({
      code: 'ERR_TRAINING_REMOTE',
      message: expect.stringMatching(/401.*RAY_AUTH_TOKEN/u) as string,
    });
    expect(refused.requests.map(({ token }) => token)).toEqual(['secret']);
  });

  it('sends the token as a bearer', async () => {
    let header: string | undefined;
    const server = createServer((request, response) => {
      header = request.headers.authorization;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await sendRayRequest({
      method: 'GET',
      url: new URL(`http://127.0.0.1:${port}`),
      token: 'secret',
    });
    expect(header).toBe('Bearer secret');
    server.close();
  });
});
