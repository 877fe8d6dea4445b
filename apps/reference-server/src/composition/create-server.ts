import { getRequestListener } from '@hono/node-server';
import {
  createIdGenerator,
  createPluginHost,
  createSystemClock,
  createSystemRandom,
  type Clock,
  type EmbeddingModel,
  type JobQueue,
  type Logger,
  type Telemetry,
  type VectorStore,
} from '@espalier/core';
import { createSqliteJobQueue, openDatabase } from '@espalier/database';
import { wireTargetOf } from '@espalier/inference';
import type { IngestReportObject } from '@espalier/protocol';
import type { ServerConfig } from '../config/config-schema.js';
import { createHttpListener } from '../http/http-listener.js';
import { countJobs } from '../metrics/count-jobs.js';
import { countUsage } from '../metrics/count-usage.js';
import { createMetrics } from '../metrics/metrics.js';
import { createIngestBoard, type IngestState } from '../knowledge/ingest-board.js';
import { createIngestJobs, reportOf } from '../knowledge/ingest-jobs.js';
import { createEraser } from '../knowledge/create-eraser.js';
import { createLifecycleJobs } from '../knowledge/lifecycle-jobs.js';
import { createKnowledgeService } from '../knowledge/knowledge-service.js';
import { loadEmbeddingModel } from '../knowledge/load-embedding-model.js';
import { openVectorStore } from '../knowledge/open-vector-store.js';
import { createUploadSpool } from '../knowledge/upload-spool.js';
import { findConsole } from '../reference/console-files.js';
import { createRunHub } from '../runs/run-hub.js';
import { createRunStore } from '../runs/run-store.js';
import { ingestSample } from '../sample/ingest-sample.js';
import { createSampleDocuments, type SampleDocuments } from '../sample/sample-documents.js';
import { createSecret } from '../state/hash-secret.js';
import { createIdempotencyStore } from '../state/idempotency-store.js';
import { createKeyStore } from '../state/key-store.js';
import { serverMigrations } from '../state/migrations.js';
import type { ServerTables } from '../state/server-tables.js';
import { createUsageStore } from '../state/usage-store.js';
import { createUpkeep } from '../upkeep/create-upkeep.js';
import { isServerLogger } from './create-logger.js';
import { createWires } from '../wires/create-wires.js';
import { DEFAULT_WIRE_LIMITS } from '../wires/wires-context.js';
import { createApp } from './create-app.js';
import { createCatalogue, SAMPLE_KNOWLEDGE_BASE } from './create-catalogue.js';
import { createModels } from './create-models.js';
import type { AppParts } from './app-parts.js';
import { createEscalationWebhook } from './create-escalation-webhook.js';
import { createRails } from './create-rails.js';
import { createPromptLog } from './create-prompt-log.js';
import { createLifecycle } from './lifecycle.js';
import { listen } from './listen.js';
import { openDataFolder } from './open-data-folder.js';
import { stopServing } from './stop-server.js';

/** What `createServer` takes. */
export interface CreateServerOptions {
  readonly config: ServerConfig;
  /** Where all data lives. */
  readonly dataFolder: string;
  readonly version: string;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly telemetry?: Telemetry | undefined;
  /** In place of what the configuration names, e.g. in tests. */
  readonly overrides?: {
    readonly loadEmbeddingModel?: () => Promise<EmbeddingModel>;
    readonly openStore?: () => Promise<VectorStore | undefined>;
    readonly sample?: SampleDocuments;
    readonly consoleFolder?: string;
  };
}

const UPKEEP_EVERY_MS = 60 * 60 * 1000;

/** How the ingest of the sample ended. */
export type SampleIngest = { readonly knowledgeBase: string } & (
  { readonly report: IngestReportObject } | { readonly problem: string }
);

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** The secret of the key made on the first start; `undefined` on later ones. */
  readonly adminKey: string | undefined;
  /** A secret that is valid for the life of this process and stored nowhere by it. */
  readonly localKey: string;
  readonly hasConsole: boolean;
  /**
   * Follows the ingest of the sample documents to its end.
   *
   * Resolves to `undefined` where there was nothing new, or where the server stopped first.
   */
  followSample(onProgress: (state: IngestState) => void): Promise<SampleIngest | undefined>;
  /** Lets what runs end, then closes everything. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Composes every library into a server and listens.
 *
 * @throws {StartError} `ERR_SERVER_DATA_FOLDER`, `ERR_SERVER_PORT_IN_USE`, `ERR_SERVER_LISTEN`
 */
