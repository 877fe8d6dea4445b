/** A passage of a test collection. */
export interface CollectionPassage {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** The document that the passage belongs to. */
  readonly documentId?: string;
  /** Its place in that document. */
  readonly position?: number;
  /** When it was last changed, in ms since 1970. */
  readonly modifiedAt?: number;
}

/** A question of a test collection. */
export interface CollectionQuery {
  readonly id: string;
  readonly text: string;
}

/** Judgements: query → passage → grade; above 0 is relevant. */
export type Judgements = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A line of a file that is not what it should be. */
export interface RowProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

/** What was read of one file: the good rows, and what is wrong with the others. */
export interface ParsedRows<T> {
  readonly rows: T;
  readonly problems: readonly RowProblem[];
}
