import { expect, it } from 'vitest';
import { generalise } from './generalise.js';

it.each([
  ['age', '34', {}, '30-39'],
  ['age', '34', { ageBand: 5 }, '30-34'],
  ['age', '93', {}, '90+'],
  ['age', 'old', {}, '[age]'],
  ['date-of-birth', '12 March 1984', {}, '1984'],
  ['date-time', '1984-03-12', { date: 'month' }, '1984-03'],
  ['date-time', 'March 12, 1984', { date: 'month' }, '1984-03'],
  ['date-time', '03/04/1984', { date: 'month' }, '1984'],
  ['date-time', '03/04/1984', { date: 'decade' }, '1980s'],
  ['date-time', '12:30', {}, '[date-time]'],
  ['postcode', 'SW1A 1AA', {}, 'SW1*****'],
  ['postcode', '12', {}, '12'],
  ['ip', '203.0.113.9', {}, '203.0.113.0/24'],
  ['ip', '::1', {}, '[ip]'],
  ['email', 'jane@example.org', {}, '[email]@example.org'],
  ['url', 'https://example.org/jane?x=1', {}, 'https://example.org'],
  ['person', 'Jane Roe', {}, '[person]'],
] as const)('generalises the %s %s with %o to %s', (category, found, options, coarse) => {
  expect(generalise(category, found, options)).toBe(coarse);
});
