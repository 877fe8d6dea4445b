import type { Finder, FinderInput } from './finder.js';
import { createLiteralSearch } from './literal-search.js';

/** Bits of a number that can be set without its sign. */
const MOST = 31;

/**
 * Makes a choice of the finders that a text concerns: one pass over a whole text for the literals of all of them, instead
 * of one for each. Of a text that goes on, all are chosen, as a literal may have begun at its end.
 */
export function createFinderChoice(
  finders: readonly Finder[],
): (input: FinderInput, from: number) => readonly Finder[] {
  const searched = finders.filter(({ literals }) => literals !== undefined).slice(0, MOST);
  if (searched.length === 0) return () => finders;
  const owners = new Map<string, number>();
  for (const [bit, { literals = [] }] of searched.entries()) {
    for (const literal of literals) owners.set(literal, (owners.get(literal) ?? 0) | (1 << bit));
  }
  // The search tells of the longest literal at a place only; the shorter ones stand there too.
  const bitsOf = new Map(
    [...owners.keys()].map((literal) => [
      literal,
      [...owners].reduce(
        (bits, [shorter, own]) => (literal.startsWith(shorter) ? bits | own : bits),
        0,
      ),
    ]),
  );
  const search = createLiteralSearch([...owners.keys()], { ignoreCase: true });
  const all = searched.reduce((bits, _, bit) => bits | (1 << bit), 0);
  const bitOf = finders.map((finder) => {
    const bit = searched.indexOf(finder);
    return bit === -1 ? 0 : 1 << bit;
  });
  return ({ text, isFinal }, from) => {
    if (!isFinal) return finders;
    let found = 0;
    for (
      let match = search.next(text, from);
      match !== undefined && found !== all;
      match = search.next(text, match.index + 1)
    )
      found |= bitsOf.get(match.literal) ?? 0;
    return finders.filter((_, index) => {
      const bit = bitOf[index] ?? 0;
      return bit === 0 || (found & bit) !== 0;
    });
  };
}
