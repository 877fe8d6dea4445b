import type { TensorBackend, TensorData, TensorProgram, TensorState } from '@espalier/core';
import { gradients } from '../../autodiff/gradients.js';
import type { AdapterConfig } from '../../lora/adapter-config.js';
import { withLora } from '../../lora/lora-scope.js';
import type { DecoderConfig } from '../../models/model-config.js';
import { createModelScope } from '../../models/model-scope.js';
import { applyOptimizer, optimizerFeeds } from '../../optimizers/apply-optimizer.js';
import type { OptimizerConfig } from '../../optimizers/optimizer-config.js';
import { add, mul } from '../../tensor/elementwise.js';
import { createTrace, type Tensor } from '../../tensor/trace.js';
import type { Batch } from './batch.js';
import { crossEntropy, directPreference, rowScores } from './objectives.js';
import { traceTokenScores } from './trace-token-scores.js';

/** What is trained, and how. */
export interface StepperOptions {
  readonly backend: TensorBackend;
  readonly state: TensorState;
  readonly config: DecoderConfig;
  readonly adapter: AdapterConfig | undefined;
  readonly optimizer: OptimizerConfig;
  /** Names and shapes of the weights that change. */
  readonly trainable: ReadonlyMap<string, readonly number[]>;
  readonly objective: { kind: 'crossEntropy' } | { kind: 'directPreference'; beta: number };
}

/** What one step did. */
export interface StepResult {
  readonly loss: number;
  readonly gradNorm: number;
}

/** One batch with what the objective needs beside it. */
export interface StepBatch {
  readonly batch: Batch;
  /** DPO: log-probabilities of the rows under the initial weights. */
  readonly reference?: Float32Array;
}

/** Runs training steps; programs are compiled for each shape of a batch. */
export interface Stepper {
  step(options: {
    readonly batches: readonly StepBatch[];
    /** 1 / what the loss is a mean over. */
    readonly share: number;
    readonly learningRate: number;
    /** From 1. */
    readonly step: number;
    /** Numbers in [0, 1) for dropout; the same for the same step. */
    readonly random: () => number;
  }): Promise<StepResult>;
  /** −Σ log p of a batch's scored tokens, with no update. */
  evaluate(batch: Batch): Promise<number>;
  /** Summed log-probabilities of each row. */
  scoreRows(batch: Batch): Promise<Float32Array>;
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
    const plain = createModelScope(trace);
    const dropout = (x: Tensor): Tensor => {
      const name = `dropout.${masks?.length ?? 0}`;
      masks?.push({ name, shape: x.shape });
      return mul(x, trace.feed(name, { dtype: 'float32', shape: x.shape }));
    };
    const isDropping = masks !== undefined && adapter !== undefined && adapter.dropout > 0;
    const scope =
      adapter === undefined ? plain : withLora(plain, adapter, isDropping ? { dropout } : {});
    return { trace, scores: traceTokenScores(config, scope, batch) };
  };

  const compile = async (
    key: string,
    { rows, length, isPacked }: Batch,
    build: (masks: Mask[]) => ReturnType<ReturnType<typeof createTrace>['finish']>,
  ) => {
    const full = `${key} ${rows} ${length} ${String(isPacked)}`;
    const known = programs.get(full);
    if (known !== undefined) return known;
    const masks: Mask[] = [];
    const made = backend.compile(build(masks), { state }).then((program) => ({ program, masks }));
    programs.set(full, made);
    return made;
  };

  const buildStep = (batch: Batch, mode: 'whole' | 'part', masks: Mask[]) => {
    const { trace, scores } = begin(batch, masks);
    const loss =
      objective.kind === 'crossEntropy'
        ? crossEntropy(trace, scores, batch)
        : directPreference(trace, scores, { ...batch, beta: objective.beta });
    const names = [...trainable];
    const parameters = names.map(([name, shape]) => trace.state(name, { dtype: 'float32', shape }));
    const found = gradients(loss, parameters);
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

  const feedsOf = (
    { batch, reference }: StepBatch,
    share: number,
    masks: readonly Mask[],
    random: () => number,
  ): Record<string, TensorData> => ({
    ...batch.feeds,
    share: scalar(share),
    ...(reference === undefined
      ? {}
      : { reference: { dtype: 'float32', shape: [reference.length], data: reference } }),
    ...Object.fromEntries(
      masks.map((mask) => [mask.name, dropoutMask(mask, adapter?.dropout ?? 0, random)]),
    ),
  });

  const first = (data: TensorData | undefined): number => Number(data?.data[0]);

  return {
    async step({ batches, share, learningRate, step, random }) {
      const rates = optimizerFeeds(optimizer, { learningRate, step });
      const [only] = batches;
      if (batches.length === 1 && only !== undefined) {
        const { program, masks } = await compile('whole', only.batch, (list) =>
          buildStep(only.batch, 'whole', list),
        );
        const result = await program.step({ ...feedsOf(only, share, masks, random), ...rates });
        return { loss: first(result.loss), gradNorm: first(result.gradNorm) };
      }
      let loss = 0;
      for (const one of batches) {
        const { program, masks } = await compile('part', one.batch, (list) =>
          buildStep(one.batch, 'part', list),
        );
        loss += first((await program.step(feedsOf(one, share, masks, random))).loss);
      }
      const key = { rows: 0, length: 0, isPacked: false, scored: 0, feeds: {} };
      const { program } = await compile('apply', key, buildApply);
      return { loss, gradNorm: first((await program.step(rates)).gradNorm) };
    },
    async evaluate(batch) {
      const { program } = await compile('evaluate', batch, () => {
        const { trace, scores } = begin(batch);
        trace.output('loss', crossEntropy(trace, scores, batch));
        return trace.finish();
      });
      return first((await program.step({ ...batch.feeds, share: scalar(1) })).loss);
    },
    async scoreRows(batch) {
      const { program } = await compile('score', batch, () => {
        const { trace, scores } = begin(batch);
        trace.output('scores', rowScores(trace, scores, batch));
        return trace.finish();
      });
      const { scores } = await program.step(batch.feeds);
      return Float32Array.from(scores?.data ?? []);
    },
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
