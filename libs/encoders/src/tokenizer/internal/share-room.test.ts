import { expect, it } from 'vitest';
import { shareRoom } from './share-room.js';

const run = (length: number, start: number): number[] =>
  Array.from({ length }, (_, n) => start + n);
const lengths = (first: number, second: number, room: number): number[] =>
  shareRoom([run(first, 0), run(second, 100)], room).map((ids) => ids.length);

it('takes from the longer text first, and cuts ends', () => {
  expect(lengths(3, 20, 10)).toEqual([3, 7]);
  expect(lengths(20, 3, 10)).toEqual([7, 3]);
  expect(lengths(4, 4, 10)).toEqual([4, 4]);
  expect(shareRoom([run(3, 0), run(5, 100)], 4)).toEqual([
    [0, 1],
    [100, 101],
  ]);
});

it('gives both half where neither fits, an odd rest to the longer', () => {
  expect(lengths(20, 30, 10)).toEqual([5, 5]);
  expect(lengths(20, 30, 11)).toEqual([5, 6]);
  expect(lengths(30, 20, 11)).toEqual([6, 5]);
  expect(lengths(9, 9, 0)).toEqual([0, 0]);
});

it('cuts a text alone', () => {
  expect(shareRoom([run(5, 0)], 2)).toEqual([[0, 1]]);
});
