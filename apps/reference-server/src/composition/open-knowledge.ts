import type {
  Clock,
  EmbeddingModel,
  IdGenerator,
  JobQueue,
  LanguageModel,
  Logger,
  VectorStore,
} from '@espalier/core';
import type { Database } from '@espalier/database';
import type { ServerConfig } from '../config/config-schema.js';
import { createEraser, type DocumentEraser } from '../knowledge/create-eraser.js';
import { createGraphService } from '../knowledge/graph-service.js';
import { createIngestBoard, type IngestBoard } from '../knowledge/ingest-board.js';
import { createIngestJobs, type IngestJobs } from '../knowledge/ingest-jobs.js';
import { createKnowledgeService, type KnowledgeService } from '../knowledge/knowledge-service.js';
import { createLifecycleJobs, type LifecycleJobs } from '../knowledge/lifecycle-jobs.js';
import { loadEmbeddingModel } from '../knowledge/load-embedding-model.js';
import type { ServerRankings } from '../knowledge/load-rankings.js';
import { createFormerStores, openVectorStore } from '../knowledge/open-vector-store.js';
import { createUploadSpool, type UploadSpool } from '../knowledge/upload-spool.js';
import type { RunStore } from '../runs/run-store.js';
import { createSampleDocuments, type SampleDocuments } from '../sample/sample-documents.js';
import type { ServerTables } from '../state/server-tables.js';
import type { Closers } from './closers.js';
import type { DataFolder } from './open-data-folder.js';

/** What takes the place of what the configuration names, e.g. in tests. */
export interface KnowledgeOverrides {
  readonly loadEmbeddingModel?: () => Promise<EmbeddingModel>;
  readonly openStore?: () => Promise<VectorStore | undefined>;
  readonly sample?: SampleDocuments;
}

/** The knowledge bases and the work that goes on in them. */
export interface ServerKnowledge {
  readonly board: IngestBoard;
  readonly knowledge: KnowledgeService;
  readonly uploads: UploadSpool;
  readonly sample: SampleDocuments;
  readonly ingestJobs: IngestJobs;
  readonly lifecycleJobs: LifecycleJobs;
  readonly eraser: DocumentEraser;
}

/** Opens the knowledge bases; models and stores are loaded at their first use. */
export function openKnowledge(options: {
  config: ServerConfig;
  folder: DataFolder;
  database: Database<ServerTables>;
  jobs: JobQueue;
  runStore: RunStore;
  overrides: KnowledgeOverrides;
  rankings: ServerRankings;
  /** The language model of an id; called when a graph is first needed. */
  languageModel: (id: string) => LanguageModel;
  closers: Closers;
  clock: Clock;
  ids: IdGenerator;
  logger: Logger;
}): ServerKnowledge {
  const { config, folder, database, jobs, runStore, overrides, closers, clock, ids, logger } =
    options;
  const { model: graphModel, concurrency, maxTokens } = config.graph;
  const board = createIngestBoard();
  const knowledge = createKnowledgeService({
    folder: folder.knowledge,
    loadEmbeddingModel:
      overrides.loadEmbeddingModel ??
      (() =>
        loadEmbeddingModel({
          choice: config.embedding.model,
          idleMs: config.embedding.idleTimeout,
          logger,
        })),
    openStore:
      overrides.openStore ??
      (() => openVectorStore({ choice: config.store, folder: folder.knowledge, logger })),
    embedding:
      config.embedding.model === 'static-256'
        ? { modelId: 'static-256', dimension: 256 }
        : { modelId: 'minilm-l6', dimension: 384 },
    formerStores: createFormerStores({
      folder: folder.knowledge,
      services: config.formerStores,
    }),
    tokenStates: config.embedding.tokenStates,
    rankings: options.rankings,
    graphs: createGraphService({
      database,
      concurrency,
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(graphModel === undefined ? {} : { model: () => options.languageModel(graphModel) }),
    }),
    board,
    logger,
  });
  closers.add(() => knowledge.close());
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
  const lifecycleJobs = createLifecycleJobs({ jobs, knowledge, folder: folder.snapshots, clock });
  const eraser = createEraser({ knowledge, ingestJobs, runStore, database });
  return { board, knowledge, uploads, sample, ingestJobs, lifecycleJobs, eraser };
}
