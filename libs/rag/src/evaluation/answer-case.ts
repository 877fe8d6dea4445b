/** Where an answer stands: a document or passage by its id or source, words of it, or both. */
export interface GoldPassage {
  readonly document?: string;
  readonly quote?: string;
}

/** A question of a test of answers. */
export interface AnswerQuestion {
  readonly id: string;
  readonly question: string;
  /** Answers that would do; may be empty. */
  readonly references: readonly string[];
  /** Passages that hold the answer; may be empty. */
  readonly gold: readonly GoldPassage[];
  /** False: the documents do not answer it, and to say so is right. */
  readonly isAnswerable: boolean;
}

/** A passage that was shown to the model. */
export interface ShownPassage {
  readonly id: string;
  readonly documentId: string;
  readonly source: string;
  readonly text: string;
  /** The number by which the answer cites it; absent where nothing does. */
  readonly index?: number;
}

/** A question with the answer that was given. */
export interface AnswerCase {
  readonly question: AnswerQuestion;
  readonly answer: string;
  readonly passages: readonly ShownPassage[];
  /** What the retriever said of its passages; absent where it says nothing. */
  readonly hasEvidence?: boolean;
}
