// What a client needs of core, so that it depends on this package alone.
export {
  EspalierError,
  createSystemClock,
  createSystemRandom,
  truncateValue,
} from '@espalier/core';
export type {
  ApprovalDecision,
  ApprovalRequest,
  Citation,
  Clock,
  ErrorInfo,
  EspalierErrorOptions,
  Filter,
  JsonObject,
  JsonValue,
  Message,
  Passage,
  RailReport,
  Random,
  RunEvent,
  Usage,
  Verdict,
} from '@espalier/core';
export { agentObjectSchema } from './agent-object.js';
export type { AgentObject } from './agent-object.js';
export {
  UPLOAD_FIELD,
  documentInputSchema,
  documentObjectSchema,
  documentTextObjectSchema,
  ingestQuerySchema,
  ingestReportSchema,
  ingestRequestSchema,
} from './document-object.js';
export type {
  DocumentInput,
  DocumentObject,
  DocumentTextObject,
  IngestReportObject,
  IngestRequest,
} from './document-object.js';
export { healthObjectSchema } from './health-object.js';
export type { HealthObject } from './health-object.js';
export {
  ingestJobProgressSchema,
  jobObjectSchema,
  jobStatusSchema,
  listJobsFilterSchema,
} from './job-object.js';
export type { IngestJobProgress, JobObject, JobStatus, ListJobsFilter } from './job-object.js';
export {
  createKeyRequestSchema,
  createdKeyObjectSchema,
  keyObjectSchema,
  keyRoleSchema,
  tenantNameSchema,
} from './key-object.js';
export type { CreateKeyRequest, CreatedKeyObject, KeyObject, KeyRole } from './key-object.js';
export {
  eraseRequestSchema,
  erasureReportSchema,
  findChangedRequestSchema,
  findChangedResultSchema,
  healthReportSchema,
  migrateRequestSchema,
  snapshotRequestSchema,
} from './knowledge-base-lifecycle.js';
export type {
  EraseRequest,
  ErasureReportObject,
  FindChangedRequest,
  FindChangedResult,
  HealthReportObject,
  MigrateRequest,
  SnapshotRequest,
} from './knowledge-base-lifecycle.js';
export {
  createKnowledgeBaseRequestSchema,
  knowledgeBaseNameSchema,
  knowledgeBaseObjectSchema,
} from './knowledge-base-object.js';
export type { CreateKnowledgeBaseRequest, KnowledgeBaseObject } from './knowledge-base-object.js';
export { askGraphRequestSchema, graphAnswerSchema, graphObjectSchema } from './graph-object.js';
export type { AskGraphRequest, GraphAnswer, GraphObject } from './graph-object.js';
export { modelObjectSchema } from './model-object.js';
export type { ModelObject } from './model-object.js';
export { MAX_PAGE_LIMIT, pageQuerySchema, pageSchema } from './page.js';
export type { Page, PageQuery } from './page.js';
export { PROBLEM_MEDIA_TYPE, problemIssueSchema, problemSchema } from './problem.js';
export type { Problem, ProblemIssue } from './problem.js';
export { IDEMPOTENCY_KEY_HEADER, ROUTES, routePath } from './routes.js';
export type { PathParameters, Route, RouteName } from './routes.js';
export { listRunsFilterSchema, runObjectSchema, runStatusSchema } from './run-object.js';
export type { ListRunsFilter, RunObject, RunStatus } from './run-object.js';
export {
  approveRunRequestSchema,
  createRunRequestSchema,
  runSettingsSchema,
} from './run-request.js';
export type { ApproveRunRequest, CreateRunRequest, RunSettings } from './run-request.js';
export {
  EVENT_STREAM_MEDIA_TYPE,
  FINAL_EVENT_TYPES,
  LAST_EVENT_ID_HEADER,
  encodeRunStreamEvent,
  encodeSseFrame,
  isFinalRunEvent,
  runStreamEventSchema,
} from './run-stream.js';
export type { RunStreamEvent } from './run-stream.js';
export { searchRequestSchema, searchResultSchema } from './search.js';
export type { SearchRequest, SearchResult } from './search.js';
export { searchExplanationSchema } from './search-explanation.js';
export type { SearchExplanationObject } from './search-explanation.js';
export { timestampSchema } from './timestamp.js';
export { usageQuerySchema, usageRowSchema } from './usage-object.js';
export type { UsageQuery, UsageRow } from './usage-object.js';
export {
  cleanTrainingRequestSchema,
  createTrainingFileRequestSchema,
  createTrainingJobRequestSchema,
  listTrainingJobsFilterSchema,
  trainingCheckpointSchema,
  trainingCleanReportSchema,
  trainingEventObjectSchema,
  trainingFileObjectSchema,
  trainingJobObjectSchema,
  trainingJobStatusSchema,
} from './training-job-object.js';
export type {
  CleanTrainingRequest,
  TrainingCleanReport,
  CreateTrainingFileRequest,
  CreateTrainingJobRequest,
  ListTrainingJobsFilter,
  TrainingCheckpoint,
  TrainingEventObject,
  TrainingFileObject,
  TrainingJobObject,
  TrainingJobStatus,
  TrainingProgress,
} from './training-job-object.js';
export {
  collectModelGarbageRequestSchema,
  compareModelsQuerySchema,
  getModelVersionQuerySchema,
  listModelVersionsFilterSchema,
  modelDifferenceSchema,
  modelGarbageReportSchema,
  modelStageSchema,
  modelVersionObjectSchema,
  promoteModelRequestSchema,
  rollBackModelRequestSchema,
  setModelAliasRequestSchema,
} from './registry-object.js';
export type {
  CollectModelGarbageRequest,
  ListModelVersionsFilter,
  ModelDifference,
  ModelGarbageReport,
  ModelStage,
  ModelVersionObject,
  PromoteModelRequest,
  RollBackModelRequest,
  SetModelAliasRequest,
} from './registry-object.js';
