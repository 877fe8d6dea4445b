import { IDENTITY_TERMS, type IdentityAxis } from './identity-terms.js';

/** A text that speaks of another group, and is the same otherwise. */
export interface SwappedText {
  readonly text: string;
  readonly axis: IdentityAxis;
  readonly from: string;
  readonly to: string;
}

const AXES = Object.keys(IDENTITY_TERMS) as IdentityAxis[];
const WORD = /[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu;

/**
 * The texts that say of other groups what `text` says of the first one that it names: one for each other group of that axis.
 *
 * Every word of the same set of groups is swapped; where both groups stand in a text, each takes the other's place.
 * A text that names no group gives none. The case of the first letter and of whole words is kept.
 */
export function swapIdentities(
  text: string,
  options: { readonly axes?: readonly IdentityAxis[] } = {},
): readonly SwappedText[] {
  const swapped: SwappedText[] = [];
  for (const axis of options.axes ?? AXES) {
    const sets = IDENTITY_TERMS[axis];
    const found = firstNamed(text, sets);
    if (found === undefined) continue;
    for (const [to, target] of found.set.entries()) {
      if (to === found.group) continue;
      const swapOne = (word: string): string => {
        for (const set of sets) {
          const at = set.findIndex((term) => term.toLowerCase() === word.toLowerCase());
          if (at < 0) continue;
          const other = at === found.group ? set[to] : at === to ? set[found.group] : undefined;
          return other === undefined ? word : inCaseOf(word, other);
        }
        return word;
      };
      const changed = text.replace(WORD, swapOne);
      swapped.push({ text: changed, axis, from: found.set[found.group] ?? '', to: target });
    }
  }
  return swapped;
}

function firstNamed(
  text: string,
  sets: readonly (readonly string[])[],
): { readonly set: readonly string[]; readonly group: number } | undefined {
  for (const [word] of text.matchAll(WORD)) {
    for (const set of sets) {
      const group = set.findIndex((term) => term.toLowerCase() === word.toLowerCase());
      if (group >= 0) return { set, group };
    }
  }
  return undefined;
}

function inCaseOf(word: string, term: string): string {
  if (word.length > 1 && word === word.toUpperCase()) return term.toUpperCase();
  const [first = ''] = word;
  if (first === first.toUpperCase()) return `${term.slice(0, 1).toUpperCase()}${term.slice(1)}`;
  return term;
}
