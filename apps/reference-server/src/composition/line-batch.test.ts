import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLineBatch } from './line-batch.js';

describe('a batch of log lines', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hands on the lines of a moment together', () => {
    const write = vi.fn();
    const batch = createLineBatch({ write }, { waitMs: 100 });
    batch.write('a\n');
    batch.write('b\n');
    expect(write).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    batch.write('c\n');
    vi.advanceTimersByTime(100);
    expect(write.mock.calls).toEqual([['a\nb\n'], ['c\n']]);
  });

  it('does not wait beyond its length, nor when told to flush', () => {
    const write = vi.fn();
    const batch = createLineBatch({ write }, { maxLength: 4 });
    batch.write('abc\n');
    batch.write('d\n');
    batch.flush();
    batch.flush();
    expect(write.mock.calls).toEqual([['abc\n'], ['d\n']]);
  });
});
