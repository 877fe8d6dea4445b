import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createSeededRandom, type TensorBackend } from '@espalier/core';
import { DivergedError } from '../errors.js';
import { learningRate } from '../optimizers/learning-rate.js';
import { optimizerStates } from '../optimizers/apply-optimizer.js';
import { readCheckpoint, removeCheckpoints, writeCheckpoint } from './checkpoint.js';
import { createStepper } from './internal/create-stepper.js';
import { prepareData, type PreparedData } from './internal/prepare-data.js';
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
    }
  | {
      readonly type: 'step';
      /** From 1. */
      readonly step: number;
      readonly loss: number;
      readonly learning_rate: number;
      /** Before clipping. */
      readonly grad_norm: number;
    }
  | {
      readonly type: 'eval';
      readonly step: number;
      readonly loss: number;
      readonly perplexity: number;
    }
  | { readonly type: 'checkpoint'; readonly step: number }
  | { readonly type: 'done'; readonly output_dir: string };

/** What a run is started with. */
export interface TrainOptions {
  readonly job: TrainingJob;
  readonly backend: TensorBackend;
  /** Goes on from the latest checkpoint in `output_dir`, if there is one. */
  readonly isResumed?: boolean;
  readonly abortSignal?: AbortSignal;
}

/**
 * Runs a training job, event by event, and writes its model or adapter to `output_dir`.
 *
 * Model and data are read and checked whole before the first step. The same job with the same seed gives the same bits on
 * the same backend, also when it was interrupted and resumed.
 *
 * @throws {DivergedError} `ERR_TRAINING_DIVERGED`: loss or gradient is no finite number; the last checkpoint stays.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainingEvent, void> {
  const { job, backend, abortSignal } = options;
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
    optimizer,
    trainable,
    objective:
      job.task === 'dpo' ? { kind: 'directPreference', beta: job.beta } : { kind: 'crossEntropy' },
  });
  try {
    const data = await prepareData({
      job,
      vocabularySize: prepared.config.vocabularySize,
      maxPositions: prepared.config.maxPositions,
      ...(prepared.characters === undefined ? {} : { text: prepared.characters.ids }),
      ...(typeof job.model === 'string' ? { modelFolder: job.model } : {}),
      stepper,
      ...(abortSignal && { abortSignal }),
    });
    await mkdir(job.output_dir, { recursive: true });
    const kept: string[] = [];
    for (const [name, shape] of trainable) {
      const count = shape.reduce((product, size) => product * size, 1);
      const extra = optimizerStates(optimizer, name);
      const added = job.gradient_accumulation > 1 ? [`gradient:${name}`] : [];
      for (const state of [...extra, ...added])
        await model.state.write(state, {
          dtype: 'float32',
          shape,
          data: new Float32Array(count),
        });
      kept.push(name, ...extra);
    }
    const identity = jobIdentity(job);
    const run = { outputFolder: job.output_dir, job: identity, state: model.state };
    const done = options.isResumed === true ? ((await readCheckpoint(run)) ?? 0) : 0;
    if (done === 0) await removeCheckpoints(job.output_dir);
    yield {
      type: 'start',
      backend: `${backend.id}: ${backend.description}`,
      trainable_parameters: countValues(trainable),
      total_steps: job.max_steps,
      first_step: done,
    };
    const schedule = {
      kind: job.schedule,
      peak: job.learning_rate,
      warmupSteps: job.warmup_steps,
      totalSteps: job.max_steps,
    };
    for (let step = done + 1; step <= job.max_steps; step++) {
      abortSignal?.throwIfAborted();
      const rate = learningRate(schedule, step - 1);
      const random = createSeededRandom(mixSeed(job.seed ^ 0x5eed, step));
      const { loss, gradNorm } = await stepper.step({
        ...data.stepBatches(step - 1),
        learningRate: rate,
        step,
        random: () => random.next(),
      });
      if (!Number.isFinite(loss)) throw new DivergedError({ step, quantity: 'loss', value: loss });
      if (!Number.isFinite(gradNorm))
        throw new DivergedError({ step, quantity: 'gradient norm', value: gradNorm });
      yield { type: 'step', step, loss, learning_rate: rate, grad_norm: gradNorm };
      if (job.checkpoint_steps > 0 && step % job.checkpoint_steps === 0) {
        await writeCheckpoint({ ...run, step, names: kept });
        yield { type: 'checkpoint', step };
      }
    }
    const loss = await evaluate(data, stepper);
    if (loss !== undefined)
      yield { type: 'eval', step: job.max_steps, loss, perplexity: Math.exp(loss) };
    await saveResult({ job, prepared });
    yield { type: 'done', output_dir: job.output_dir };
  } finally {
    await stepper.dispose();
    await model.dispose();
  }
}

async function evaluate(
  data: PreparedData,
  stepper: ReturnType<typeof createStepper>,
): Promise<number | undefined> {
  let total = 0;
  let scored = 0;
  for (const batch of data.evaluationBatches()) {
    total += await stepper.evaluate(batch);
    scored += batch.scored;
  }
  return scored === 0 ? undefined : total / scored;
}

function countValues(shapes: ReadonlyMap<string, readonly number[]>): number {
  return [...shapes.values()].reduce(
    (total, shape) => total + shape.reduce((product, size) => product * size, 1),
    0,
  );
}

/** A hash of everything that decides a run's numbers. */
function jobIdentity(job: TrainingJob): string {
  const { output_dir: _folder, checkpoint_steps: _every, eval_data: _data, ...rest } = job;
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex');
}
