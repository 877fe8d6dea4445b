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
export {
  DocumentEmptyError,
  DocumentEncodingError,
  DocumentNameError,
  DocumentUnknownError,
  FilterInvalidError,
  IndexMismatchError,
  KnowledgeBaseExistsError,
  KnowledgeBaseNameError,
  KnowledgeBaseUnknownError,
  MediaTypeUnsupportedError,
  SourceFileError,
  StoreClosedError,
  StoreDriverMissingError,
  StoreError,
  StoreFieldLimitError,
  VectorInvalidError,
} from './errors.js';
export { matchesFilter } from './filter/matches-filter.js';
export { createKnowledgeBases } from './knowledge/create-knowledge-bases.js';
export type { KnowledgeBasesOptions } from './knowledge/create-knowledge-bases.js';
export type {
  DocumentInfo,
  DocumentWithText,
  IngestFailure,
  IngestOptions,
  IngestProgress,
  IngestReport,
  IngestSource,
  KnowledgeBase,
  KnowledgeBaseInfo,
  KnowledgeBases,
  KnowledgeBaseStats,
  Page,
} from './knowledge/knowledge-base.js';
export { analyzeText } from './lexical/analyze-text.js';
export { createBm25Index } from './lexical/create-bm25-index.js';
export type { Bm25Index, Bm25Options, Bm25Scores } from './lexical/create-bm25-index.js';
export { createMarkdownLoader } from './loaders/markdown-loader.js';
export { createTextLoader } from './loaders/text-loader.js';
