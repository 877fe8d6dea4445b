export type { AnswerCase, AnswerQuestion, GoldPassage, ShownPassage } from './answer-case.js';
export { answerOverlap } from './answer-overlap.js';
export type { AnswerOverlap } from './answer-overlap.js';
export { bootstrapInterval } from './bootstrap-interval.js';
export type {
  CollectionPassage,
  CollectionQuery,
  Judgements,
  ParsedRows,
  RowProblem,
} from './collection.js';
export { compareRuns } from './compare-runs.js';
export type { RunComparison } from './compare-runs.js';
export { evaluateAnswers } from './evaluate-answers.js';
export type {
  AnswerEvaluation,
  AnswerResult,
  ClaimSupport,
  JudgedClaim,
  MetricSummary,
} from './evaluate-answers.js';
export { evaluateChunking } from './evaluate-chunking.js';
export type { ChunkingMetrics, ChunkingQuestion, EvaluatedChunk } from './evaluate-chunking.js';
export { evaluateRun } from './evaluate-run.js';
export type { Metrics, RunEvaluation } from './evaluate-run.js';
export { judgementsFromClicks } from './judgements-from-clicks.js';
export type { ClickJudgements, PassageView } from './judgements-from-clicks.js';
export { parseAnswerQuestions } from './parse-answer-questions.js';
export { parseChunkingQuestions } from './parse-chunking-questions.js';
export { parseClicks, parseCorpus, parseJudgements, parseQueries } from './parse-collection.js';
export type { LineSource } from './line-source.js';
export { formatRun, parseRun } from './run.js';
export type { RankedPassage, Run } from './run.js';
export { precisionRecallCurve, recallCurve } from './run-curves.js';
export type { CurvePoint } from './run-curves.js';
export { saysNoAnswer } from './says-no-answer.js';
export { splitAnswer } from './split-answer.js';
export type { AnswerClaim } from './split-answer.js';
export { tuneWeights } from './tune-weights.js';
export type { TunableWeights, TunedWeights, TuneWeightsOptions } from './tune-weights.js';
