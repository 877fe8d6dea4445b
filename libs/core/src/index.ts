export type { Agent, AgentCallSettings, ResumeRunOptions, StartRunOptions } from './agent/agent.js';
export { approvalRequestSchema, errorInfoSchema, runEventSchema } from './agent/run-event.js';
export type { ApprovalRequest, ErrorInfo, RunEvent } from './agent/run-event.js';
export { approvalDecisionSchema, runStateSchema } from './agent/run-state.js';
export type { ApprovalDecision, RunState } from './agent/run-state.js';
export { parseConfig } from './config/parse-config.js';
export { byteSizeSchema, durationSchema } from './config/units.js';
export type {
  EmbeddingModel,
  EmbeddingModelLimits,
  EmbedOptions,
  EmbedResult,
} from './embedding/embedding-model.js';
export type { TokenEncoder, TokenStates } from './embedding/token-encoder.js';
export { isAbortError, throwIfAborted } from './errors/abort.js';
export {
  ConfigError,
  HostDisposedError,
  InvalidArgumentError,
  PluginError,
  ProviderCycleError,
  ProviderDuplicateError,
  ProviderMissingError,
  ToolInputError,
  ToolOutputError,
  ToolTimeoutError,
} from './errors/core-errors.js';
export type { ConfigIssue } from './errors/core-errors.js';
export { EspalierError } from './errors/espalier-error.js';
export type { EspalierErrorOptions } from './errors/espalier-error.js';
export { truncateValue } from './errors/truncate-value.js';
export type {
  GuardCheckOptions,
  GuardCheckResult,
  GuardRelease,
  Guardrails,
  GuardStream,
  ToolCallDecision,
  ToolCallJudgement,
} from './guard/guardrails.js';
export { concealMessages } from './guard/conceal-messages.js';
export { guardTurns } from './guard/guard-turns.js';
export { observeGuardrails } from './guard/observe-guardrails.js';
export type {
  ConversationRail,
  GuardTurn,
  Rail,
  RailCheckOptions,
  RailCheckResult,
  TextRestorer,
} from './guard/rail.js';
export {
  findingSchema,
  railPointSchema,
  railReportSchema,
  verdictSchema,
} from './guard/verdict.js';
export type { Finding, RailPoint, RailReport, Verdict } from './guard/verdict.js';
export { jobSchema, jobStatusSchema } from './jobs/job-queue.js';
export type {
  EnqueueOptions,
  Job,
  JobContext,
  JobPage,
  JobQueue,
  JobStatus,
  StopWorking,
  WorkOptions,
} from './jobs/job-queue.js';
export { jsonObjectSchema, jsonValueSchema } from './json/json-value.js';
export type { JsonObject, JsonValue } from './json/json-value.js';
export { citationSchema } from './messages/citation.js';
export type { Citation } from './messages/citation.js';
export { messageText, userMessage } from './messages/message-text.js';
export {
  assistantMessageSchema,
  messageSchema,
  systemMessageSchema,
  toolMessageSchema,
  userMessageSchema,
} from './messages/message.js';
export type {
  AssistantMessage,
  Message,
  SystemMessage,
  ToolMessage,
  UserMessage,
} from './messages/message.js';
export {
  assistantPartSchema,
  citationPartSchema,
  dataSourceSchema,
  filePartSchema,
  imagePartSchema,
  passagePartSchema,
  providerMetadataSchema,
  reasoningPartSchema,
  textPartSchema,
  toolCallPartSchema,
  toolResultPartSchema,
  userPartSchema,
} from './messages/part.js';
export type {
  AssistantPart,
  CitationPart,
  DataSource,
  FilePart,
  ImagePart,
  PassagePart,
  ProviderMetadata,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from './messages/part.js';
export { passageSchema } from './messages/passage.js';
export type { Passage } from './messages/passage.js';
export { renderPassages } from './messages/render-passages.js';
export { lineRangeSchema, spanSchema } from './messages/span.js';
export type { LineRange, Span } from './messages/span.js';
export { createStreamCollector } from './model/collect-stream.js';
export type { CollectedAnswer, StreamCollector } from './model/collect-stream.js';
export { finishReasonSchema } from './model/finish-reason.js';
export type { FinishReason } from './model/finish-reason.js';
export type {
  LanguageModel,
  LanguageModelCallOptions,
  LanguageModelLimits,
  LanguageModelResult,
  LanguageModelStreamResult,
  ModelExchange,
  ResponseFormat,
  ToolChoice,
  ToolDefinition,
} from './model/language-model.js';
export type { TokenLogProbability } from './model/log-probability.js';
export type { ModelStreamPart } from './model/stream-part.js';
export { addUsage, usageSchema } from './model/usage.js';
export type { Usage } from './model/usage.js';
export { warningSchema } from './model/warning.js';
export type { Warning } from './model/warning.js';
export { createPluginHost } from './plugin/plugin-host.js';
export type {
  PluginHost,
  PluginSetupHost,
  ProviderContext,
  ProviderFactory,
} from './plugin/plugin-host.js';
export { definePlugin } from './plugin/plugin.js';
export type { Dispose, Plugin, PluginDefinition } from './plugin/plugin.js';
export type { ProviderKind, ProviderKinds } from './plugin/provider-kinds.js';
export type {
  Chunk,
  Chunker,
  Document,
  DocumentHeading,
  DocumentLoader,
  LoadOptions,
  ModelChunker,
  ModelChunkResult,
} from './retrieval/document.js';
export { filterSchema } from './retrieval/filter.js';
export type { Filter, FilterScalar } from './retrieval/filter.js';
export { matchesFilter } from './retrieval/matches-filter.js';
export type { Reranker, RerankOptions, RerankResult } from './retrieval/reranker.js';
export type { RetrieveOptions, RetrieveResult, Retriever } from './retrieval/retriever.js';
export type {
  VectorIndex,
  VectorIndexDescription,
  VectorIndexHealth,
  VectorIndexProgress,
  VectorMatch,
  VectorRecord,
  VectorSelection,
  VectorStore,
  VectorStoreLimits,
} from './retrieval/vector-store.js';
export { createSystemClock } from './seams/clock.js';
export type { Clock } from './seams/clock.js';
export { createIdGenerator } from './seams/ids.js';
export type { IdGenerator } from './seams/ids.js';
export { createSilentLogger } from './seams/logger.js';
export type { LogFields, Logger } from './seams/logger.js';
export { createSeededRandom, createSystemRandom } from './seams/random.js';
export type { Random } from './seams/random.js';
export { GEN_AI } from './telemetry/gen-ai-conventions.js';
export { createTelemetry } from './telemetry/telemetry.js';
export type { Telemetry } from './telemetry/telemetry.js';
export type {
  TensorBackend,
  TensorPrecision,
  TensorProgram,
  TensorState,
} from './tensor/tensor-backend.js';
export type {
  NamedValue,
  TensorData,
  TensorDType,
  TensorGraph,
  TensorNode,
  TensorType,
  TensorValues,
} from './tensor/tensor-graph.js';
export type {
  BinaryKind,
  QuantisedFormat,
  TensorOperation,
  UnaryKind,
} from './tensor/tensor-operation.js';
export { defineTool } from './tool/tool.js';
export type { Tool, ToolContext, ToolOptions } from './tool/tool.js';
