import { describe, expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.js';

describe('createFakeClock', () => {
  it('stands still until it is moved', async () => {
    const clock = createFakeClock({ startMs: 1000 });
    expect([clock.now(), clock.monotonic()]).toEqual([1000, 0]);
    await clock.advance(50);
    expect([clock.now(), clock.monotonic()]).toEqual([1050, 50]);
  });

  it('fires timers in order of time, each at its own time', async () => {
    const clock = createFakeClock({ startMs: 0 });
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
    clock.setTimer(30, note('late'));
    clock.setTimer(10, note('first'));
    clock.setTimer(10, note('second'));
    clock.setTimer(20, note('cancelled'))();
    clock.setTimer(99, note('never'));
    await clock.advance(40);
    expect(fired).toEqual(['first@10', 'second@10', 'late@30']);
    expect(clock.pending).toBe(1);
  });

  it('fires timers that timers set on the way', async () => {
    const clock = createFakeClock({ startMs: 0 });
    const fired: number[] = [];
    const again = (): void => {
      fired.push(clock.now());
      if (fired.length < 3) clock.setTimer(10, again);
    };
    clock.setTimer(10, again);
    await clock.advance(30);
    expect(fired).toEqual([10, 20, 30]);
  });

  it('ends a sleep in time, or with the reason of its signal', async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const slept = clock.sleep(100).then(() => 'slept');
    const aborted = clock
      .sleep(100, { abortSignal: controller.signal })
      .catch((error: unknown) => error);
    const reason = new Error('Wake up.');
    controller.abort(reason);
    expect(await aborted).toBe(reason);
    await clock.advance(100);
    expect(await slept).toBe('slept');
    await expect(clock.sleep(1, { abortSignal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });

  it('moves to the next timer', async () => {
    const clock = createFakeClock({ startMs: 0 });
    clock.setTimer(70, () => undefined);
    expect(await clock.advanceToNext()).toBe(true);
    expect(clock.now()).toBe(70);
    expect(await clock.advanceToNext()).toBe(false);
  });
});
