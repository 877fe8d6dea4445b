import { join, resolve } from 'node:path';
import {
  createPace,
  createTensorBoardLog,
  paceScalars,
  readTrainingJob,
  train,
  type TensorBoardLog,
  type TrainingEvent,
  type TrainingPace,
} from '@espalier/training';
import { createModelRegistry, referenceOf } from '@espalier/mlops';
import { registerTrainedJob } from '../training/register-trained-job.js';
import { EXIT } from '../errors/exit-codes.js';
import { VERSION } from '../version.js';
import type { BackendName } from './backend-names.js';
import type { CliContext } from './cli-context.js';
import { createProgressBar } from './output/progress-bar.js';
import type { RemoteTrainOptions } from './train-remote.js';
import { registryFolderOf } from './registry-folder.js';
import { openTensorBackend } from './training-backend.js';

/** Options of `espalier train`. */
export interface TrainCommandOptions extends Partial<RemoteTrainOptions> {
  readonly resume?: boolean;
  readonly backend?: BackendName;
  /** The data folder whose registry takes the result. */
  readonly data?: string;
  readonly json?: boolean;
}

/** Where Ray's dashboard is unless told otherwise. */
const RAY_ADDRESS = 'http://127.0.0.1:8265';
const BARS = '▁▂▃▄▅▆▇█';
const CHART_WIDTH = 24;
/** Without a terminal, every how many steps a line is printed. */
const LINES = 20;

/**
 * `espalier train`: runs a job to its end, with a bar and a chart of the loss, or as lines of JSON.
 *
 * A signal ends it after the batch that it computes, with a checkpoint; a second one at once.
 */
