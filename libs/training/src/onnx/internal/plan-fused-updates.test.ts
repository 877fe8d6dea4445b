import { describe, expect, it } from 'vitest';
import { applyOptimizer, optimizerStates } from '../../optimizers/apply-optimizer.js';
import type { OptimizerConfig } from '../../optimizers/optimizer-config.js';
import { add, mul } from '../../tensor/elementwise.js';
import { matmul, sumAll } from '../../tensor/layout.js';
import { createTrace } from '../../tensor/trace.js';
import { planFusedUpdates, type FusedPlan } from './plan-fused-updates.js';

const SHAPE = [64, 128];

function planOf(kind: OptimizerConfig['kind']): FusedPlan {
  const trace = createTrace();
  const config: OptimizerConfig = {
    kind,
    betas: [0.9, 0.99],
    epsilon: 1e-8,
    weightDecay: 0.1,
    momentum: 0.9,
    maxGradNorm: 1,
  };
  const parameter = trace.state('layer.weight', { dtype: 'float32', shape: SHAPE });
  const x = trace.feed('x', { dtype: 'float32', shape: [64, 64] });
  const gradient = matmul(x, parameter);
  for (const [name, type] of optimizerStates(config, 'layer.weight', SHAPE))
    trace.state(name, type);
  trace.output(
    'norm',
    applyOptimizer(trace, config, [{ name: 'layer.weight', parameter, gradient }]),
  );
  return planFusedUpdates(trace.finish());
}

describe('the updates that are computed in one pass', () => {
  it.each<[OptimizerConfig['kind'], readonly string[]]>([
    ['sgd', ['layer.weight', 'first:layer.weight']],
    ['lion', ['layer.weight', 'first:layer.weight']],
    ['adam', ['layer.weight', 'first:layer.weight', 'second:layer.weight']],
    ['adamw', ['layer.weight', 'first:layer.weight', 'second:layer.weight']],
  ])('are all of %s, which take the gradient alone', (kind, names) => {
    const { rest, updates } = planOf(kind);
    expect(updates.map(({ stores }) => stores.map(({ name }) => name).sort())).toEqual([
      [...names].sort(),
    ]);
    expect(updates[0]?.arrays.filter((source) => source.kind === 'computed')).toHaveLength(1);
    expect(rest.updates).toEqual([]);
    expect(rest.nodes.map(({ operation }) => operation.kind)).toContain('matmul');
  });

  it.each<[OptimizerConfig['kind'], readonly string[]]>([
    ['muon', ['first:layer.weight']],
    ['adamw_8bit', ['first:layer.weight', 'second:layer.weight:scales']],
  ])('are of %s those of the weight, which take the change alone', (kind, left) => {
    const { rest, updates } = planOf(kind);
    expect(updates.map(({ stores }) => stores.map(({ name }) => name))).toEqual([['layer.weight']]);
    expect(updates[0]?.arrays.filter((source) => source.kind === 'computed')).toHaveLength(1);
    expect(rest.updates.map(({ name }) => name)).toEqual(expect.arrayContaining([...left]));
  });

  it('are none where more would have to be handed out than they save', () => {
    const trace = createTrace();
    const x = trace.state('x', { dtype: 'float32', shape: [4, 4] });
    const y = matmul(x, x);
    trace.update('x', add(mul(x, y), matmul(y, y)));
    trace.output('sum', sumAll(y));
    const graph = trace.finish();
    expect(planFusedUpdates(graph).updates).toEqual([]);
  });

  it('are none of a value that is handed out or read otherwise', () => {
    const trace = createTrace();
    const x = trace.state('x', { dtype: 'float32', shape: [4] });
    const next = mul(x, 2);
    trace.update('x', next);
    trace.output('sum', sumAll(add(next, 1)));
    const graph = trace.finish();
    expect(planFusedUpdates(graph)).toEqual({ rest: graph, updates: [] });
  });

  it('leave a program whole of which nothing else would be left', () => {
    const trace = createTrace();
    trace.update('x', mul(trace.state('x', { dtype: 'float32', shape: [4] }), 2));
    const graph = trace.finish();
    expect(planFusedUpdates(graph)).toEqual({ rest: graph, updates: [] });
  });
});
