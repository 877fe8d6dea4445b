import { ANY, cellText, type Cell, type QuasiIdentifier } from './table.js';

/** One value that stands for all of `cells`; the value itself where they are equal. */
export function generaliseCells(cells: readonly Cell[], how: QuasiIdentifier): Cell {
  const [first] = cells;
  if (cells.every((cell) => cellText(cell) === cellText(first))) return first;
  if (how.type === 'number') {
    const numbers = cells.filter((cell) => typeof cell === 'number');
    if (numbers.length < cells.length) return ANY;
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    return `${low}-${high}`;
  }
  const texts = [...new Set(cells.map(cellText))].sort();
  if (how.type === 'prefix') return commonPrefix(texts);
  return how.parents === undefined
    ? `{${texts.join(', ')}}`
    : (commonAncestor(texts, how.parents) ?? ANY);
}

function commonPrefix(texts: readonly string[]): string {
  const [first = '', last = ''] = [texts[0], texts.at(-1)];
  let length = 0;
  // Sorted, so that the first and the last differ most.
  while (length < first.length && first.charAt(length) === last.charAt(length)) length += 1;
  const longest = Math.max(...texts.map((text) => text.length));
  return length === 0 ? ANY : first.slice(0, length) + '*'.repeat(longest - length);
}

function ancestorsOf(value: string, parents: Readonly<Record<string, string>>): string[] {
  const chain = [value];
  for (let next = parents[value]; next !== undefined && !chain.includes(next); next = parents[next])
    chain.push(next);
  return chain;
}

function commonAncestor(
  values: readonly string[],
  parents: Readonly<Record<string, string>>,
): string | undefined {
  const [first = [], ...others] = values.map((value) => ancestorsOf(value, parents));
  return first.find((ancestor) => others.every((chain) => chain.includes(ancestor)));
}
