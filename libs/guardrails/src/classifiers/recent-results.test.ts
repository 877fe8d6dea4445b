import { describe, expect, it } from 'vitest';
import { createRecentResults } from './recent-results.js';

describe('the results of the last inputs', () => {
  it('are made once', () => {
    const results = createRecentResults<number>(2);
    let made = 0;
    const make = (): number => (made += 1);
    expect([results.get('a', make), results.get('a', make)]).toEqual([1, 1]);
    results.delete('a');
    expect(results.get('a', make)).toBe(2);
  });

  it('are forgotten in the order in which they were last asked for', () => {
    const results = createRecentResults<string>(2);
    for (const key of ['a', 'b', 'a', 'c']) results.get(key, () => key);
    expect(results.get('a', () => 'again')).toBe('a');
    expect(results.get('b', () => 'again')).toBe('again');
  });
});
