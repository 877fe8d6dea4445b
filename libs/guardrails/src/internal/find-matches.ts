import { createFinderChoice } from './choose-finders.js';
import type { Candidate, Finder, FinderInput } from './finder.js';

/** A place where a pattern stands for certain. */
export type Match = Extract<Candidate, { isOpen: false }>;

/** What several finders see in a text. */
export interface FoundMatches {
  /** In order, without overlap. */
  readonly matches: readonly Match[];
  /** Up to where nothing can change any more. */
  readonly clearedUntil: number;
}

/**
 * Reads a text with several finders at once: the match that begins first wins, of two at one place that of the finder
 * listed first, and reading goes on behind it. Linear in the text, as no finder reads a place twice.
 */
export function findMatches(
  finders: readonly Finder[],
  input: FinderInput,
  from: number,
): FoundMatches {
  const heads = finders.map((finder) => finder.next(input, from));
  const matches: Match[] = [];
  for (;;) {
    let first: Candidate | undefined;
    for (const head of heads) {
      if (head !== undefined && (first === undefined || startOf(head) < startOf(first)))
        first = head;
    }
    if (first === undefined) return { matches, clearedUntil: input.text.length };
    if (first.isOpen) {
      return {
        matches,
        clearedUntil: Math.min(...heads.map((head) => head?.anchor ?? first.anchor)),
      };
    }
    matches.push(first);
    const position = first.end;
    for (const [index, finder] of finders.entries()) {
      const head = heads[index];
      if (head !== undefined && head.anchor < position) heads[index] = finder.next(input, position);
    }
  }
}

function startOf(candidate: Candidate): number {
  return candidate.isOpen ? candidate.anchor : candidate.start;
}

/** What reads the matches of several finders, as a rail wants it. */
export interface MatchReader {
  readonly lookBehind: number;
  readonly maxHoldBack: number;
  read(input: FinderInput, from: number): FoundMatches;
}

/** Makes a reader of finders. */
export function createFinderReader(finders: readonly Finder[]): MatchReader {
  const choose = createFinderChoice(finders);
  return {
    lookBehind: Math.max(0, ...finders.map((finder) => finder.lookBehind)),
    // An open candidate may keep back a decided one that was anchored before it.
    maxHoldBack: 2 * Math.max(0, ...finders.map((finder) => finder.maxLength)),
    read: (input, from) => findMatches(choose(input, from), input, from),
  };
}
