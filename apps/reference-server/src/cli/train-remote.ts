import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import {
  kubernetesManifests,
  readRunner,
  submitRayJob,
  type ClusterVolume,
  type TrainingJob,
} from '@espalier/training';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { CliError } from './cli-error.js';

/** Options of `espalier train --on`. */
export interface RemoteTrainOptions {
  readonly on: 'ray' | 'kubernetes';
  readonly address: string;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly gpus?: number;
  readonly cpus?: number;
  readonly pip?: readonly string[];
  readonly image?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly volume: readonly string[];
  readonly memory?: string;
  readonly apply?: boolean;
}

/** The Python runner: the built server has it in a file, a checkout in its package. */
async function loadRunner(): Promise<ReadonlyMap<string, string>> {
  const file = new URL('./assets/runner.json', import.meta.url);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return readRunner();
  return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
}

/** What Kubernetes takes as a name. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;

/** Runs a job on Ray, or writes it for Kubernetes; the Python runner reads the same file. */
export async function trainRemotely(
  file: string,
  job: TrainingJob,
  options: RemoteTrainOptions,
  context: CliContext,
): Promise<number> {
  const wrong = [options.gpus, options.cpus].find(
    (count) => count !== undefined && !(Number.isFinite(count) && count >= 0),
  );
  if (wrong !== undefined) throw usage(`--gpus and --cpus are counts, not ${wrong}.`);
  return options.on === 'ray'
    ? trainOnRay(job, options, context)
    : trainOnKubernetes(file, job, options, context);
}

/** Where Ray's own commands look for the token of a cluster that asks for one. */
async function rayToken({ environment, directory }: CliContext): Promise<string | undefined> {
  const named = environment['RAY_AUTH_TOKEN'];
  if (named !== undefined && named !== '') return named;
  const path = environment['RAY_AUTH_TOKEN_PATH'];
  const file =
    path === undefined || path === ''
      ? join(homedir(), '.ray/auth_token')
      : resolve(directory, path);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (path === undefined || path === '') return '';
    throw new CliError({
      code: 'ERR_CLI_MODEL_INPUT',
      message: `The file that RAY_AUTH_TOKEN_PATH names cannot be read: ${file}. Correct the path, or unset it.`,
      exitCode: EXIT.usage,
      cause,
    });
  });
  return text.trim() === '' ? undefined : text.trim();
}

async function trainOnRay(
  job: TrainingJob,
  options: RemoteTrainOptions,
  context: CliContext,
): Promise<number> {
  const token = await rayToken(context);
  const events = submitRayJob({
    job,
    runner: await loadRunner(),
    address: options.address,
    abortSignal: context.abortSignal,
    ...(token === undefined ? {} : { token }),
    ...(options.resume === true && { isResumed: true }),
    ...(options.gpus === undefined ? {} : { gpus: options.gpus }),
    ...(options.cpus === undefined ? {} : { cpus: options.cpus }),
    ...(options.pip === undefined ? {} : { pip: options.pip }),
  });
  for await (const event of events) {
    if (event.type === 'submitted')
      context.out(
        options.json === true
          ? `${JSON.stringify({ type: 'submitted', id: event.id })}\n`
          : `Submitted to Ray as ${event.id}\n`,
      );
    // With --json standard output holds only events; what else the cluster prints is for people.
    else if (options.json === true && !event.text.startsWith('{')) context.err(`${event.text}\n`);
    else context.out(`${event.text}\n`);
  }
  return EXIT.ok;
}

async function trainOnKubernetes(
  file: string,
  job: TrainingJob,
  options: RemoteTrainOptions,
  context: CliContext,
): Promise<number> {
  if (options.image === undefined)
    throw usage('Name an image that holds Python with torch, trl, peft and datasets: --image.');
  const name = options.name ?? nameOf(file);
  if (!NAME.test(name))
    throw usage(`"${name}" is no name for Kubernetes. Give one of small letters, digits and "-".`);
  const manifests = kubernetesManifests({
    job,
    runner: await loadRunner(),
    image: options.image,
    name,
    volumes: options.volume.map(volumeOf),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(options.gpus === undefined ? {} : { gpus: options.gpus }),
    ...(options.cpus === undefined ? {} : { cpu: String(options.cpus) }),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
  });
  const list = { apiVersion: 'v1', kind: 'List', items: manifests };
  if (options.apply === true) return apply(JSON.stringify(list), context);
  if (options.json === true) context.out(`${JSON.stringify(list)}\n`);
  else {
    const { stringify } = await import('yaml');
    context.out(
      manifests.map((each) => stringify(each, { aliasDuplicateObjects: false })).join('---\n'),
    );
  }
  return EXIT.ok;
}

/** `kubectl` knows the cluster and who may use it. */
async function apply(list: string, context: CliContext): Promise<number> {
  const child = spawn('kubectl', ['apply', '-f', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdout.on('data', (data: Buffer) => {
    context.out(data.toString());
  });
  child.stderr.on('data', (data: Buffer) => {
    context.err(data.toString());
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(list);
  const [code] = (await once(child, 'close').catch((cause: unknown) => {
    throw new CliError({
      code: 'ERR_CLI_MODEL_INPUT',
      message:
        'kubectl does not start. Install it, or apply what the command prints without --apply.',
      exitCode: EXIT.failure,
      cause,
    });
  })) as [number | null];
  return code === 0 ? EXIT.ok : EXIT.failure;
}

/** `my_job.yaml` as `my-job`. */
function nameOf(file: string): string {
  return basename(file, extname(file))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replaceAll(/^-+|-+$/gu, '');
}

function volumeOf(text: string): ClusterVolume {
  const [claim, path, ...rest] = text.split(':');
  if (claim && path?.startsWith('/') === true && rest.length === 0) return { claim, path };
  throw usage(`--volume is ${text}, but must be a claim and where it is mounted: data:/data.`);
}

function usage(message: string): CliError {
  return new CliError({ code: 'ERR_CLI_MODEL_INPUT', message, exitCode: EXIT.usage });
}