export async function createServer(options: CreateServerOptions): Promise<RunningServer> {
  const { config, logger, version, telemetry, overrides = {} } = options;
  const clock = options.clock ?? createSystemClock();
  const random = createSystemRandom();
  const ids = createIdGenerator({ clock, random });
  const folder = await openDataFolder(options.dataFolder);
  const database = await openDatabase<ServerTables>({
    url: config.database?.url ?? `sqlite:${folder.databaseFile}`,
    namespace: 'server',
    migrations: serverMigrations,
    logger,
    clock,
  });
  const closers: (() => Promise<unknown>)[] = [() => database.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.reverse()) {
      await close().catch((error: unknown) => {
        logger.error('A part failed to close.', { error: String(error) });
      });
    }
  };

  try {
    const host = createPluginHost({ logger });
    closers.push(() => host.dispose());
    for (const plugin of config.plugins) await host.use(plugin);

    const lifecycle = createLifecycle();
    lifecycle.checks.set('database', () => database.ping());
    const metrics = createMetrics();
    const keys = await createKeyStore({ database, clock, ids });
    const idempotency = await createIdempotencyStore({ database, clock });
    const usage = countUsage(createUsageStore({ database, clock, logger }), metrics);
    const promptLog = config.logs.prompts ? createPromptLog(logger) : undefined;
    const runStore = createRunStore({ database, logger });
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
    closers.push(
      () => runStore.flush(),
      () => usage.flush(),
    );
    await runs.recover();

    const board = createIngestBoard();
    const knowledge = createKnowledgeService({
      folder: folder.knowledge,
      loadEmbeddingModel:
        overrides.loadEmbeddingModel ??
        (() => loadEmbeddingModel({ choice: config.embedding.model, logger })),
      openStore:
        overrides.openStore ??
        (() => openVectorStore({ choice: config.store, folder: folder.knowledge, logger })),
      embedding:
        config.embedding.model === 'static-256'
          ? { modelId: 'static-256', dimension: 256 }
          : { modelId: 'minilm-l6', dimension: 384 },
      board,
      logger,
    });
    closers.push(() => knowledge.close());

    const upkeep = createUpkeep({
      tasks: {
        'deleted documents': () => knowledge.purge(),
        'run events': () =>
          runStore.pruneEvents({ beforeMs: clock.now() - config.retention.runEvents }),
        'idempotency keys': () => idempotency.prune(),
      },
      everyMs: UPKEEP_EVERY_MS,
      clock,
      logger,
    });
    closers.push(() => upkeep.stop());

    const jobs = countJobs(
      await createJobs(config.database?.url, () =>
        createSqliteJobQueue({ database, clock, ids, random, logger }),
      ),
      metrics,
    );
    const uploads = createUploadSpool({ folder: folder.uploads, ids, now: () => clock.now() });
    const sample = overrides.sample ?? createSampleDocuments();
    const ingestJobs = createIngestJobs({
      jobs,
      uploads,
      knowledge,
      builtIn: sample,
      board,
      clock,
      logger,
    });

    const lifecycleJobs = createLifecycleJobs({
      jobs,
      knowledge,
      folder: folder.snapshots,
      clock,
    });
    const eraser = createEraser({ knowledge, ingestJobs, runStore, database });

    const { escalation } = config.guardrails;
    const webhook = escalation && createEscalationWebhook({ ...escalation, clock, ids, logger });
    if (webhook !== undefined) closers.push(() => webhook.close());
    const rails = await createRails({
      webhook,
      config,
      host,
      embeddingModel: knowledge.embeddingModel,
      metrics,
      clock,
      logger,
    });
    const models = await createModels({ config, host, embeddingModel: knowledge.embeddingModel });
    const catalogue = await createCatalogue({
      config,
      models,
      host,
      knowledge,
      guardrails: rails.usual,
      clock,
      ids,
      logger,
      startedAtMs: clock.now(),
    });

    const limits = {
      bodyBytes: config.limits.body,
      bodyIdleMs: config.limits.bodyIdleTimeout,
      jsonDepth: config.limits.jsonDepth,
    };
    const wires = createWires({
      models: catalogue.directory,
      authenticate: async (secret) => {
        const check = await keys.check(secret);
        if (!check.ok) return check;
        const { keyId, scope } = check.principal;
        return { ok: true, caller: { keyId, ...scope } };
      },
      guardrails: rails.usual,
      guardrailsFor: ({ caller: { keyId, tenant }, path }) => rails.of({ keyId, tenant, path }),
      limits: { ...DEFAULT_WIRE_LIMITS, ...limits },
      logger,
      clock,
      ids,
      wireTargetOf,
      ...(isServerLogger(logger) && {
        logRequest: (message, summary) => {
          logger.record(message, { ...summary });
        },
      }),
      recordUsage: ({ caller, modelId, usage: used }) => {
        usage.record({ keyId: caller.keyId, modelId, usage: used });
      },
      onRunEvent: (event, { runId, agent, caller, settings }) => {
        const { knowledgeBase = null } =
          catalogue.agents().find(({ name }) => name === agent) ?? {};
        return runs.observe(event, { runId, agent, keyId: caller.keyId, knowledgeBase, settings });
      },
      ...(promptLog !== undefined && {
        onModelRequest: (request) => {
          promptLog.body({ ...request });
        },
      }),
      isDraining: () => lifecycle.state === 'stopping',
      ...(telemetry !== undefined && { telemetry }),
    });
    closers.push(() => wires.close());

    const consoleFolder = overrides.consoleFolder ?? (await findConsole());
    const parts: AppParts = {
      version,
      clock,
      ids,
      logger,
      limits,
      lifecycle,
      metrics,
      keys,
      idempotency,
      usage,
      runs,
      runStore,
      jobs,
      knowledge,
      uploads,
      catalogue,
      guardrailsOf: (caller) => rails.of(caller),
    };
    metrics.gauge('espalier_active_runs', 'Runs in work.', () => runs.activeCount);
    metrics.gauge('process_resident_memory_bytes', 'Resident memory.', () =>
      process.memoryUsage.rss(),
    );
    const app = createApp({
      ...parts,
      ingestJobs,
      lifecycleJobs,
      eraser,
      wires: wires.app,
      consoleFolder,
    });
    const server = createHttpListener({
      handleRaw: (request, response) => wires.handleRaw(request, response),
      listener: getRequestListener(app.fetch, {
        overrideGlobalObjects: false,
        autoCleanupIncoming: false,
      }),
      headersTimeoutMs: config.limits.headersTimeout,
      logger,
      metrics,
      telemetry,
      isStopping: () => lifecycle.state === 'stopping',
    });

    const url = await listen(server, config.server);
    const localKey = createSecret();
    keys.trustLocal(localKey);
    const adminKey = keys.hasAny()
      ? undefined
      : (await keys.create({ name: 'first admin key', role: 'admin' })).key;
    await ingestJobs.start();
    await lifecycleJobs.start();
    lifecycle.ready();
    void upkeep.start();
    const leaving = new AbortController();
    const sampleDone = config.sample
      ? ingestSample({
          sample,
          knowledgeBase: SAMPLE_KNOWLEDGE_BASE,
          jobs: ingestJobs,
          board,
          logger,
          abortSignal: leaving.signal,
        })
      : Promise.resolve(undefined);
    logger.info('listening', { url, version });

    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      // Threads that are waited for keep no process alive; this does.
      const hold = setInterval(() => undefined, 1000);
      try {
        await stopServing({
          server,
          runs,
          lifecycle,
          clock,
          graceMs: config.limits.shutdownGrace,
          logger,
        });
        leaving.abort(new DOMException('The server is stopping.', 'AbortError'));
        await sampleDone;
        await jobs.close({ graceMs: 0 });
        await closeAll();
        logger.info('stopped');
      } finally {
        clearInterval(hold);
      }
    };
    return {
      url,
      adminKey,
      localKey,
      hasConsole: consoleFolder !== undefined,
      async followSample(onProgress) {
        const unwatch = board.watch(SAMPLE_KNOWLEDGE_BASE, onProgress);
        const state = board.of(SAMPLE_KNOWLEDGE_BASE);
        if (state !== undefined) onProgress(state);
        try {
          const job = await sampleDone;
          if (job === undefined) return undefined;
          return job.status === 'succeeded'
            ? { knowledgeBase: SAMPLE_KNOWLEDGE_BASE, report: reportOf(job) }
            : { knowledgeBase: SAMPLE_KNOWLEDGE_BASE, problem: job.error?.message ?? job.status };
        } finally {
          unwatch();
        }
      },
      close: () => (closing ??= close()),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** PostgreSQL has its jobs in pg-boss, SQLite in its own journal. */
async function createJobs(
  url: string | undefined,
  sqlite: () => Promise<JobQueue>,
): Promise<JobQueue> {
  if (url?.startsWith('postgres') !== true) return sqlite();
  const { createPgBossJobQueue } = await import('@espalier/database/pg-boss');
  return createPgBossJobQueue({ connectionString: url });
}
