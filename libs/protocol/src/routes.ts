/** A route of the native wire. `{name}` stands for a percent-encoded value. */
export interface Route<Path extends string = string> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: Path;
}

function route<Path extends string>(method: Route['method'], path: Path): Route<Path> {
  return { method, path };
}

/** Every route of the native wire; server and clients read it from here. */
export const ROUTES = {
  listAgents: route('GET', '/api/v1/agents'),
  listModels: route('GET', '/api/v1/models'),
  createRun: route('POST', '/api/v1/agents/{name}/runs'),
  listRuns: route('GET', '/api/v1/runs'),
  getRun: route('GET', '/api/v1/runs/{id}'),
  streamRun: route('GET', '/api/v1/runs/{id}/stream'),
  cancelRun: route('POST', '/api/v1/runs/{id}/cancel'),
  approveRun: route('POST', '/api/v1/runs/{id}/approve'),
  listKnowledgeBases: route('GET', '/api/v1/knowledge-bases'),
  createKnowledgeBase: route('POST', '/api/v1/knowledge-bases'),
  getKnowledgeBase: route('GET', '/api/v1/knowledge-bases/{name}'),
  deleteKnowledgeBase: route('DELETE', '/api/v1/knowledge-bases/{name}'),
  ingestDocuments: route('POST', '/api/v1/knowledge-bases/{name}/documents'),
  listDocuments: route('GET', '/api/v1/knowledge-bases/{name}/documents'),
  getDocument: route('GET', '/api/v1/knowledge-bases/{name}/documents/{id}'),
  deleteDocument: route('DELETE', '/api/v1/knowledge-bases/{name}/documents/{id}'),
  findChangedDocuments: route('POST', '/api/v1/knowledge-bases/{name}/find-changed'),
  eraseDocuments: route('POST', '/api/v1/knowledge-bases/{name}/erase'),
  checkKnowledgeBase: route('GET', '/api/v1/knowledge-bases/{name}/health'),
  repairKnowledgeBase: route('POST', '/api/v1/knowledge-bases/{name}/repair'),
  reindexKnowledgeBase: route('POST', '/api/v1/knowledge-bases/{name}/reindex'),
  migrateKnowledgeBase: route('POST', '/api/v1/knowledge-bases/{name}/migrate'),
  snapshotKnowledgeBase: route('POST', '/api/v1/knowledge-bases/{name}/snapshot'),
  restoreKnowledgeBase: route('POST', '/api/v1/knowledge-bases/{name}/restore'),
  getGraph: route('GET', '/api/v1/knowledge-bases/{name}/graph'),
  buildGraph: route('POST', '/api/v1/knowledge-bases/{name}/graph'),
  deleteGraph: route('DELETE', '/api/v1/knowledge-bases/{name}/graph'),
  askGraph: route('POST', '/api/v1/knowledge-bases/{name}/graph/ask'),
  search: route('POST', '/api/v1/knowledge-bases/{name}/search'),
  listKeys: route('GET', '/api/v1/keys'),
  createKey: route('POST', '/api/v1/keys'),
  revokeKey: route('DELETE', '/api/v1/keys/{id}'),
  listUsage: route('GET', '/api/v1/usage'),
  listJobs: route('GET', '/api/v1/jobs'),
  getJob: route('GET', '/api/v1/jobs/{id}'),
  cancelJob: route('POST', '/api/v1/jobs/{id}/cancel'),
  createTrainingFile: route('POST', '/api/v1/training/files'),
  createTrainingJob: route('POST', '/api/v1/training/jobs'),
  listTrainingJobs: route('GET', '/api/v1/training/jobs'),
  getTrainingJob: route('GET', '/api/v1/training/jobs/{id}'),
  pauseTrainingJob: route('POST', '/api/v1/training/jobs/{id}/pause'),
  resumeTrainingJob: route('POST', '/api/v1/training/jobs/{id}/resume'),
  cancelTrainingJob: route('POST', '/api/v1/training/jobs/{id}/cancel'),
  listTrainingMetrics: route('GET', '/api/v1/training/jobs/{id}/metrics'),
  listTrainingCheckpoints: route('GET', '/api/v1/training/jobs/{id}/checkpoints'),
  streamTrainingJob: route('GET', '/api/v1/training/jobs/{id}/stream'),
  listModelVersions: route('GET', '/api/v1/registry/versions'),
  getModelVersion: route('GET', '/api/v1/registry/versions/{reference}'),
  promoteModelVersion: route('POST', '/api/v1/registry/versions/{reference}/promote'),
  setModelAlias: route('POST', '/api/v1/registry/models/{name}/aliases'),
  rollBackModel: route('POST', '/api/v1/registry/models/{name}/rollback'),
  compareModels: route('GET', '/api/v1/registry/diff'),
  collectModelGarbage: route('POST', '/api/v1/registry/gc'),
  cleanTrainingFolders: route('POST', '/api/v1/training/clean'),
  health: route('GET', '/healthz'),
  readiness: route('GET', '/readyz'),
  metrics: route('GET', '/metrics'),
  openapi: route('GET', '/openapi.json'),
} as const;

/** The name of a route. */
export type RouteName = keyof typeof ROUTES;

/** The parameters that a path needs. */
export type PathParameters<Path extends string> =
  Path extends `${string}{${infer Name}}${infer Rest}`
    ? Record<Name, string> & PathParameters<Rest>
    : unknown;

/** The header under which a client makes a `POST` safe to repeat for 24 hours. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

/** Returns a route's path with its parameters percent-encoded, slashes included. */
export function routePath<Name extends RouteName>(
  name: Name,
  ...[parameters]: unknown extends PathParameters<(typeof ROUTES)[Name]['path']>
    ? []
    : [parameters: PathParameters<(typeof ROUTES)[Name]['path']>]
): string {
  const values = (parameters ?? {}) as Readonly<Record<string, string>>;
  return ROUTES[name].path.replace(/\{(\w+)\}/gu, (_, key: string) =>
    encodeURIComponent((values[key] ?? '').toWellFormed()),
  );
}
