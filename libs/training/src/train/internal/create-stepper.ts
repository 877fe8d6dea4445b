import type { TensorBackend, TensorData, TensorProgram, TensorState } from '@espalier/core';
import { gradients } from '../../autodiff/gradients.js';
import type { AdapterConfig } from '../../lora/adapter-config.js';
import { withLora } from '../../lora/lora-scope.js';
import type { ModelConfig } from '../../models/model-config.js';
import { createModelScope } from '../../models/model-scope.js';
import type { WeightStorage } from '../../models/weight-storage.js';
import { applyOptimizer, optimizerFeeds } from '../../optimizers/apply-optimizer.js';
import type { OptimizerConfig } from '../../optimizers/optimizer-config.js';
import { add, mul } from '../../tensor/elementwise.js';
import { concat } from '../../tensor/layout.js';
import { createTrace, type Tensor } from '../../tensor/trace.js';
import type { Batch, TextGroup } from './batch.js';
import { stepBytes } from './estimate-memory.js';
import { hearSignal } from './hear-signal.js';
import { rowScores, traceObjective, type Objective } from './objectives.js';
import { traceEncoderOutputs } from './trace-encoder-outputs.js';
import { traceTokenScores } from './trace-token-scores.js';

/** What is trained, and how. */
export interface StepperOptions {
  readonly backend: TensorBackend;
  readonly state: TensorState;
  readonly config: ModelConfig;
  readonly adapter: AdapterConfig | undefined;
  /** How weights are kept that are not kept in float32. */
  readonly storage?: ReadonlyMap<string, WeightStorage>;
  readonly optimizer: OptimizerConfig;
  /** Names and shapes of the weights that change. */
  readonly trainable: ReadonlyMap<string, readonly number[]>;
  readonly objective: Objective;
  /** Computes each layer again in the backward pass instead of keeping its values. */
  readonly isRecomputing?: boolean;
}

/** What one step did. */
export interface StepResult {
  readonly loss: number;
  readonly gradNorm: number;
  /** Of each batch; none but for preferences. */
  readonly rewards: readonly RowReward[][];
}

/** What a preference objective rewards a row with. */
export interface RowReward {
  readonly reward: number;
  readonly isWanted: boolean;
}

/** One batch with what the objective needs beside it. */
export interface StepBatch {
  readonly batch: Batch;
  readonly feeds?: Readonly<Record<string, TensorData>>;
  /** Preferences: 1 for each row that is chosen or wanted. */
  readonly isWanted?: Uint8Array;
  /** KTO: rows whose mean log-probability over that of the initial weights is the divergence. */
  readonly mismatched?: { readonly batch: Batch; readonly reference: Float32Array };
}

/** Runs training steps; programs are compiled for each shape of a batch. */
export interface Stepper {
  /** Resolves to undefined where the step was left: weights are as they were, but added gradients are not. */
  step(options: {
    readonly batches: readonly StepBatch[];
    /** 1 / what the loss is a mean over. */
    readonly share: number;
    readonly learningRate: number;
    /** From 1. */
    readonly step: number;
    /** Numbers in [0, 1) for dropout; the same for the same step. */
    readonly random: () => number;
    /** Leaves the step between two of its batches. */
    readonly pauseSignal?: AbortSignal | undefined;
  }): Promise<StepResult | undefined>;
  /** The loss of a batch as a sum, with no update. */
  evaluate(batch: StepBatch): Promise<{ readonly loss: number; readonly rewards: RowReward[] }>;
  /** Summed log-probabilities of each row. */
  scoreRows(batch: Batch): Promise<Float32Array>;
  /** What an encoder gives for each text: its vector before normalisation, or the scores of the labels. [rows][size] */
  encodeRows(batch: Batch): Promise<Float32Array[]>;
  /** Bytes that a step with batches of this shape needs beside the states. */
  estimate(shape: {
    readonly rows: number;
    readonly length: number;
    readonly isPacked: boolean;
    readonly groups?: readonly TextGroup[];
    /** Whether it is the only batch of its step. */
    readonly isWhole: boolean;
  }): number;
  dispose(): Promise<void>;
}

const scalar = (value: number): TensorData => ({
  dtype: 'float32',
  shape: [],
  data: Float32Array.of(value),
});

