import type { TensorData, TensorType } from '@espalier/core';
import { add, div, minimum, mul, sign, sqrt, sub } from '../tensor/elementwise.js';
import { reshape, sumSquare } from '../tensor/layout.js';
import type { Tensor, Trace } from '../tensor/trace.js';
import {
  eightBitStates,
  hasEightBitMoments,
  readEightBit,
  updateEightBit,
} from './eight-bit-moments.js';
import { orthogonalise } from './orthogonalise.js';
import type { OptimizerConfig } from './optimizer-config.js';

/** A weight that is trained, with its gradient. */
export interface TrainedParameter {
  readonly name: string;
  readonly parameter: Tensor;
  readonly gradient: Tensor;
}

const CLIP_EPSILON = 1e-6;
/** Gives Muon's updates the size of AdamW's, so that one learning rate serves both. */
const MUON_SCALE = 0.2;
const OUTER_LAYERS = /embed|lm_head|wte|wpe/u;

/** The states that an optimizer keeps for a weight, by name; all begin as zeros. */
export function optimizerStates(
  config: OptimizerConfig,
  name: string,
  shape: readonly number[],
): [string, TensorType][] {
  const type: TensorType = { dtype: 'float32', shape };
  const first: [string, TensorType] = [`first:${name}`, type];
  const second: [string, TensorType] = [`second:${name}`, type];
  switch (config.kind) {
    case 'sgd':
      return config.momentum === 0 ? [] : [first];
    case 'lion':
      return [first];
    case 'adamw_8bit':
      return hasEightBitMoments(name, shape)
        ? [first, second].flatMap(([moment]) => eightBitStates(moment, shape))
        : [first, second];
    case 'muon':
    case 'adam':
    case 'adamw':
      return [first, second];
  }
}

/** The scalars that a step of the optimizer is fed; `step` counts from 1. */
export function optimizerFeeds(
  config: OptimizerConfig,
  { learningRate, step }: { learningRate: number; step: number },
): Record<string, TensorData> {
  const scalar = (value: number): TensorData => ({
    dtype: 'float32',
    shape: [],
    data: Float32Array.of(value),
  });
  const [beta1, beta2] = config.betas;
  const feeds: Record<string, TensorData> = {
    learningRate: scalar(learningRate),
    shrink: scalar(1 - learningRate * config.weightDecay),
  };
  if (config.kind !== 'sgd' && config.kind !== 'lion') {
    const root = Math.sqrt(1 - beta2 ** step);
    feeds.stepSize = scalar((learningRate * root) / (1 - beta1 ** step));
    feeds.epsilon = scalar(config.epsilon * root);
  }
  return feeds;
}

/**
 * Updates every weight by its gradient; gives the norm of all gradients before clipping.
 *
 * Feeds of the program: those of {@link optimizerFeeds} that it uses.
 *
 * @see https://arxiv.org/abs/1711.05101 (AdamW), https://arxiv.org/abs/2110.02861 (in eight bits), https://arxiv.org/abs/2302.06675 (Lion), https://arxiv.org/abs/2502.16982 (Muon)
 */
export function applyOptimizer(
  trace: Trace,
  config: OptimizerConfig,
  parameters: readonly TrainedParameter[],
): Tensor {
  const scalars = new Map<string, Tensor>();
  const feed = (name: string): Tensor => {
    const known = scalars.get(name) ?? trace.feed(name, { dtype: 'float32', shape: [] });
    scalars.set(name, known);
    return known;
  };
  const squares = parameters.map(({ gradient }) => squareSum(gradient));
  const norm = sqrt(squares.reduce((total, square) => add(total, square)));
  const clip =
    config.maxGradNorm === 0
      ? undefined
      : minimum(div(config.maxGradNorm, add(norm, CLIP_EPSILON)), 1);
  const factors = new Map<string, Tensor>();
  const clipped = (factor: number, power: 1 | 2): Tensor | number => {
    if (clip === undefined) return factor;
    const key = `${factor} ${power}`;
    const known = factors.get(key) ?? mul(power === 1 ? clip : mul(clip, clip), factor);
    factors.set(key, known);
    return known;
  };
  for (const { name, parameter, gradient } of parameters) {
    const trained = { name, parameter, gradient, clip, clipped };
    trace.update(name, updated(trace, config, trained, feed));
  }
  return norm;
}

