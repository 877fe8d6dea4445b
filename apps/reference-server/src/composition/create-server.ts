import { getRequestListener } from '@hono/node-server';
import {
  createIdGenerator,
  createPluginHost,
  createSystemClock,
  createSystemRandom,
  type Clock,
  type LanguageModel,
  type Logger,
  type Telemetry,
} from '@espalier/core';
import { openDatabase } from '@espalier/database';
import type { TrainingProgram } from '@espalier/training';
import type { ServerConfig } from '../config/config-schema.js';
import { modelUnknown } from '../errors/resource-errors.js';
import { createHttpListener } from '../http/http-listener.js';
import { countJobs } from '../metrics/count-jobs.js';
import { loadRankings } from '../knowledge/load-rankings.js';
import { createMetrics } from '../metrics/metrics.js';
import { findConsole } from '../reference/console-files.js';
import { followIngest } from '../sample/follow-ingest.js';
import { ingestSample } from '../sample/ingest-sample.js';
import { createSecret } from '../state/hash-secret.js';
import { serverMigrations } from '../state/migrations.js';
import type { ServerTables } from '../state/server-tables.js';
import { createUpkeep } from '../upkeep/create-upkeep.js';
import type { AppParts } from './app-parts.js';
import { createClosers } from './closers.js';
import { connectWires } from './connect-wires.js';
import { createApp } from './create-app.js';
import { createCatalogue, SAMPLE_KNOWLEDGE_BASE } from './create-catalogue.js';
import { createEscalationWebhook } from './create-escalation-webhook.js';
import { createJobs } from './create-jobs.js';
import { createModels } from './create-models.js';
import { createRails } from './create-rails.js';
import { createLifecycle } from './lifecycle.js';
import { listen } from './listen.js';
import { openDataFolder } from './open-data-folder.js';
import { openKnowledge, type KnowledgeOverrides } from './open-knowledge.js';
import { openTraining } from './open-training.js';
import { openState } from './open-state.js';
import type { RunningServer } from './running-server.js';
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
  readonly overrides?: KnowledgeOverrides & {
    readonly consoleFolder?: string;
    readonly trainingProgram?: TrainingProgram;
  };
}

const UPKEEP_EVERY_MS = 60 * 60 * 1000;

/**
 * Composes every library into a server and listens.
 *
 * @throws {StartError} `ERR_SERVER_DATA_FOLDER`, `ERR_SERVER_RANKER`, `ERR_SERVER_PORT_IN_USE`, `ERR_SERVER_LISTEN`
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
  const closers = createClosers(logger);
  closers.add(() => database.close());

  try {
    const host = createPluginHost({ logger });
    closers.add(() => host.dispose());
    for (const plugin of config.plugins) await host.use(plugin);

    const lifecycle = createLifecycle();
    lifecycle.checks.set('database', () => database.ping());
    const metrics = createMetrics();
    const { promptLog, ...state } = await openState({
      config,
      database,
      memoryKeyFile: folder.memoryKeyFile,
      metrics,
      closers,
      clock,
      ids,
      logger,
    });
    const { keys, idempotency, runStore, runs } = state;
    const jobs = countJobs(
      await createJobs({ url: config.database?.url, database, clock, ids, random, logger }),
      metrics,
    );
    let findModel = (id: string): LanguageModel => {
      throw modelUnknown(id, []);
    };
    const opened = openKnowledge({
      languageModel: (id) => findModel(id),
      config,
      folder,
      database,
      jobs,
      runStore,
      overrides,
      rankings: await loadRankings(config),
      closers,
      clock,
      ids,
      logger,
    });
    const { board, knowledge, uploads, sample, ingestJobs, lifecycleJobs, eraser } = opened;
    const { embeddingModel } = knowledge;

    const trainingParts = openTraining({
      config,
      folder,
      database,
      jobs,
      version,
      program: overrides.trainingProgram,
      closers,
      clock,
      ids,
      logger,
    });
    const upkeep = createUpkeep({
      tasks: {
        'deleted documents': () => knowledge.purge(),
        'interrupted runs': () => runs.recover(),
        'run events': () =>
          runStore.pruneEvents({ beforeMs: clock.now() - config.retention.runEvents }),
        'idempotency keys': () => idempotency.prune(),
        'folders of training jobs': () => trainingParts.training.clean(),
      },
      everyMs: UPKEEP_EVERY_MS,
      clock,
      logger,
    });
    closers.add(() => upkeep.stop());

    const { escalation } = config.guardrails;
    const webhook = escalation && createEscalationWebhook({ ...escalation, clock, ids, logger });
    if (webhook !== undefined) closers.add(() => webhook.close());
    const rails = await createRails({
      webhook,
      config,
      host,
      embeddingModel,
      metrics,
      clock,
      logger,
    });
    const models = await createModels({ config, host, embeddingModel });
    findModel = (id) => {
      const model = models.get(id) ?? trainingParts.localModels.find(id);
      if (model === undefined) throw modelUnknown(id, [...models.keys()]);
      return model;
    };
    if (config.graph.model !== undefined) findModel(config.graph.model);
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
      localModels: trainingParts.localModels,
    });

    const parts: AppParts = {
      version,
      clock,
      ids,
      logger,
      limits: {
        bodyBytes: config.limits.body,
        bodyIdleMs: config.limits.bodyIdleTimeout,
        jsonDepth: config.limits.jsonDepth,
      },
      lifecycle,
      metrics,
      ...state,
      jobs,
      knowledge,
      uploads,
      catalogue,
      ...trainingParts,
      guardrailsOf: (caller) => rails.of(caller),
    };
    const wires = connectWires({ parts, rails, promptLog, telemetry });
    closers.add(() => wires.close());
    metrics.gauge('espalier_active_runs', 'Runs in work.', () => runs.activeCount);
    metrics.gauge('process_resident_memory_bytes', 'Resident memory.', () =>
      process.memoryUsage.rss(),
    );
    const consoleFolder = overrides.consoleFolder ?? (await findConsole());
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
    await trainingParts.training.start();
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
        const graceMs = config.limits.shutdownGrace;
        await stopServing({ server, runs, lifecycle, clock, graceMs, logger });
        leaving.abort(new DOMException('The server is stopping.', 'AbortError'));
        await sampleDone;
        await jobs.close({ graceMs: 0 });
        await closers.closeAll();
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
      followSample: (onProgress) =>
        followIngest({ board, knowledgeBase: SAMPLE_KNOWLEDGE_BASE, done: sampleDone, onProgress }),
      close: () => (closing ??= close()),
    };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}
