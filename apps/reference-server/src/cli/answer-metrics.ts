import type { AnswerEvaluation } from '@espalier/rag/evaluation';

/** Metrics in the order in which they are shown, with what people are told of them. */
export const ANSWER_METRICS: readonly (readonly [metric: string, meaning: string])[] = [
  ['faithfulness', 'claims that the passages shown support'],
  ['citationRecall', 'claims that the passages they cite support'],
  ['citationPrecision', 'citations that are needed'],
  ['citedClaims', 'claims that cite anything'],
  ['f1', 'words shared with the reference'],
  ['exactMatch', 'the same as the reference'],
  ['rougeL', 'longest common run of words with the reference'],
  ['holdsReference', 'answers that hold the reference'],
  ['shownGold', 'gold passages among those shown'],
  ['goldRecall', 'gold passages that are cited'],
  ['goldPrecision', 'cited passages that are gold'],
  ['abstentionPrecision', '“no answer” where there is none'],
  ['abstentionRecall', 'questions without an answer that are told so'],
  ['evidencePrecision', '“not enough evidence” where there is none'],
  ['evidenceRecall', 'questions without an answer that the search doubts'],
];

/** What the table and the report show above the metrics. */
export interface AnswersSummary {
  readonly source: string;
  readonly judge: string;
  readonly questions: number;
  readonly declined: number;
  readonly claims: number;
  readonly metrics: AnswerEvaluation['metrics'];
  /** Units: ms. */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}
