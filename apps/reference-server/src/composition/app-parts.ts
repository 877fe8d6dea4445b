import type { Clock, Guardrails, IdGenerator, JobQueue, Logger } from '@espalier/core';
import type { RequestLimits } from '../http/request-body.js';
import type { Metrics } from '../metrics/metrics.js';
import type { KnowledgeService } from '../knowledge/knowledge-service.js';
import type { UploadSpool } from '../knowledge/upload-spool.js';
import type { RunHub } from '../runs/run-hub.js';
import type { RunStore } from '../runs/run-store.js';
import type { ModelRegistry } from '@espalier/mlops';
import type { FileStore } from '../training/file-store.js';
import type { LocalModels } from '../training/local-models.js';
import type { TrainingService } from '../training/training-service.js';
import type { IdempotencyStore } from '../state/idempotency-store.js';
import type { KeyStore } from '../state/key-store.js';
import type { UsageStore } from '../state/usage-store.js';
import type { Catalogue } from './catalogue.js';
import type { GuardedCaller } from './create-rails.js';
import type { Lifecycle } from './lifecycle.js';

/** Everything that routes work with. */
export interface AppParts {
  readonly version: string;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  readonly limits: RequestLimits;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  readonly keys: KeyStore;
  readonly idempotency: IdempotencyStore;
  readonly usage: UsageStore;
  readonly runs: RunHub;
  readonly runStore: RunStore;
  readonly jobs: JobQueue;
  readonly knowledge: KnowledgeService;
  readonly uploads: UploadSpool;
  readonly catalogue: Catalogue;
  readonly registry: ModelRegistry;
  readonly training: TrainingService;
  readonly files: FileStore;
  readonly localModels: LocalModels;
  /** What guards a caller's runs; `undefined` where the agents' own guardrails hold. */
  readonly guardrailsOf: (caller: GuardedCaller) => Guardrails | undefined;
}
