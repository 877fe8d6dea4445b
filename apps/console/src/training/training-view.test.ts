import { describe, expect, it } from 'vitest';
import { addTrainingEvents, EMPTY_TRAINING_VIEW } from './training-view.js';

const step = (number: number, loss: number) => ({
  type: 'step',
  step: number,
  loss,
  learning_rate: 1e-3,
  grad_norm: 1,
  tokens: 30,
  tokens_per_second: number === 1 ? null : 900,
  memory_bytes: 5e7,
  eta_seconds: 4,
});
const start = (first: number) => ({
  type: 'start',
  backend: 'onnx',
  trainable_parameters: 128,
  total_steps: 4,
  first_step: first,
});
const view = (...events: ({ type: string; step?: number } & Record<string, unknown>)[]) =>
  addTrainingEvents(
    EMPTY_TRAINING_VIEW,
    events.map((event, index) => ({ id: index + 1, event })),
  );

describe('the view of a training job', () => {
  it('has a curve for each thing that steps measure, and none where nothing was measured', () => {
    const { series, totalSteps, etaSeconds } = view(start(0), step(1, 3), step(2, 2));
    expect([...series.keys()]).toEqual([
      'loss',
      'learning_rate',
      'grad_norm',
      'memory_bytes',
      'tokens_per_second',
    ]);
    expect(series.get('loss')).toEqual([
      { step: 1, value: 3 },
      { step: 2, value: 2 },
    ]);
    expect(series.get('tokens_per_second')).toEqual([{ step: 2, value: 900 }]);
    expect([totalSteps, etaSeconds]).toEqual([4, 4]);
  });

  it('replaces what a resumed job does again', () => {
    const { series, evaluations, checkpoints } = view(
      start(0),
      step(1, 3),
      { type: 'checkpoint', step: 1 },
      step(2, 2),
      { type: 'eval', step: 2, loss: 2.5, perplexity: 12, is_best: true },
      start(1),
      step(2, 2.25),
    );
    expect(series.get('loss')?.map(({ value }) => value)).toEqual([3, 2.25]);
    expect(evaluations).toEqual([]);
    expect(checkpoints).toEqual([1]);
  });

  it('keeps evaluations, samples and one line for each event that is no step', () => {
    const { evaluations, samples, log } = view(
      { type: 'status', status: 'running', error: null },
      start(0),
      step(1, 3),
      { type: 'eval', step: 1, loss: 2.5, perplexity: 12.2, is_best: true },
      { type: 'sample', step: 1, prompt: 'abc', text: 'def' },
      { type: 'status', status: 'failed', error: { message: 'no memory' } },
    );
    expect(evaluations).toEqual([
      { step: 1, loss: 2.5, isBest: true, others: { perplexity: 12.2 } },
    ]);
    expect(samples).toEqual([{ step: 1, prompt: 'abc', text: 'def' }]);
    expect(log.map(({ text }) => text)).toEqual([
      'The job is running.',
      'Begins on onnx.',
      'Step 1: evaluation loss 2.5000, the best so far.',
      'The job is failed: no memory',
    ]);
  });

  it('leaves the view before it as it was', () => {
    const before = view(start(0), step(1, 3));
    addTrainingEvents(before, [{ id: 3, event: step(2, 2) }]);
    expect(before.series.get('loss')).toHaveLength(1);
  });
});
