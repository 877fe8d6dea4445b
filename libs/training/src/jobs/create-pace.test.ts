import { describe, expect, it } from 'vitest';
import { createPace, paceScalars } from './create-pace.js';

describe('the pace of a run', () => {
  it('tells tokens a second, busy processors and the time left from the second step on', () => {
    let now = 0;
    let busy = 500;
    const pace = createPace({ totalSteps: 10, now: () => now, busy: () => busy });
    const first = pace.step({ step: 3, tokens: 100 });
    expect(first).toMatchObject({
      tokens_per_second: null,
      cpu_utilization: null,
      eta_seconds: null,
    });
    expect(Object.keys(paceScalars(first))).toEqual(['train/memory_bytes']);
    now = 2000;
    busy = 3500;
    const second = pace.step({ step: 4, tokens: 100 });
    expect(second).toMatchObject({
      tokens_per_second: 50,
      cpu_utilization: 1.5,
      eta_seconds: 12,
    });
    expect(paceScalars(second)).toEqual({
      'train/memory_bytes': second.memory_bytes,
      'train/tokens_per_second': 50,
      'train/cpu_utilization': 1.5,
    });
  });

  it('counts the work of the process itself where it is not told otherwise', () => {
    let now = 0;
    const pace = createPace({ totalSteps: 2, now: () => (now += 1000) });
    pace.step({ step: 1, tokens: 1 });
    expect(pace.step({ step: 2, tokens: 1 }).cpu_utilization).toBeGreaterThanOrEqual(0);
  });
});
