import type { Passage, PassagePart } from '@espalier/core';

/** The passages of a run with the numbers by which answers cite them. */
export interface PassageBook {
  /** Numbers a passage; one that is known keeps its number. */
  add(passage: Passage): PassagePart;
  get(index: number): PassagePart | undefined;
  list(): readonly PassagePart[];
}

/** Creates a book that goes on behind `known`. */
export function createPassageBook(known: readonly PassagePart[]): PassageBook {
  const byIndex = new Map(known.map((part) => [part.index, part]));
  const byKey = new Map(known.map((part) => [keyOf(part.passage), part]));
  return {
    add(passage) {
      const existing = byKey.get(keyOf(passage));
      if (existing !== undefined) return existing;
      const index = Math.max(0, ...byIndex.keys()) + 1;
      const part: PassagePart = { type: 'passage', index, passage };
      byIndex.set(index, part);
      byKey.set(keyOf(passage), part);
      return part;
    },
    get: (index) => byIndex.get(index),
    list: () => [...byIndex.values()],
  };
}

function keyOf(passage: Passage): string {
  return JSON.stringify([passage.knowledgeBase ?? '', passage.documentId, passage.id]);
}
