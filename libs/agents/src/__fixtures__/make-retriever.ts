import type { Passage, RetrieveOptions, RetrieveResult, Retriever } from '@espalier/core';

const DOCUMENT = [
  '# Espalier fruit',
  '',
  'An espalier is a tree trained flat against a wall. Gardeners began the craft in Roman times.',
  'Pears suit it best, because their wood bends well.',
  '',
  'Prune in late summer. Tie new shoots to the wire with soft string.',
].join('\n');

/** Passages of one document, with true offsets. */
export function makePassages(): Passage[] {
  const secondStart = DOCUMENT.indexOf('Prune');
  return [
    {
      id: 'p1',
      documentId: 'd1',
      source: 'fruit.md',
      text: DOCUMENT.slice(18, secondStart - 2),
      span: { start: 18, end: secondStart - 2 },
      lines: { start: 3, end: 4 },
      score: 0.9,
    },
    {
      id: 'p2',
      documentId: 'd1',
      source: 'fruit.md',
      text: DOCUMENT.slice(secondStart),
      span: { start: secondStart, end: DOCUMENT.length },
      lines: { start: 6, end: 6 },
      score: 0.7,
    },
  ];
}

/** The document that the passages are cut from. */
export const documentText = DOCUMENT;

/** A retriever that finds the same passages for every query and remembers what it was asked. */
export function makeRetriever(
  result: Partial<RetrieveResult> = {},
): Retriever & { readonly asked: readonly RetrieveOptions[] } {
  const asked: RetrieveOptions[] = [];
  return {
    specificationVersion: 'v1',
    name: 'fruit',
    asked,
    async doRetrieve(options) {
      asked.push(options);
      return { passages: makePassages(), hasEvidence: true, warnings: [], ...result };
    },
  };
}
