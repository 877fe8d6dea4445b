import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { strToU8, zipSync } from 'fflate';
import * as z from '@espalier/core/zod';
import { RemoteJobError } from '../errors.js';
import type { TrainingJob } from '../train/job-schema.js';
import { sendRayRequest, type RayRequest, type SendRayRequest } from './ray-request.js';
import { JOB_FILE, RUNNER_MODULE, runnerJob } from './runner-package.js';

/** How a job runs on Ray. */
export interface RayJobOptions {
  readonly job: TrainingJob;
  /** The runner's files, by name. */
  readonly runner: ReadonlyMap<string, string>;
  /** Of Ray's dashboard, e.g. `http://127.0.0.1:8265`. */
  readonly address: string;
  /** The cluster's authentication token, where it asks for one (Ray's `RAY_AUTH_TOKEN`). */
  readonly token?: string;
  readonly isResumed?: boolean;
  readonly gpus?: number;
  readonly cpus?: number;
  /** Packages that Ray installs for the job; default: none, they are there. */
  readonly pip?: readonly string[];
  /** Sends a request; default: Node's own client. */
  readonly send?: SendRayRequest;
  /** Waits between two looks at the job. */
  readonly pause?: (abortSignal: AbortSignal | undefined) => Promise<void>;
  readonly abortSignal?: AbortSignal;
}

/** What a job on Ray tells. */
export type RayJobEvent =
  | { readonly type: 'submitted'; readonly id: string }
  /** A line that the runner printed: an event as JSON, or something else. */
  | { readonly type: 'line'; readonly text: string };

const POLL_MS = 2000;
/** Zip files with the time in them would have another hash each time. */
const ZIP_TIME = '2000-01-01T00:00:00';
const submittedSchema = z.looseObject({ submission_id: z.string() });
const statusSchema = z.looseObject({ status: z.string(), message: z.string().nullish() });
const logsSchema = z.looseObject({ logs: z.string() });
const ENDED = new Set(['SUCCEEDED', 'FAILED', 'STOPPED']);

/**
 * Submits a job to Ray with the runner as its working folder, and yields what it prints until it has ended.
 *
 * The paths of the job must lie on storage that the cluster's nodes share. An abort stops the job on the cluster.
 *
 * @throws {RemoteJobError} `ERR_TRAINING_REMOTE`: Ray does not answer, refuses the job, or the job failed.
 * @see https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html
 */
export async function* submitRayJob(options: RayJobOptions): AsyncGenerator<RayJobEvent, void> {
  const { abortSignal } = options;
  const pause =
    options.pause ?? (async (signal) => void (await wait(POLL_MS, undefined, { signal })));
  const id = await submit(options);
  yield { type: 'submitted', id };
  let read = 0;
  try {
    for (;;) {
      // Status before logs: what is printed up to the end is then in the logs.
      const { status, message } = await call(options, statusSchema, `api/jobs/${id}`);
      const { logs } = await call(options, logsSchema, `api/jobs/${id}/logs`);
      const isEnded = ENDED.has(status);
      const end = isEnded ? logs.length : logs.lastIndexOf('\n') + 1;
      for (const text of logs.slice(read, end).split('\n'))
        if (text.trim() !== '') yield { type: 'line', text };
      read = Math.max(read, end);
      if (status === 'SUCCEEDED') return;
      if (isEnded)
        throw new RemoteJobError({
          place: `the Ray job ${id}`,
          problem: `it ended as ${status}: ${reason(message)}`,
          advice: 'Read the lines that it printed, correct the job, and submit it again.',
        });
      await pause(abortSignal);
    }
  } catch (error) {
    if (abortSignal?.aborted === true)
      await request({ ...options, abortSignal: undefined }, `api/jobs/${id}/stop`, {
        method: 'POST',
      }).catch(() => undefined);
    throw error;
  }
}

/** Ray's own sentence, and the last line of the logs that it quotes. */
function reason(message: string | null | undefined): string {
  const lines = (message ?? '').split('\n').filter((line) => line.trim() !== '');
  const [first = 'Ray gives no reason', last = first] = [lines[0], lines.at(-1)];
  return first === last ? first : `${first} … ${last}`;
}

async function submit(options: RayJobOptions): Promise<string> {
  const files = {
    [JOB_FILE]: strToU8(JSON.stringify(runnerJob(options.job))),
    ...Object.fromEntries(
      Array.from(options.runner, ([name, text]) => [`${RUNNER_MODULE}/${name}`, strToU8(text)]),
    ),
  };
  const archive = zipSync(files, { mtime: ZIP_TIME });
  const hash = createHash('sha256').update(archive).digest('hex').slice(0, 32);
  const name = `_ray_pkg_${hash}.zip`;
  await request(options, `api/packages/gcs/${name}`, {
    method: 'PUT',
    body: archive,
  });
  const { submission_id: id } = await call(options, submittedSchema, 'api/jobs/', {
    method: 'POST',
    body: JSON.stringify({
      entrypoint: `python -u -m ${RUNNER_MODULE} ${JOB_FILE}${options.isResumed === true ? ' --resume' : ''}`,
      runtime_env: {
        working_dir: `gcs://${name}`,
        ...(options.pip === undefined ? {} : { pip: options.pip }),
      },
      ...(options.gpus === undefined ? {} : { entrypoint_num_gpus: options.gpus }),
      ...(options.cpus === undefined ? {} : { entrypoint_num_cpus: options.cpus }),
      metadata: { task: options.job.task, output_dir: options.job.output_dir },
    }),
  });
  return id;
}

type RequestOptions = Pick<RayJobOptions, 'address' | 'token' | 'send'> & {
  readonly abortSignal?: AbortSignal | undefined;
};

async function call<Output>(
  options: RequestOptions,
  schema: z.ZodType<Output>,
  path: string,
  sent?: Partial<RayRequest>,
): Promise<Output> {
  const body = await request(options, path, sent);
  try {
    return schema.parse(JSON.parse(body));
  } catch (cause) {
    throw new RemoteJobError({
      place: new URL(path, options.address).href,
      problem: 'the answer is none of Ray’s',
      advice: 'Give the address of Ray’s dashboard.',
      cause,
    });
  }
}

async function request(
  { address, token, abortSignal, send = sendRayRequest }: RequestOptions,
  path: string,
  sent: Partial<RayRequest> = {},
): Promise<string> {
  const url = new URL(path, address.endsWith('/') ? address : `${address}/`);
  const { status, body } = await send({ method: 'GET', ...sent, url, token, abortSignal }).catch(
    (cause: unknown) => {
      if (abortSignal?.aborted === true) throw cause;
      throw new RemoteJobError({
        place: url.href,
        problem: 'Ray does not answer',
        advice: 'Start it (`ray start --head`), or give the address of its dashboard.',
        cause,
      });
    },
  );
  if (status >= 200 && status < 300) return body;
  throw new RemoteJobError({
    place: url.href,
    problem: `Ray answers ${status}: ${body}`,
    advice:
      status === 401 || status === 403
        ? 'Give the cluster’s token: RAY_AUTH_TOKEN, or a file named by RAY_AUTH_TOKEN_PATH.'
        : 'Correct what it names.',
  });
}
