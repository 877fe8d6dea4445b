/** An API key; its secret is stored as a hash only. */
export interface ApiKeyTable {
  id: string;
  name: string;
  role: 'admin' | 'user';
  /** SHA-256 of the secret, hexadecimal. */
  hash: string;
  prefix: string;
  created_at_ms: number;
  expires_at_ms: number | null;
  revoked_at_ms: number | null;
  /** Whose knowledge bases it sees; `null`: those without a tenant. */
  tenant: string | null;
  /** JSON list: whose documents it sees; `null`: all. */
  principals: string | null;
}

/** A run; `document` is its {@link import('@espalier/protocol').RunObject} as JSON. */
export interface RunTable {
  id: string;
  key_id: string;
  agent: string;
  status: string;
  created_at_ms: number;
  document: string;
  /** When it ended; `null` while it has not. */
  finished_at_ms: number | null;
  /** What a resume needs, as JSON; only while the run is paused. */
  resume: string | null;
  /** The process that began it; `null`: a version before this was kept. */
  owner: string | null;
  /** Until when a run that is running is that process's, unless it renews it. */
  lease_until_ms: number | null;
}

/** One event of a run. */
export interface RunEventTable {
  run_id: string;
  id: number;
  event: string;
}

/** An answer kept for repeats of its request. */
export interface IdempotencyTable {
  key_id: string;
  route: string;
  idempotency_key: string;
  body_hash: string;
  created_at_ms: number;
  /** `null` while the request runs. */
  status: number | null;
  answer: string | null;
  /** The process that runs the request. */
  owner: string | null;
  /** Until when the claim is that process's, unless it renews it. */
  lease_until_ms: number | null;
}

/** What one key used of one model on one day. */
export interface UsageTable {
  day: string;
  key_id: string;
  model_id: string;
  requests: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number;
}

/** A training job; `document` is what is not searched by, as JSON. */
export interface TrainingJobTable {
  id: string;
  key_id: string;
  status: string;
  /** `paused` or `cancelled` while a running job is asked to become so. */
  wanted: string | null;
  /** The job of the queue that runs it. */
  queue_id: string | null;
  created_at_ms: number;
  document: string;
}

/** One event of a training job. */
export interface TrainingEventTable {
  job_id: string;
  id: number;
  type: string;
  step: number | null;
  at_ms: number;
  event: string;
}

/** An uploaded file; its content stands in the data folder. */
export interface FileTable {
  id: string;
  key_id: string;
  name: string;
  purpose: string;
  bytes: number;
  created_at_ms: number;
}

/** The server's tables. */
export interface ServerTables {
  training_jobs: TrainingJobTable;
  training_events: TrainingEventTable;
  files: FileTable;
  api_keys: ApiKeyTable;
  runs: RunTable;
  run_events: RunEventTable;
  idempotency: IdempotencyTable;
  usage: UsageTable;
}
