export { createEspalierClient } from './client.js';
export type { EspalierClient } from './client.js';
export type {
  CallOptions,
  EspalierClientOptions,
  RetryOptions,
  StreamOptions,
  WriteOptions,
} from './client-options.js';
export {
  ApiError,
  AuthenticationError,
  ClientOptionsError,
  ConflictError,
  EspalierClientError,
  InvalidResponseError,
  JobNotSucceededError,
  NetworkError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  RequestInvalidError,
  RequestTimeoutError,
  RunNotFinishedError,
  ServerError,
  StreamInterruptedError,
  TooLargeError,
  UnsupportedFormatError,
} from './errors.js';
export type { UploadProgress } from './internal/upload-progress.js';
export type { ListOptions, Paginator } from './paginator.js';
export type { Agents } from './resources/agents.js';
export type {
  DocumentReference,
  Documents,
  IngestOptions,
  UploadFile,
  UploadOptions,
} from './resources/documents.js';
export type { Jobs, WaitForJobOptions } from './resources/jobs.js';
export type { Keys } from './resources/keys.js';
export type { AskGraphOptions, Graphs } from './resources/graphs.js';
export type { KnowledgeBases } from './resources/knowledge-bases.js';
export type { Models } from './resources/models.js';
export type { Registry } from './resources/registry.js';
export type {
  ApproveRunOptions,
  Runs,
  StartRunOptions,
  StreamRunOptions,
} from './resources/runs.js';
export type { Search, SearchOptions } from './resources/search.js';
export type { Training, TrainingStreamEntry } from './resources/training.js';
export type { ListUsageOptions, UsageReports } from './resources/usage.js';
export type { RunFinishedEvent, RunStream } from './run-stream.js';
