import type { AnswerCase, AnswerQuestion } from '@espalier/rag/evaluation';

/** An answer with what it took. */
export interface TimedAnswer extends AnswerCase {
  readonly latencyMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

/** What answers the questions of an evaluation. */
export interface AnswerSource {
  /** The model or agent, as the report names it. */
  readonly name: string;
  /** Questions that may be asked at once. */
  readonly concurrency: number;
  ask(question: AnswerQuestion): Promise<TimedAnswer>;
  close(): Promise<void>;
}
