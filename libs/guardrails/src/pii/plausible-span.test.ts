import { expect, it } from 'vitest';
import type { TaggerType } from '../tagger/tagger-labels.js';
import { isPlausibleSpan } from './plausible-span.js';

function isPlausible(type: TaggerType, before: string, written: string): boolean {
  const start = before.length;
  return isPlausibleSpan(before + written, {
    ...{ type, start, end: start + written.length, score: 0.9 },
  });
}

it.each<[TaggerType, string, string]>([
  ['person', 'by ', 'Anna'],
  ['nationality', 'is ', 'South Korean'],
  ['nationality', 'is ', 'portuguese'],
  ['age', 'is ', '81'],
  ['date-time', 'in ', '1987'],
  ['date-time', 'on ', 'Friday'],
  ['date-time', 'on ', '3 Okt'],
  ['postcode', 'in ', 'SW1A 1AA'],
  ['postcode', 'in ', '00-950'],
  ['phone', 'on ', '555-0199'],
  ['username', 'is ', 'jane_roe'],
])('takes for %s what looks like one: %s%s', (type, before, written) => {
  expect(isPlausible(type, before, written)).toBe(true);
});

it.each<[TaggerType, string, string]>([
  ['person', 'at ', '`'],
  ['organization', 'the `', 'orpo'],
  ['location', 'a ', 'locateQuote`)'],
  ['nationality', 'a ', 'native'],
  ['nationality', '', 'sh\nnpx'],
  ['age', 'is ', 'batch'],
  ['age', 'is ', '981'],
  ['date-time', 'the ', 'Source'],
  ['date-time', 'is ', '4.0'],
  ['date-time', 'at ', 'nDCG@10'],
  ['postcode', 'the ', '# Evaluation'],
  ['postcode', 'in ', '256 tokens'],
  ['postcode', 'RX-', '27158'],
  ['phone', 'is ', '(300)'],
  ['username', 'the ', 'King'],
  ['username', 'in `', 'eval_data'],
])('does not take for %s what cannot be one: %s%s', (type, before, written) => {
  expect(isPlausible(type, before, written)).toBe(false);
});
