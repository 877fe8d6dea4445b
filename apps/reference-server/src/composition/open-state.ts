import type { Clock, IdGenerator, Logger } from '@espalier/core';
import type { Database } from '@espalier/database';
import type { ServerConfig } from '../config/config-schema.js';
import { countUsage } from '../metrics/count-usage.js';
import type { Metrics } from '../metrics/metrics.js';
import { createRunHub, type RunHub } from '../runs/run-hub.js';
import { createRunStore, type RunStore } from '../runs/run-store.js';
import { LEASE_MS } from '../state/create-lease-holder.js';
import { createIdempotencyStore, type IdempotencyStore } from '../state/idempotency-store.js';
import { createKeyStore, type KeyStore } from '../state/key-store.js';
import { createRunMemorySeal } from '../state/run-memory-seal.js';
import type { ServerTables } from '../state/server-tables.js';
import { createUsageStore, type UsageStore } from '../state/usage-store.js';
import type { Closers } from './closers.js';
import { createPromptLog, type PromptLog } from './create-prompt-log.js';

/** What the server keeps in its database, except jobs. */
export interface ServerState {
  readonly keys: KeyStore;
  readonly idempotency: IdempotencyStore;
  readonly usage: UsageStore;
  readonly runStore: RunStore;
  readonly runs: RunHub;
  /** Present where prompts are to be logged. */
  readonly promptLog: PromptLog | undefined;
}

/** Opens the stores of the database; runs that a crash cut off are told to be so. */
export async function openState(options: {
  config: ServerConfig;
  database: Database<ServerTables>;
  /** Holds the key of what guardrails remember, where the configuration names none. */
  memoryKeyFile: string;
  metrics: Metrics;
  closers: Closers;
  clock: Clock;
  ids: IdGenerator;
  logger: Logger;
}): Promise<ServerState> {
  const { config, database, memoryKeyFile, metrics, closers, clock, ids, logger } = options;
  const keys = await createKeyStore({ database, clock, ids });
  const idempotency = await createIdempotencyStore({ database, clock, logger });
  const usage = countUsage(createUsageStore({ database, clock, logger }), metrics);
  const promptLog = config.logs.prompts ? createPromptLog(logger) : undefined;
  const runStore = createRunStore({
    database,
    clock,
    logger,
    seal: createRunMemorySeal({ secret: config.guardrails.memorySecret, keyFile: memoryKeyFile }),
  });
  const runs = createRunHub({
    store: runStore,
    usage,
    clock,
    ids,
    logger,
    observer: {
      onEvent: ({ id }, event) => promptLog?.event(id, event),
      onEnd: ({ agent, status }) => {
        metrics.increment('espalier_runs_total', { agent, outcome: status });
      },
    },
  });
  closers.add(
    () => idempotency.close(),
    () => runStore.close(),
    () => usage.flush(),
  );
  await runs.recover();
  // What a process elsewhere ran is nobody's only once its leases are over.
  const stopTimer = clock.setTimer(LEASE_MS, () => {
    runs.recover().catch((error: unknown) => {
      logger.error('Interrupted runs could not be ended.', { error: String(error) });
    });
  });
  closers.add(async () => stopTimer());
  return { keys, idempotency, usage, runStore, runs, promptLog };
}
