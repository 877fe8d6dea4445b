export type {
  CommunityContent,
  CommunityEvidence,
  CommunityReport,
  CommunitySummarizer,
  ModelSummarizerOptions,
  ReportFinding,
} from './community-report.js';
export { createExtractiveSummarizer } from './create-extractive-summarizer.js';
export { createGraphRetriever } from './create-graph-retriever.js';
export { createKnowledgeGraph } from './create-knowledge-graph.js';
export type { KnowledgeGraphOptions } from './create-knowledge-graph.js';
export { createModelExtractor } from './create-model-extractor.js';
export type { ModelExtractorOptions } from './create-model-extractor.js';
export { createModelSummarizer } from './create-model-summarizer.js';
export { createSqlGraphStore } from './create-sql-graph-store.js';
export { createStatisticalExtractor } from './create-statistical-extractor.js';
export type { StatisticalExtractorOptions } from './create-statistical-extractor.js';
export { entityKey } from './entity-key.js';
export { findCommunities } from './find-communities.js';
export type { FindCommunitiesOptions, GraphCommunity } from './find-communities.js';
export type {
  GraphDocument,
  GraphExtraction,
  GraphExtractor,
  GraphMention,
  GraphRelationMention,
} from './graph-document.js';
export type { EntityGraph, GraphEntity, GraphPlace, GraphRelation } from './graph-entity.js';
export type { GraphChange, GraphState, GraphStore, StoredReport } from './graph-state.js';
export type { GlobalFindings, GlobalPoint, ReportedCommunity } from './internal/search-global.js';
export type { LocalFindings } from './internal/search-local.js';
export type {
  GlobalAnswer,
  GraphReader,
  GraphUpdate,
  KnowledgeGraph,
  LocalAnswer,
} from './knowledge-graph.js';
