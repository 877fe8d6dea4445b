import type { PassagePart, Span } from '@espalier/core';

/** How a unit stands in its document; `row` is a row of a table. */
export type UnitKind = 'sentence' | 'item' | 'code' | 'row' | 'heading';

/** The smallest piece of a passage that an answer quotes as a whole. */
export interface AnswerUnit {
  readonly part: PassagePart;
  readonly kind: UnitKind;
  /** Its place in the passage's text: `passage.text.slice(span.start, span.end)`. */
  readonly span: Span;
  readonly text: string;
  /** The number of its block within the passage: sentences of one paragraph and items of one list share it. */
  readonly block: number;
  /** Its place among the units of the passage. */
  readonly position: number;
  /** The heading inside the passage that it stands under; empty when the passage has none above it. */
  readonly heading: string;
  /** What must be shown above it to be understood: the head of a table's row; empty for other kinds. */
  readonly head: string;
  /** Whether the passage's edge seems to cut it. */
  readonly isCut: boolean;
}
