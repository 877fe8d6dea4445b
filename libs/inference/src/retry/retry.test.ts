import { createSeededRandom } from '@espalier/core';
import { createFakeClock } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { ModelRateLimitError, ModelRequestError, ModelUnavailableError } from '../errors.js';
import { parseRetryAfter } from './parse-retry-after.js';
import { DEFAULT_RETRY_POLICY } from './retry-policy.js';
import { runWithRetries } from './run-with-retries.js';

const model = { provider: 'p', modelId: 'm' };
const unavailable = () => new ModelUnavailableError({ ...model, status: 503, reason: 'Busy.' });
const limited = (retryAfterMs?: number) =>
  new ModelRateLimitError({ ...model, status: 429, reason: 'Slow down.', retryAfterMs });

const setUp = (totalMs = 30_000) => {
  const clock = createFakeClock();
  const startedAt: number[] = [];
  const run = (failures: readonly Error[], abortSignal?: AbortSignal) =>
    runWithRetries(
      ({ attempt }) => {
        startedAt.push(clock.monotonic());
        const failure = failures[attempt - 1];
        return failure === undefined ? Promise.resolve(`try ${attempt}`) : Promise.reject(failure);
      },
      { policy: DEFAULT_RETRY_POLICY, totalMs, clock, random: createSeededRandom(1), abortSignal },
    ).catch((error: unknown) => error);
  return { clock, startedAt, run };
};

describe('runWithRetries', () => {
  it('waits about twice as long each time, never less than half of that', async () => {
    const { clock, startedAt, run } = setUp();
    const result = run([unavailable(), unavailable()]);
    await clock.advance(10_000);
    expect(await result).toBe('try 3');
    const [first = 0, second = 0, third = 0] = startedAt;
    expect(second - first).toBeGreaterThanOrEqual(250);
    expect(second - first).toBeLessThanOrEqual(500);
    expect(third - second).toBeGreaterThanOrEqual(500);
    expect(third - second).toBeLessThanOrEqual(1000);
  });

  it('never comes back before a Retry-After', async () => {
    const { clock, startedAt, run } = setUp();
    const result = run([limited(5000)]);
    await clock.advance(20_000);
    expect(await result).toBe('try 2');
    expect(startedAt[1]).toBeGreaterThanOrEqual(5000);
  });

  it('throws at once when a Retry-After passes the time that is left', async () => {
    const { clock, run } = setUp();
    const error = limited(31_000);
    expect(await run([error])).toBe(error);
    expect(clock.monotonic()).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('never retries what would fail again, nor an error that it does not know', async () => {
    const { startedAt, run } = setUp();
    const rejected = new ModelRequestError({ ...model, status: 400, reason: 'No.' });
    const foreign = new TypeError('A defect.');
    expect(await run([rejected])).toBe(rejected);
    expect(await run([foreign])).toBe(foreign);
    expect(startedAt).toHaveLength(2);
  });

  it('passes an abort on as it is, also while it waits', async () => {
    const { startedAt, run } = setUp();
    const controller = new AbortController();
    const result = run([unavailable()], controller.signal);
    const reason = new Error('Stop.');
    await Promise.resolve();
    controller.abort(reason);
    expect(await result).toBe(reason);
    expect(startedAt).toHaveLength(1);
  });
});

describe('parseRetryAfter', () => {
  const nowMs = Date.UTC(2026, 0, 1, 12, 0, 0);
  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': 'Thu, 01 Jan 2026 12:00:07 GMT' }, 7000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{}, undefined],
  ])('reads %j as %s ms', (headers, expected) => {
    expect(parseRetryAfter(headers, nowMs)).toBe(expected);
  });
});
