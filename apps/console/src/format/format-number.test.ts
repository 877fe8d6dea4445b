import { describe, expect, it } from 'vitest';
import { formatDuration } from './format-duration.js';
import { formatBytes, formatCost, formatCount, formatScore } from './format-number.js';

describe('numbers for people', () => {
  it.each([
    [formatDuration(0.44), '0.4 ms'],
    [formatDuration(38.2), '38 ms'],
    [formatDuration(1240), '1.2 s'],
    [formatDuration(125_000), '2 min 5 s'],
    [formatCount(1, 'passage'), '1 passage'],
    [formatCount(12_345, 'passage'), '12,345 passages'],
    [formatScore(0.032_51), '0.0325'],
    [formatBytes(999), '999 B'],
    [formatBytes(3_210_000), '3.2 MB'],
    [formatCost(0.000_123), '$0.00012'],
    [formatCost(1.5), '$1.50'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});
