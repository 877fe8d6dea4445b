export { createRecursiveChunker } from './chunking/create-recursive-chunker.js';
export type { RecursiveChunkerOptions } from './chunking/create-recursive-chunker.js';
export { assembleContext } from './context/assemble-context.js';
export type {
  AssembleContextOptions,
  AssembledContext,
  ContextChunk,
  ContextDocument,
  ContextOmission,
  ContextOrder,
  ContextPassage,
} from './context/context.js';
export { locateQuote } from './context/locate-quote.js';
export type { LocatedQuote } from './context/locate-quote.js';
export { createEmbeddingCacheFile } from './embedding/create-embedding-cache-file.js';
export type { EmbeddingCacheFileOptions } from './embedding/create-embedding-cache-file.js';
export { createEmbeddingPipeline } from './embedding/create-embedding-pipeline.js';
export type {
  EmbeddingPipeline,
  EmbeddingPipelineOptions,
} from './embedding/create-embedding-pipeline.js';
export type { EmbeddingCache, EmbeddingKeys } from './embedding/embedding-cache.js';
export { embeddingIdentity } from './embedding/embedding-identity.js';
export { hashText } from './embedding/hash-text.js';
export type { EmbeddingRetryOptions } from './embedding/retry-budget.js';
export {
  DocumentEmptyError,
  DocumentEncodingError,
  DocumentNameError,
  DocumentUnknownError,
  FilterFieldUnknownError,
  FilterInvalidError,
  IndexMismatchError,
  KnowledgeBaseExistsError,
  KnowledgeBaseNameError,
  KnowledgeBaseUnknownError,
  MediaTypeUnsupportedError,
  SnapshotInvalidError,
  SourceFileError,
  StoreClosedError,
  StoreDriverMissingError,
  StoreError,
  StoreFieldLimitError,
  TenantNameError,
  VectorInvalidError,
} from './errors.js';
export { matchesFilter } from './filter/matches-filter.js';
export { createKnowledgeBases } from './knowledge/create-knowledge-bases.js';
export type { KnowledgeBasesOptions } from './knowledge/create-knowledge-bases.js';
export type {
  DocumentInfo,
  DocumentWithText,
  HashedSource,
  IngestFailure,
  IngestOptions,
  IngestProgress,
  IngestReport,
  IngestSource,
  KnowledgeBase,
  KnowledgeBaseInfo,
  KnowledgeBases,
  KnowledgeBaseSet,
  KnowledgeBaseStats,
  Page,
} from './knowledge/knowledge-base.js';
export type { ContextOptions, KnowledgeContext } from './knowledge/search/assemble.js';
export type {
  ExplainedLeg,
  ExplainedPassage,
  ExplainedScore,
  ExplainedWord,
  SearchExplanation,
} from './knowledge/search/explanation.js';
export type { LegName, LegWeights } from './knowledge/search/rank-candidates.js';
export type {
  ErasedPlace,
  EraseSelection,
  ErasureReport,
  HealthFinding,
  HealthFindingKind,
  HealthReport,
  MigrationReport,
  ReindexReport,
  RepairReport,
  SnapshotReport,
  WorkOptions,
  WorkProgress,
} from './knowledge/lifecycle.js';
export { analyzeText } from './lexical/analyze-text.js';
export { createBm25Index } from './lexical/create-bm25-index.js';
export type { Bm25Index, Bm25Options, Bm25Scores } from './lexical/create-bm25-index.js';
export { createMarkdownLoader } from './loaders/markdown-loader.js';
export { createTextLoader } from './loaders/text-loader.js';