export async function trainJob(
  file: string,
  options: TrainCommandOptions,
  context: CliContext,
): Promise<number> {
  const at = (path: string): string => resolve(context.directory, path);
  const read = await readTrainingJob(at(file));
  const job = {
    ...read,
    output_dir: at(read.output_dir),
    train_data: at(read.train_data),
    logging_dir:
      read.logging_dir === undefined ? join(at(read.output_dir), 'runs') : at(read.logging_dir),
    ...(read.eval_data === undefined ? {} : { eval_data: at(read.eval_data) }),
    model: typeof read.model === 'string' ? at(read.model) : read.model,
    tokenizer: ['model', 'characters'].includes(read.tokenizer)
      ? read.tokenizer
      : at(read.tokenizer),
    ...(read.lora !== undefined && 'init_from' in read.lora
      ? { lora: { ...read.lora, init_from: at(read.lora.init_from) } }
      : {}),
  };
  const { on, address = RAY_ADDRESS, volume = [] } = options;
  if (on !== undefined) {
    const { trainRemotely } = await import('./train-remote.js');
    return trainRemotely(file, job, { ...options, on, address, volume }, context);
  }
  const backend = await openTensorBackend(options.backend, context, job.precision);
  const bar = createProgressBar(context);
  let log: TensorBoardLog | undefined;
  const losses: number[] = [];
  const metrics: Record<string, number> = {};
  const pace = createPace({ totalSteps: job.max_steps, now: () => performance.now() });
  const show = (event: TrainingEvent, measured?: TrainingPace): void => {
    switch (event.type) {
      case 'start':
        context.out(
          `${event.backend}\n${event.trainable_parameters.toLocaleString('en')} weights to train, ${event.total_steps} steps, about ${Math.ceil(event.estimated_memory / 2 ** 20)} MiB beside the model${event.first_step === 0 ? '' : `, from step ${event.first_step + 1}`}\n`,
        );
        if (event.cut_texts !== undefined && event.cut_texts > 0)
          context.out(`${event.cut_texts} texts are longer than the model takes and are cut.\n`);
        break;
      case 'step': {
        losses.push(event.loss);
        const text = `step ${event.step}  loss ${event.loss.toFixed(4)}  lr ${event.learning_rate.toExponential(2)}  |g| ${event.grad_norm.toFixed(3)}`;
        bar.update({
          label: `${text}  ${chart(losses)}${paceText(measured)}`,
          done: event.step,
          total: job.max_steps,
        });
        if (!context.isTerminal && event.step % Math.ceil(job.max_steps / LINES) === 0)
          context.out(`${text}\n`);
        break;
      }
      case 'eval':
        bar.end();
        context.out(
          `evaluation at step ${event.step}: ${evaluationText(event)}${event.is_best ? ' (best)' : ''}\n`,
        );
        break;
      case 'sample':
        bar.end();
        context.out(`> ${event.prompt}\n${event.text}\n`);
        break;
      case 'stopped':
        bar.end();
        context.out(
          `Stopped early at step ${event.step}: nothing was better than step ${event.best_step}.\n`,
        );
        break;
      case 'checkpoint':
        break;
      case 'paused':
        bar.end();
        context.out(`Paused after step ${event.step}. Go on with --resume.\n`);
        break;
      case 'done':
        bar.end();
        context.out(`Written: ${event.output_dir}\n`);
    }
  };
  const loading = new AbortController();
  let isTraining = false;
  let isPaused = false;
  const onStop = (): void => {
    context.endAtNextSignal();
    context.err('Stopping; a second signal ends at once.\n');
    if (!isTraining) loading.abort(context.abortSignal.reason);
  };
  context.abortSignal.addEventListener('abort', onStop, { once: true });
  try {
    context.abortSignal.throwIfAborted();
    for await (const event of train({
      job,
      backend,
      isResumed: options.resume === true,
      pauseSignal: context.abortSignal,
      abortSignal: loading.signal,
    })) {
      isTraining = true;
      isPaused ||= event.type === 'paused';
      if (event.type === 'start') log = await createTensorBoardLog({ folder: job.logging_dir });
      await log?.write(event);
      const measured = event.type === 'step' ? pace.step(event) : undefined;
      if (event.type === 'step' && measured !== undefined)
        await log?.scalars(event.step, paceScalars(measured));
      if (event.type === 'eval') metrics['eval_loss'] = event.loss;
      if (event.type === 'step') metrics['train_loss'] = event.loss;
      if (event.type === 'done' && job.register !== undefined) {
        const entry = await registerTrainedJob({
          registry: createModelRegistry({ folder: registryFolderOf(options, context) }),
          job,
          name: job.register,
          codeVersion: VERSION,
          metrics,
        });
        const reference = referenceOf(entry);
        context.out(
          options.json === true
            ? `${JSON.stringify({ type: 'registered', reference })}\n`
            : `Registered: ${reference}\n`,
        );
      }
      if (options.json === true) context.out(`${JSON.stringify(event)}\n`);
      else show(event, measured);
    }
    return isPaused ? EXIT.interrupted : EXIT.ok;
  } finally {
    context.abortSignal.removeEventListener('abort', onStop);
    bar.end();
    await log?.close();
    await backend.dispose();
  }
}

/** The processors that are busy, and the time that the rest will take as the steps so far went. */
function paceText(pace: TrainingPace | undefined): string {
  if (pace === undefined || pace.cpu_utilization === null || pace.eta_seconds === null) return '';
  const seconds = pace.eta_seconds;
  const left = seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
  return `  CPU ${Math.round(100 * pace.cpu_utilization)} %  ${left} left`;
}

/** Loss and what else an evaluation measured, by name. */
function evaluationText({ type: _type, step: _step, ...rest }: EvaluationEvent): string {
  return Object.entries(rest)
    .flatMap(([name, value]) =>
      typeof value === 'number' ? [`${name.replaceAll('_', ' ')} ${value.toFixed(4)}`] : [],
    )
    .join(', ');
}

type EvaluationEvent = Extract<TrainingEvent, { type: 'eval' }>;

/** The course of the loss so far, as a line of bars. */
function chart(losses: readonly number[]): string {
  const columns = Math.min(CHART_WIDTH, losses.length);
  const means = Array.from({ length: columns }, (_, i) => {
    const from = Math.floor((i * losses.length) / columns);
    const part = losses.slice(from, Math.floor(((i + 1) * losses.length) / columns));
    return part.reduce((total, loss) => total + loss, 0) / part.length;
  });
  const [low, high] = [Math.min(...means), Math.max(...means)];
  return means
    .map((loss) => BARS[Math.round(((loss - low) / (high - low || 1)) * (BARS.length - 1))] ?? '')
    .join('');
}
