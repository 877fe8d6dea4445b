import { Worker } from 'node:worker_threads';
import { EspalierError, type TensorBackend } from '@espalier/core';
import { createJsBackend } from '../backends/create-js-backend.js';
import { BackendMissingError } from '../errors.js';
import {
  createTensorBoardLog,
  type TensorBoardLog,
} from '../tensorboard/create-tensorboard-log.js';
import { train } from '../train/train.js';
import { createPace, paceScalars } from './create-pace.js';
import type { TrainingReply, TrainingRequest } from './training-process-messages.js';

/** Ends the process when its parent is gone, also while the main thread computes. */
const WATCH = `
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 1000);
`;

type RunRequest = Extract<TrainingRequest, { type: 'run' }>;

/** What `serveTrainingProcess` takes. */
export interface ServeTrainingOptions {
  /** `process.env`, where TensorFlow is told of `precision: bfloat16` before it is loaded. */
  readonly environment?: Record<string, string | undefined>;
}

/**
 * Serves as a training process: waits for one job from the parent, runs it, tells its events, and ends.
 *
 * For the program that `runTrainingProcess` starts; does nothing useful without a parent that speaks to it.
 */
export function serveTrainingProcess(options: ServeTrainingOptions = {}): void {
  const pause = new AbortController();
  new Worker(WATCH, { eval: true }).unref();
  process.once('disconnect', () => process.exit(1));
  // The parent decides when a job ends; Ctrl+C in a terminal reaches the whole group.
  process.on('SIGINT', () => undefined);
  process.on('message', (request: TrainingRequest) => {
    if (request.type === 'pause') pause.abort();
    else void serve(request, pause.signal, options);
  });
}

async function serve(
  request: RunRequest,
  pauseSignal: AbortSignal,
  options: ServeTrainingOptions,
): Promise<void> {
  try {
    await tell({ type: 'end', outcome: await runJob(request, pauseSignal, options) });
  } catch (error) {
    const isOwn = EspalierError.isInstance(error);
    await tell({
      type: 'error',
      code: isOwn ? error.code : null,
      message: error instanceof Error ? error.message : String(error),
      details: isOwn ? error.details : {},
    });
  }
  process.disconnect();
}

async function runJob(
  request: RunRequest,
  pauseSignal: AbortSignal,
  options: ServeTrainingOptions,
): Promise<'done' | 'paused'> {
  const { job } = request;
  const backend = await openBackend(request, options);
  let log: TensorBoardLog | undefined;
  let isPaused = false;
  try {
    const pace = createPace({ totalSteps: job.max_steps, now: () => performance.now() });
    for await (const event of train({
      job,
      backend,
      isResumed: request.isResumed,
      pauseSignal,
      ...(request.availableMemory !== null && { availableMemory: request.availableMemory }),
    })) {
      if (event.type === 'start' && job.logging_dir !== undefined)
        log = await createTensorBoardLog({ folder: job.logging_dir });
      await log?.write(event);
      isPaused ||= event.type === 'paused';
      if (event.type === 'step') {
        const measured = pace.step(event);
        await log?.scalars(event.step, paceScalars(measured));
        await tell({ type: 'event', event: { ...event, ...measured } });
      } else await tell({ type: 'event', event });
      // Lets the pause and the parent's end be heard where steps leave no time for it.
      await new Promise(setImmediate);
    }
    return isPaused ? 'paused' : 'done';
  } finally {
    await log?.close();
    await backend.dispose();
  }
}

async function openBackend(
  request: RunRequest,
  { environment }: ServeTrainingOptions,
): Promise<TensorBackend> {
  switch (request.backend) {
    case 'js':
      return createJsBackend();
    case 'tfjs': {
      const { createTfjsBackend } = await import('../tfjs/create-tfjs-backend.js');
      return createTfjsBackend();
    }
    case 'tfjs-node': {
      const { createTfjsNodeBackend } = await import('../tfjs-node/create-tfjs-node-backend.js');
      return createTfjsNodeBackend({
        folder: request.tensorFlowFolder ?? '',
        precision: request.job.precision,
        ...(environment && { environment }),
      });
    }
    case 'onnx':
    case null: {
      const { createOnnxBackend } = await import('../onnx/create-onnx-backend.js');
      try {
        return await createOnnxBackend();
      } catch (error) {
        if (request.backend === null && BackendMissingError.isInstance(error))
          return createJsBackend();
        throw error;
      }
    }
  }
}

function tell(reply: TrainingReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(reply, undefined, undefined, () => resolve());
  });
}
