import { expect, it } from 'vitest';
import { createGuardrails, createPiiRail, createPiiScanner, type PiiRecogniser } from '../index.js';

// #region recogniser
const employeeNumber: PiiRecogniser = {
  type: 'employee-number',
  // Linear in the text, which is checked: write \d{1,20} for \d+.
  pattern: /\bE-\d{5}\b/,
  maxLength: 7,
  // Right only when the digits add up to a multiple of ten.
  validate: (matched) =>
    [...matched.slice(2)].reduce((sum, digit) => sum + Number(digit), 0) % 10 === 0,
  // Below 0.5 it is found only with one of these words before it.
  context: ['employee', 'staff'],
  score: 0.3,
};

const scanner = createPiiScanner({ categories: [], recognisers: [employeeNumber] });
const guardrails = createGuardrails({
  rails: [
    createPiiRail({
      recognisers: [employeeNumber],
      operators: { 'employee-number': { type: 'mask', keep: 2 } },
    }),
  ],
});
// #endregion recogniser

it('a recogniser of one’s own finds what it shall, and nothing else', () => {
  expect(scanner.find('Employee E-12340 called.')).toEqual([
    { type: 'employee-number', start: 9, end: 16, score: expect.closeTo(0.65, 9) },
  ]);
  expect(scanner.find('Part E-12340 is out; employee E-12345 too.')).toEqual([]);
});

it('a recogniser of one’s own works in a rail, also while a text streams', async () => {
  const stream = guardrails.openStream({ point: 'output' });
  const released = [
    (await stream.push('Staff E-12')).text,
    (await stream.push('340 left.')).text,
    (await stream.end()).text,
  ];
  expect(released.join('')).toBe('Staff *-***40 left.');
  expect(released[0]).not.toContain('12');
});
