export type {
  CollectionPassage,
  CollectionQuery,
  Judgements,
  ParsedRows,
  RowProblem,
} from './collection.js';
export { compareRuns } from './compare-runs.js';
export type { RunComparison } from './compare-runs.js';
export { evaluateChunking } from './evaluate-chunking.js';
export type { ChunkingMetrics, ChunkingQuestion, EvaluatedChunk } from './evaluate-chunking.js';
export { evaluateRun } from './evaluate-run.js';
export type { Metrics, RunEvaluation } from './evaluate-run.js';
export { parseChunkingQuestions } from './parse-chunking-questions.js';
export { parseCorpus, parseJudgements, parseQueries } from './parse-collection.js';
export type { LineSource } from './parse-collection.js';
export { formatRun, parseRun } from './run.js';
export type { RankedPassage, Run } from './run.js';
export { tuneWeights } from './tune-weights.js';
export type { TunableWeights, TunedWeights, TuneWeightsOptions } from './tune-weights.js';
