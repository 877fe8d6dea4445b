import type { Document } from '@espalier/core';
import { createSectionScanner, type Section } from './sections.js';
import { createSplitter, type Piece } from './split-span.js';

/** A piece of a document, with the section that it is from. */
export interface SectionPiece extends Piece {
  readonly section: Section;
}

/** Returns a function that yields the pieces of a document along its structure, section by section. */
export function createSectionCutter(options: {
  countTokens: (text: string) => number;
  maxTokens: number;
}): (document: Document) => Generator<SectionPiece> {
  const split = createSplitter(options);
  return function* cut(document) {
    const { text, atoms = [] } = document;
    for (const section of createSectionScanner(document)) {
      for (const piece of split({ ...section, text, atoms })) yield { ...piece, section };
    }
  };
}
