export { chunkDocument } from './chunking/chunk-document.js';
export { createCodeChunker } from './chunking/create-code-chunker.js';
export type { CodeChunkerOptions } from './chunking/create-code-chunker.js';
export { createContextualChunker } from './chunking/create-contextual-chunker.js';
export type { ContextualChunkerOptions } from './chunking/create-contextual-chunker.js';
export { createHtmlChunker } from './chunking/create-html-chunker.js';
export type { HtmlChunkerOptions } from './chunking/create-html-chunker.js';
export { createLateChunker } from './chunking/create-late-chunker.js';
export type { LateChunkerOptions } from './chunking/create-late-chunker.js';
export { createMarkdownChunker } from './chunking/create-markdown-chunker.js';
export type { MarkdownChunkerOptions } from './chunking/create-markdown-chunker.js';
export { createMediaTypeChunker } from './chunking/create-media-type-chunker.js';
export { createModelContextualChunker } from './chunking/create-model-contextual-chunker.js';
export type { ModelContextualChunkerOptions } from './chunking/create-model-contextual-chunker.js';
export { createParentChildChunker } from './chunking/create-parent-child-chunker.js';
export type { ParentChildChunkerOptions } from './chunking/create-parent-child-chunker.js';
export { createPropositionChunker } from './chunking/create-proposition-chunker.js';
export type { PropositionChunkerOptions } from './chunking/create-proposition-chunker.js';
export { createRecursiveChunker } from './chunking/create-recursive-chunker.js';
export type { RecursiveChunkerOptions } from './chunking/create-recursive-chunker.js';
export { createSemanticChunker } from './chunking/create-semantic-chunker.js';
export type { SemanticChunkerOptions } from './chunking/create-semantic-chunker.js';
export { createSentenceWindowChunker } from './chunking/create-sentence-window-chunker.js';
export type { SentenceWindowChunkerOptions } from './chunking/create-sentence-window-chunker.js';
export type { TokenLimit } from './chunking/token-limit.js';
export { CODE_ENDINGS, codeLanguageOf } from './code/code-language.js';
export type { CodeLanguage } from './code/code-language.js';
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
export { selectEvidence } from './context/select-evidence.js';
export type {
  EvidenceChunk,
  EvidencePassage,
  SelectEvidenceOptions,
} from './context/select-evidence.js';
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
  CodeParserMissingError,
  DocumentEmptyError,
  DocumentEncodingError,
  DocumentFormatError,
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
export { matchesFilter } from '@espalier/core';
export {
  FilterFieldUndeclaredError,
  MigrationIncompleteError,
  NamespaceNameError,
  IndexSnapshotInvalidError,
} from './stores/errors.js';
export { migrateStore } from './stores/migrate-store.js';
export type {
  MigrateStoreOptions,
  MigrationProgress,
  StoreMigrationReport,
} from './stores/migrate-store.js';
export type { BaseRanking } from './knowledge/base-ranking.js';
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
  ListedKnowledgeBase,
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
export type { LegName, LegWeights, ScoredLeg } from './knowledge/search/rank-candidates.js';
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
export { createCodeLoader } from './loaders/code-loader.js';
export { createHtmlLoader } from './loaders/html-loader.js';
export type { HtmlLoaderOptions } from './loaders/html-loader.js';
export type { Bm25Index, Bm25Options, Bm25Results, Bm25Scores } from './lexical/bm25-index.js';
export { createMarkdownLoader } from './loaders/markdown-loader.js';
export { createRecordsLoader } from './loaders/records-loader.js';
export { createTextLoader } from './loaders/text-loader.js';
export type { TextLoaderOptions } from './loaders/text-loader.js';