function squareSum(x: Tensor): Tensor {
  return x.shape.length === 0
    ? mul(x, x)
    : reshape(
        sumSquare(
          x,
          x.shape.map((_, axis) => axis),
        ),
        [],
      );
}

function updated(
  trace: Trace,
  config: OptimizerConfig,
  {
    name,
    parameter: p,
    gradient: unclipped,
    clip,
    clipped: scaled,
  }: TrainedParameter & {
    readonly clip: Tensor | undefined;
    /** A factor times a power of the clipping: multiplied once for all parameters, it costs no pass over the weights. */
    readonly clipped: (factor: number, power: 1 | 2) => Tensor | number;
  },
  feed: (name: string) => Tensor,
): Tensor {
  const [beta1, beta2] = config.betas;
  const clipped = (): Tensor => (clip === undefined ? unclipped : mul(unclipped, clip));
  const isDecayed = config.weightDecay !== 0 && p.shape.length >= 2;
  const isEightBit = config.kind === 'adamw_8bit' && hasEightBitMoments(name, p.shape);
  const keep = (kind: string, next: (old: Tensor) => Tensor): Tensor => {
    if (isEightBit) {
      const moment = `${kind}:${name}`;
      const isSigned = kind === 'first';
      const value = next(readEightBit(trace, moment, { shape: p.shape, isSigned }));
      updateEightBit(moment, value, isSigned);
      return value;
    }
    const value = next(trace.state(`${kind}:${name}`, p));
    trace.update(`${kind}:${name}`, value);
    return value;
  };
  const follow = (kind: string, target: Tensor, beta: number): Tensor =>
    keep(kind, (old) => add(mul(old, beta), mul(target, 1 - beta)));
  const decayed = (): Tensor => (isDecayed ? mul(p, feed('shrink')) : p);
  switch (config.kind) {
    case 'sgd': {
      const g = isDecayed ? add(clipped(), mul(p, config.weightDecay)) : clipped();
      const step =
        config.momentum === 0 ? g : keep('first', (old) => add(mul(old, config.momentum), g));
      return sub(p, mul(step, feed('learningRate')));
    }
    case 'lion': {
      const gradient = clipped();
      const old = trace.state(`first:${name}`, p);
      const direction = sign(add(mul(old, beta1), mul(gradient, 1 - beta1)));
      follow('first', gradient, beta2);
      return sub(decayed(), mul(direction, feed('learningRate')));
    }
    case 'muon':
      if (p.shape.length === 2 && !OUTER_LAYERS.test(name)) {
        const gradient = clipped();
        const first = keep('first', (old) => add(mul(old, beta1), mul(gradient, 1 - beta1)));
        const look = add(mul(first, beta1), mul(gradient, 1 - beta1));
        const scale = MUON_SCALE * Math.sqrt(Math.max(...p.shape));
        return sub(decayed(), mul(orthogonalise(look), mul(feed('learningRate'), scale)));
      }
      break;
    case 'adam':
    case 'adamw':
    case 'adamw_8bit':
      break;
  }
  const isCoupled = config.kind === 'adam' && isDecayed;
  const g = isCoupled ? add(clipped(), mul(p, config.weightDecay)) : unclipped;
  const first = keep('first', (old) =>
    add(mul(old, beta1), mul(g, isCoupled ? 1 - beta1 : scaled(1 - beta1, 1))),
  );
  const second = keep('second', (old) =>
    add(mul(old, beta2), mul(mul(g, g), isCoupled ? 1 - beta2 : scaled(1 - beta2, 2))),
  );
  const root = add(sqrt(second), feed('epsilon'));
  const start = config.kind === 'adam' ? p : decayed();
  return sub(start, mul(div(first, root), feed('stepSize')));
}
