import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createSeededRandom, type TensorBackend } from '@espalier/core';
import { zeros } from '../backends/internal/zeros.js';
import { DivergedError, PrecisionError } from '../errors.js';
import type { Pooling } from '../models/pool-states.js';
import { learningRate } from '../optimizers/learning-rate.js';
import { optimizerStates } from '../optimizers/apply-optimizer.js';
import {
  readBestWeights,
  readCheckpoint,
  removeCheckpoints,
  writeBestWeights,
  writeCheckpoint,
  type EvaluationProgress,
} from './checkpoint.js';
import { bytesOf } from './internal/estimate-memory.js';
import { checkResources } from './internal/check-resources.js';
import type { EncoderMetrics } from './internal/encoder-metrics.js';
import { encoderObjective } from './internal/encoder-objective.js';
import { createSampler } from './internal/create-sampler.js';
import { createStepper } from './internal/create-stepper.js';
import { hearSignal } from './internal/hear-signal.js';
import { evaluate, rewardMetrics, type RewardMetrics } from './internal/evaluation.js';
import type { Objective } from './internal/objectives.js';
import { tokenizerFolderOf } from './internal/tokenizer-folder-of-job.js';
import { prepareData } from './internal/prepare-data.js';
import { prepareModel, saveResult } from './internal/prepare-model.js';
import type { TrainingJob } from './job-schema.js';
import { mixSeed } from './row-stream.js';

/** What a run tells while it goes. */
export type TrainingEvent =
  | {
      readonly type: 'start';
      readonly backend: string;
      readonly trainable_parameters: number;
      readonly total_steps: number;
      /** The steps that a checkpoint has done; 0 for a new run. */
      readonly first_step: number;
      /** Bytes that the steps need beside the loaded model, as estimated from their program. */
      readonly estimated_memory: number;
      /** Encoders: texts that are longer than `max_length` and lose their end. */
      readonly cut_texts?: number;
    }
  | ({
      readonly type: 'step';
      /** From 1. */
      readonly step: number;
      readonly loss: number;
      readonly learning_rate: number;
      /** Before clipping. */
      readonly grad_norm: number;
      /** Of all rows of the step, without padding. */
      readonly tokens: number;
    } & RewardMetrics)
  | ({
      readonly type: 'eval';
      readonly step: number;
      readonly loss: number;
      /** e^loss, where the loss is a cross-entropy. */
      readonly perplexity?: number;
      /** Whether no evaluation before had a smaller loss. */
      readonly is_best: boolean;
    } & RewardMetrics &
      EncoderMetrics)
  | {
      readonly type: 'sample';
      readonly step: number;
      readonly prompt: string;
      readonly text: string;
    }
  | { readonly type: 'checkpoint'; readonly step: number }
  /** The run ended because it was asked to; a checkpoint of this step is there, but of step 0, which needs none. */
  | { readonly type: 'paused'; readonly step: number }
  | { readonly type: 'stopped'; readonly step: number; readonly best_step: number }
  | { readonly type: 'done'; readonly output_dir: string };

/** What a run is started with. */
export interface TrainOptions {
  readonly job: TrainingJob;
  readonly backend: TensorBackend;
  /** Goes on from the latest checkpoint in `output_dir`, if there is one. */
  readonly isResumed?: boolean;
  /** Bytes that the run may still take; default: what the process has left. */
  readonly availableMemory?: number;
  /**
   * Ends the run with a checkpoint after the batch that it computes. A step or an evaluation that is not whole by then is
   * done again by the resumed run; samples are not.
   */
  readonly pauseSignal?: AbortSignal;
  readonly abortSignal?: AbortSignal;
}

