import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TrainingFailedError, TrainingProcessError } from '../errors.js';
import type { TrainingJob } from '../train/job-schema.js';
import type {
  TrainingBackendName,
  TrainingProcessEvent,
  TrainingReply,
  TrainingRequest,
} from './training-process-messages.js';

/** How much of what a process wrote is kept for its error. Units: characters. */
const KEPT_OUTPUT = 2000;
/** What Node says when its heap is full, before pages of addresses. */
const HEAP_FULL = /^.*heap out of memory.*$/mu;
/** How the system and Node end a process for want of memory. */
const MEMORY_SIGNALS: Readonly<Record<string, string>> = {
  SIGKILL: ', as the system does when memory runs out',
  SIGABRT: ', as Node does when its heap is full',
};

/** The program that a training process runs, which calls `serveTrainingProcess`. */
export interface TrainingProgram {
  readonly file: string;
  /** Options of Node itself. Default: none. */
  readonly execArgv?: readonly string[];
}

/** What a training process is started with. */
export interface TrainingProcessOptions {
  readonly job: TrainingJob;
  /** Goes on from the latest checkpoint in `output_dir`, if there is one. */
  readonly isResumed?: boolean;
  /** Default: ONNX Runtime where it loads, else plain JavaScript. */
  readonly backend?: TrainingBackendName;
  readonly tensorFlowFolder?: string;
  /** Bytes that the run may take; default: what the machine has left. */
  readonly availableMemory?: number;
  /** Default: the worker of this package. */
  readonly program?: TrainingProgram;
  /** Variables of the process; default: those of this one. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Told the number of the process. */
  readonly onStart?: (pid: number) => void;
  readonly onEvent: (event: TrainingProcessEvent) => void;
  /** Asks the run to write a checkpoint after its present step and end. */
  readonly pauseSignal?: AbortSignal;
  /** Kills the process at once; checkpoints stay. */
  readonly abortSignal?: AbortSignal;
}

/**
 * Runs a job in a process of its own, and resolves to how it ended.
 *
 * Whatever happens to that process, this one goes on. When this one dies, that one ends within seconds.
 *
 * @throws {TrainingFailedError} with the code of what the run threw, `ERR_TRAINING_DIVERGED` among others.
 * @throws {TrainingProcessError} `ERR_TRAINING_PROCESS`: it was killed, e.g. for want of memory, or ended without a word.
 */
export async function runTrainingProcess(
  options: TrainingProcessOptions,
): Promise<'done' | 'paused'> {
  const { abortSignal, pauseSignal } = options;
  abortSignal?.throwIfAborted();
  const program = options.program ?? {
    file: fileURLToPath(import.meta.resolve('@espalier/training/training-worker')),
  };
  const child = fork(program.file, {
    execArgv: [...(program.execArgv ?? [])],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(options.environment && { env: { ...options.environment } }),
    serialization: 'advanced',
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  const kill = (): void => void child.kill('SIGKILL');
  const pause = (): void => send(child, { type: 'pause' });
  abortSignal?.addEventListener('abort', kill, { once: true });
  pauseSignal?.addEventListener('abort', pause, { once: true });
  try {
    send(child, {
      type: 'run',
      job: options.job,
      isResumed: options.isResumed ?? false,
      backend: options.backend ?? null,
      tensorFlowFolder: options.tensorFlowFolder ?? null,
      availableMemory: options.availableMemory ?? null,
    });
    if (pauseSignal?.aborted === true) pause();
    return await endOf(child, options.onEvent);
  } catch (error) {
    abortSignal?.throwIfAborted();
    throw error;
  } finally {
    abortSignal?.removeEventListener('abort', kill);
    pauseSignal?.removeEventListener('abort', pause);
    if (child.exitCode === null && child.signalCode === null) kill();
  }
}

/** A process that has ended says so by itself. */
function send(child: ChildProcess, request: TrainingRequest): void {
  if (child.connected) child.send(request, () => undefined);
}

function endOf(
  child: ChildProcess,
  onEvent: TrainingProcessOptions['onEvent'],
): Promise<'done' | 'paused'> {
  return new Promise((resolve, reject) => {
    let output = '';
    let heapFull: string | undefined;
    let last: TrainingReply | undefined;
    const keep = (chunk: Buffer): void => {
      const said = `${output}${chunk.toString()}`;
      heapFull ??= HEAP_FULL.exec(said)?.[0];
      output = said.slice(-KEPT_OUTPUT);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('message', (reply: TrainingReply) => {
      if (reply.type === 'event') onEvent(reply.event);
      else last = reply;
    });
    child.on('error', (cause) => {
      reject(
        new TrainingProcessError({ how: `could not be started: ${cause.message}`, output, cause }),
      );
    });
    child.on('close', (code, signal) => {
      if (last?.type === 'end') resolve(last.outcome);
      else if (last?.type === 'error') reject(errorOf(last, output));
      else {
        const how =
          signal === null
            ? `ended with exit code ${code}`
            : `was ended by ${signal}${MEMORY_SIGNALS[signal] ?? ''}`;
        const lacking = heapFull === undefined ? undefined : 'memory';
        reject(new TrainingProcessError({ how, output: heapFull ?? output, lacking }));
      }
    });
  });
}

function errorOf(
  { code, message, details }: Extract<TrainingReply, { type: 'error' }>,
  output: string,
): Error {
  if (code === null) {
    const lacking = message.includes('ENOSPC') ? 'disk' : undefined;
    return new TrainingProcessError({ how: `failed: ${message}`, output, lacking });
  }
  return new TrainingFailedError({ code, message, details });
}
