import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.js';
import { createSystemClock } from './clock.js';
import { createIdGenerator } from './ids.js';
import { createSilentLogger } from './logger.js';
import { createSeededRandom, createSystemRandom } from './random.js';

const clockAt = (read: () => number): Clock => ({ ...createSystemClock(), now: read });

describe('createIdGenerator', () => {
  it('gives ids of one form that sort by the time they were made', () => {
    let nowMs = 1_700_000_000_000;
    const ids = createIdGenerator({ clock: clockAt(() => nowMs), random: createSeededRandom(1) });
    const made: string[] = [];
    for (let n = 0; n < 2000; n++) {
      if (n % 7 === 0) nowMs++;
      made.push(ids('run'));
    }
    expect(made.every((id) => /^run_[0-9a-f]{30}$/u.test(id))).toBe(true);
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('keeps the order when the clock goes back, and with a clock of fractions', () => {
    const times = [5000.9, 4000.2, 4000.7, 6000.1, 6000.9];
    const ids = createIdGenerator({
      clock: clockAt(() => times.shift() ?? 0),
      random: createSeededRandom(2),
    });
    const made = Array.from({ length: 5 }, () => ids('x'));
    expect(made.toSorted()).toEqual(made);
  });

  it('keeps its length and order when the random part is at its largest', () => {
    const ids = createIdGenerator({
      clock: clockAt(() => 1),
      random: { next: () => 1 - 2 ** -32 },
    });
    const made = Array.from({ length: 100_000 }, () => ids('x'));
    expect(made.every((id) => id.length === 32)).toBe(true);
    expect(made.toSorted()).toEqual(made);
  });

  it('never gives the same id to two generators that start at once', () => {
    const clock = clockAt(() => 1);
    const first = createIdGenerator({ clock, random: createSystemRandom() });
    const second = createIdGenerator({ clock, random: createSystemRandom() });
    const made = Array.from({ length: 1000 }, () => [first('x'), second('x')]).flat();
    expect(new Set(made).size).toBe(2000);
  });
});

describe('createSeededRandom', () => {
  it('gives the same numbers for the same seed, all in [0, 1)', () => {
    const take = (seed: number): number[] => {
      const random = createSeededRandom(seed);
      return Array.from({ length: 1000 }, () => random.next());
    };
    expect(take(42)).toEqual(take(42));
    expect(take(42)).not.toEqual(take(43));
    expect(take(42).every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = take(42).reduce((sum, value) => sum + value, 0) / 1000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
  });

  it('gives the numbers of mulberry32', () => {
    const random = createSeededRandom(0);
    expect([random.next(), random.next(), random.next()]).toEqual([
      0.26642920868471265, 0.0003297457005828619, 0.2232720274478197,
    ]);
  });
});

describe('createSystemRandom', () => {
  it('gives numbers in [0, 1) that differ', () => {
    const random = createSystemRandom();
    const made = Array.from({ length: 100 }, () => random.next());
    expect(made.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(new Set(made).size).toBeGreaterThan(90);
  });
});

describe('createSystemClock', () => {
  const clock = createSystemClock();

  it('never goes back', () => {
    const first = clock.monotonic();
    expect(clock.monotonic()).toBeGreaterThanOrEqual(first);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
  });

  it('sleeps, and wakes with the reason of its signal', async () => {
    await expect(clock.sleep(1)).resolves.toBeUndefined();
    const reason = new Error('Wake up.');
    await expect(clock.sleep(60_000, { abortSignal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    const controller = new AbortController();
    const slept = clock.sleep(60_000, { abortSignal: controller.signal });
    controller.abort(reason);
    await expect(slept).rejects.toBe(reason);
  });

  it('calls back, unless it was cancelled', async () => {
    let cancelled = false;
    clock.setTimer(0, () => {
      cancelled = true;
    })();
    await new Promise<void>((resolve) => {
      clock.setTimer(1, resolve);
      // The timer does not keep the process alive; this one does.
      setTimeout(() => undefined, 50);
    });
    expect(cancelled).toBe(false);
  });
});

describe('createSilentLogger', () => {
  it('takes everything and gives children that do', () => {
    const logger = createSilentLogger().child({ a: 1 });
    for (const level of ['debug', 'info', 'warn', 'error'] as const)
      expect(logger[level]('m', { b: 2 })).toBeUndefined();
  });
});