/**
 * Runs a training job, event by event, and writes its model or adapter to `output_dir`.
 *
 * Model and data are read and checked whole before the first step. The same job with the same seed gives the same bits on
 * the same backend, also when it was interrupted and resumed.
 *
 * @throws {PrecisionError} `ERR_TRAINING_PRECISION`: the backend does not compute in the job's `precision`.
 * @throws {DivergedError} `ERR_TRAINING_DIVERGED`: loss or gradient is no finite number; the last checkpoint stays.
 * @throws {TrainingResourcesError} `ERR_TRAINING_RESOURCES`: memory or disk would not do.
 * @throws {CheckpointWriteError} `ERR_TRAINING_CHECKPOINT_WRITE`: the disk is full; the checkpoint before is whole.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainingEvent, void> {
  const { job, backend, abortSignal, pauseSignal } = options;
  const { id, precision = 'float32' } = backend;
  if (job.precision !== precision)
    throw new PrecisionError({ backend: id, asked: job.precision, found: precision });
  const prepared = await prepareModel({ job, backend, ...(abortSignal && { abortSignal }) });
  const { model, trainable } = prepared;
  const optimizer = {
    kind: job.optimizer,
    betas: job.betas,
    epsilon: job.eps,
    weightDecay: job.weight_decay,
    maxGradNorm: job.max_grad_norm,
    momentum: job.momentum,
  };
  const stepper = createStepper({
    backend,
    state: model.state,
    config: prepared.config,
    adapter: model.adapter,
    storage: model.storage,
    optimizer,
    trainable,
    objective: objectiveOf(job, prepared.encoder?.pooling ?? 'mean'),
    isRecomputing: job.gradient_checkpointing,
  });
  const open: { dispose(): Promise<void> }[] = [stepper];
  try {
    const tokenizerFolder = tokenizerFolderOf(job);
    const data = await prepareData({
      job,
      vocabularySize: prepared.config.vocabularySize,
      maxPositions: prepared.config.maxPositions,
      ...(prepared.characters === undefined ? {} : { text: prepared.characters.ids }),
      ...(tokenizerFolder === undefined ? {} : { modelFolder: tokenizerFolder }),
      ...(prepared.encoder && { encoder: prepared.encoder }),
      stepper,
      ...(abortSignal && { abortSignal }),
    });
    const sampler = createSampler({
      job,
      model,
      tokenizer: prepared.characterTokenizer ?? data.tokenizer,
    });
    open.unshift(sampler);
    await mkdir(job.output_dir, { recursive: true });
    const kept: string[] = [];
    let keptBytes = 0;
    for (const [name, shape] of trainable) {
      const type = { dtype: 'float32', shape } as const;
      const extra = optimizerStates(optimizer, name, shape);
      const added = job.gradient_accumulation > 1 ? ([[`gradient:${name}`, type]] as const) : [];
      for (const [state, { dtype, shape: size }] of [...extra, ...added])
        await model.state.write(state, { dtype, shape: size, data: zeros(dtype, countOf(size)) });
      kept.push(name, ...extra.map(([state]) => state));
      keptBytes += [type, ...extra.map(([, one]) => one)].reduce(
        (sum, one) => sum + bytesOf(one),
        0,
      );
    }
    const run = {
      outputFolder: job.output_dir,
      job: await jobIdentity(job),
      state: model.state,
    };
    const resumed = options.isResumed === true ? await readCheckpoint(run) : undefined;
    const done = resumed?.step ?? 0;
    let progress: EvaluationProgress = resumed?.evaluation ?? { stale: 0 };
    if (done === 0) await removeCheckpoints(job.output_dir);
    const estimated = await checkResources({
      job,
      stepper,
      longest: data.longest,
      largest: data.largest,
      keptBytes,
      resultValues: countValues(model.adapter === undefined ? model.shapes : trainable),
      availableMemory: options.availableMemory ?? process.availableMemory(),
    });
    yield {
      type: 'start',
      backend: `${backend.id}: ${backend.description}`,
      trainable_parameters: countValues(trainable),
      total_steps: job.max_steps,
      first_step: done,
      estimated_memory: estimated,
      ...(data.cutTexts === undefined ? {} : { cut_texts: data.cutTexts }),
    };
    const schedule = {
      kind: job.schedule,
      peak: job.learning_rate,
      warmupSteps: job.warmup_steps,
      totalSteps: job.max_steps,
    };
    /** Returns whether it was made whole. */
    const evaluateAt = async function* (step: number): AsyncGenerator<TrainingEvent, boolean> {
      const found = await evaluate(data, stepper, pauseSignal);
      if (found === 'paused') return false;
      if (found !== undefined) {
        const needed = (progress.best?.loss ?? Infinity) - job.early_stopping_threshold;
        const isBest = found.loss < (progress.best === undefined ? Infinity : needed);
        progress = isBest
          ? { best: { step, loss: found.loss }, stale: 0 }
          : { ...progress, stale: progress.stale + 1 };
        if (isBest && job.load_best_model_at_end)
          await writeBestWeights({ ...run, step, names: [...trainable.keys()] });
        const isLikelihood = job.task === 'sft' || job.task === 'pretrain';
        yield {
          type: 'eval',
          step,
          ...found,
          ...(await data.measure?.()),
          ...(isLikelihood ? { perplexity: Math.exp(found.loss) } : {}),
          is_best: isBest,
        };
      }
      for await (const sample of sampler.samples({ abortSignal, pauseSignal }))
        yield { type: 'sample', step, ...sample };
      return true;
    };
    const pauseAt = async function* (
      step: number,
      isEvaluationDue: boolean,
    ): AsyncGenerator<TrainingEvent, void> {
      if (step > 0) {
        const evaluation = progress;
        await writeCheckpoint({ ...run, step, evaluation, isEvaluationDue, names: kept });
        yield { type: 'checkpoint', step };
      }
      yield { type: 'paused', step };
    };
    const isStopped = (): boolean =>
      job.early_stopping_patience > 0 && progress.stale >= job.early_stopping_patience;

    let step = done;
    if (resumed?.isEvaluationDue === true && step < job.max_steps && !(yield* evaluateAt(step)))
      return yield* pauseAt(step, true);
    while (step < job.max_steps && !isStopped()) {
      step++;
      abortSignal?.throwIfAborted();
      const rate = learningRate(schedule, step - 1);
      const random = createSeededRandom(mixSeed(job.seed ^ 0x5eed, step));
      const { batches, share } = data.stepBatches(step - 1);
      const result = await stepper.step({
        batches,
        share,
        learningRate: rate,
        step,
        random: () => random.next(),
        pauseSignal,
      });
      if (result === undefined) return yield* pauseAt(step - 1, false);
      const { loss, gradNorm, rewards } = result;
      if (!Number.isFinite(loss)) throw new DivergedError({ step, quantity: 'loss', value: loss });
      if (!Number.isFinite(gradNorm))
        throw new DivergedError({ step, quantity: 'gradient norm', value: gradNorm });
      yield {
        type: 'step',
        step,
        loss,
        learning_rate: rate,
        grad_norm: gradNorm,
        tokens: batches.reduce((total, { batch }) => total + batch.tokens, 0),
        ...rewardMetrics(rewards, data.isPaired),
      };
      const isEvaluated = job.eval_steps > 0 && step % job.eval_steps === 0 && step < job.max_steps;
      if (isEvaluated && !(yield* evaluateAt(step))) return yield* pauseAt(step, true);
      if ((await hearSignal(pauseSignal)) && step < job.max_steps)
        return yield* pauseAt(step, false);
      if (job.checkpoint_steps > 0 && step % job.checkpoint_steps === 0) {
        await writeCheckpoint({ ...run, step, evaluation: progress, names: kept });
        yield { type: 'checkpoint', step };
      }
    }
    if (isStopped()) yield { type: 'stopped', step, best_step: progress.best?.step ?? step };
    else if (!(yield* evaluateAt(job.max_steps))) return yield* pauseAt(job.max_steps, true);
    if (job.load_best_model_at_end && progress.best?.step !== step) await readBestWeights(run);
    await saveResult({ job, prepared });
    yield { type: 'done', output_dir: job.output_dir };
  } finally {
    for (const part of open) await part.dispose();
    await model.dispose();
  }
}

function objectiveOf(job: TrainingJob, pooling: Pooling): Objective {
  const { task, beta } = job;
  switch (task) {
    case 'dpo':
      return { kind: 'directPreference', beta };
    case 'orpo':
      return { kind: 'oddsRatio', beta };
    case 'kto':
      return { kind: 'kahnemanTversky', beta };
    case 'sft':
    case 'pretrain':
      return { kind: 'crossEntropy' };
    default:
      return encoderObjective(task, job, pooling);
  }
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function countValues(shapes: ReadonlyMap<string, readonly number[]>): number {
  return [...shapes.values()].reduce(
    (total, shape) => total + shape.reduce((product, size) => product * size, 1),
    0,
  );
}

/** A hash of everything that decides a run's numbers. */
async function jobIdentity(job: TrainingJob): Promise<string> {
  const {
    output_dir: _folder,
    checkpoint_steps: _every,
    logging_dir: _logs,
    register: _register,
    eval_prompts: _prompts,
    eval_max_tokens: _tokens,
    ...rest
  } = job;
  const hash = createHash('sha256').update(JSON.stringify(rest));
  for (const file of [job.train_data, job.eval_data])
    if (file !== undefined)
      for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