/** Creates a stepper. */
export function createStepper(options: StepperOptions): Stepper {
  const { backend, state, config, adapter, optimizer, trainable, objective } = options;
  const programs = new Map<string, Promise<{ program: TensorProgram; masks: Mask[] }>>();

  /** The forward pass in a new trace, with dropout if `masks` collects its feeds. */
  const begin = (batch: Batch, masks?: Mask[]) => {
    const trace = createTrace();
    const marks: number[] = [];
    const plain = {
      ...createModelScope(trace, options),
      onLayer: () => void marks.push(trace.nodes.length),
    };
    const dropout = (x: Tensor): Tensor => {
      const name = `dropout.${masks?.length ?? 0}`;
      masks?.push({ name, shape: x.shape });
      return mul(x, trace.feed(name, { dtype: 'float32', shape: x.shape }));
    };
    const isDropping = masks !== undefined && adapter !== undefined && adapter.dropout > 0;
    const scope =
      adapter === undefined ? plain : withLora(plain, adapter, isDropping ? { dropout } : {});
    const outputs =
      config.family === 'bert'
        ? traceEncoderOutputs({ config, scope, objective, groups: batch.groups ?? [] })
        : [traceTokenScores(config, scope, batch)];
    const segments = marks.slice(1).map((end, layer) => ({ start: marks[layer] ?? 0, end }));
    return { trace, outputs, segments };
  };

  const compile = async (
    key: string,
    { rows, length, isPacked, groups = [] }: Batch,
    build: (masks: Mask[]) => ReturnType<ReturnType<typeof createTrace>['finish']>,
  ) => {
    const texts = groups.map((group) => `${group.rows}x${group.length}`).join(' ');
    const full = `${key} ${rows} ${length} ${String(isPacked)} ${texts}`;
    const known = programs.get(full);
    if (known !== undefined) return known;
    const masks: Mask[] = [];
    const made = backend.compile(build(masks), { state }).then((program) => ({ program, masks }));
    programs.set(full, made);
    return made;
  };

  const buildStep = (batch: Batch, mode: 'whole' | 'part', masks: Mask[]) => {
    const { trace, outputs, segments } = begin(batch, masks);
    const { loss, rewards } = traceObjective(trace, outputs, { ...batch, objective });
    if (rewards !== undefined) trace.output('rewards', rewards);
    const names = [...trainable];
    const parameters = names.map(([name, shape]) => trace.state(name, { dtype: 'float32', shape }));
    const found = gradients(loss, parameters, options.isRecomputing === true ? { segments } : {});
    trace.output('loss', loss);
    if (mode === 'part') {
      for (const [index, [name, shape]] of names.entries()) {
        const gradient = found[index];
        const sofar = trace.state(`gradient:${name}`, { dtype: 'float32', shape });
        if (gradient !== undefined) trace.update(`gradient:${name}`, add(sofar, gradient));
      }
      return trace.finish();
    }
    const trained = names.flatMap(([name], index) => {
      const [parameter, gradient] = [parameters[index], found[index]];
      return parameter === undefined || gradient === undefined
        ? []
        : [{ name, parameter, gradient }];
    });
    trace.output('gradNorm', applyOptimizer(trace, optimizer, trained));
    return trace.finish();
  };

  /** Applies the gradients that the parts of a step have added up, and sets them back. */
  const buildApply = () => {
    const trace = createTrace();
    const trained = [...trainable].map(([name, shape]) => ({
      name,
      parameter: trace.state(name, { dtype: 'float32', shape }),
      gradient: trace.state(`gradient:${name}`, { dtype: 'float32', shape }),
    }));
    trace.output('gradNorm', applyOptimizer(trace, optimizer, trained));
    for (const { name, gradient } of trained) trace.update(`gradient:${name}`, mul(gradient, 0));
    return trace.finish();
  };

  const scoreRows = async (batch: Batch): Promise<Float32Array> => {
    const { program } = await compile('score', batch, () => {
      const { trace, outputs } = begin(batch);
      for (const scores of outputs) trace.output('scores', rowScores(trace, scores, batch));
      return trace.finish();
    });
    const { scores } = await program.step(batch.feeds);
    return Float32Array.from(scores?.data ?? []);
  };

  const encodeRows = async (batch: Batch): Promise<Float32Array[]> => {
    const { program } = await compile('encode', batch, () => {
      const { trace, outputs } = begin(batch);
      trace.output('rows', concat(outputs, 0));
      return trace.finish();
    });
    const { rows } = await program.step(batch.feeds);
    const data = Float32Array.from(rows?.data ?? []);
    const size = data.length / batch.rows;
    return Array.from({ length: batch.rows }, (_, i) => data.subarray(i * size, (i + 1) * size));
  };

  /** KTO: how far the present weights are from the initial ones, at least 0. */
  const divergence = async ({ mismatched }: StepBatch): Promise<Record<string, TensorData>> => {
    if (mismatched === undefined) return {};
    const scores = await scoreRows(mismatched.batch);
    const gain = scores.reduce(
      (total, score, i) => total + score - (mismatched.reference[i] ?? 0),
      0,
    );
    return { divergence: scalar(Math.max(0, gain / scores.length)) };
  };

  const feedsOf = async (
    batch: StepBatch,
    share: number,
    masks: readonly Mask[],
    random: () => number,
  ): Promise<Record<string, TensorData>> => ({
    ...batch.batch.feeds,
    ...batch.feeds,
    ...(await divergence(batch)),
    share: scalar(share),
    ...Object.fromEntries(
      masks.map((mask) => [mask.name, dropoutMask(mask, adapter?.dropout ?? 0, random)]),
    ),
  });

  const first = (data: TensorData | undefined): number => Number(data?.data[0]);
  const rewardsOf = ({ isWanted }: StepBatch, found: TensorData | undefined): RowReward[] =>
    Array.from(isWanted ?? [], (flag, row) => ({
      reward: Number(found?.data[row]),
      isWanted: flag === 1,
    }));

  return {
    async step({ batches, share, learningRate, step, random, pauseSignal }) {
      const rates = optimizerFeeds(optimizer, { learningRate, step });
      const [only] = batches;
      if (batches.length === 1 && only !== undefined) {
        const { program, masks } = await compile('whole', only.batch, (list) =>
          buildStep(only.batch, 'whole', list),
        );
        const feeds = await feedsOf(only, share, masks, random);
        const result = await program.step({ ...feeds, ...rates });
        return {
          loss: first(result.loss),
          gradNorm: first(result.gradNorm),
          rewards: [rewardsOf(only, result.rewards)],
        };
      }
      let loss = 0;
      const rewards: RowReward[][] = [];
      for (const one of batches) {
        if (await hearSignal(pauseSignal)) return undefined;
        const { program, masks } = await compile('part', one.batch, (list) =>
          buildStep(one.batch, 'part', list),
        );
        const result = await program.step(await feedsOf(one, share, masks, random));
        loss += first(result.loss);
        rewards.push(rewardsOf(one, result.rewards));
      }
      const key = { rows: 0, length: 0, isPacked: false, scored: 0, tokens: 0, feeds: {} };
      const { program } = await compile('apply', key, buildApply);
      return { loss, gradNorm: first((await program.step(rates)).gradNorm), rewards };
    },
    async evaluate(one) {
      const { batch } = one;
      const { program } = await compile('evaluate', batch, () => {
        const { trace, outputs } = begin(batch);
        const { loss, rewards } = traceObjective(trace, outputs, { ...batch, objective });
        trace.output('loss', loss);
        if (rewards !== undefined) trace.output('rewards', rewards);
        return trace.finish();
      });
      const result = await program.step(await feedsOf(one, 1, [], () => 0));
      return { loss: first(result.loss), rewards: rewardsOf(one, result.rewards) };
    },
    scoreRows,
    encodeRows,
    estimate: ({ isWhole, ...shape }) =>
      stepBytes(
        buildStep({ ...shape, scored: 0, tokens: 0, feeds: {} }, isWhole ? 'whole' : 'part', []),
      ),
    async dispose() {
      for (const made of programs.values()) await (await made).program.dispose();
      programs.clear();
    },
  };
}

/** A feed of factors: 0 where an input is dropped, else 1 / (1 − share). */
interface Mask {
  readonly name: string;
  readonly shape: readonly number[];
}

function dropoutMask({ shape }: Mask, share: number, random: () => number): TensorData {
  const count = shape.reduce((product, size) => product * size, 1);
  const kept = 1 / (1 - share);
  const data = Float32Array.from({ length: count }, () => (random() < share ? 0 : kept));
  return { dtype: 'float32', shape, data };
}
