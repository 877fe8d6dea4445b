import type { Clock, IdGenerator, JobQueue, Logger } from '@espalier/core';
import type { Database } from '@espalier/database';
import type { TrainingProgram } from '@espalier/training';
import { createModelRegistry } from '@espalier/mlops';
import type { ServerConfig } from '../config/config-schema.js';
import type { ServerTables } from '../state/server-tables.js';
import { createFileStore } from '../training/file-store.js';
import { createLocalModels } from '../training/local-models.js';
import { findTrainingProgram } from '../training/training-program.js';
import { createTrainingService } from '../training/training-service.js';
import { createTrainingStore } from '../training/training-store.js';
import type { AppParts } from './app-parts.js';
import type { Closers } from './closers.js';
import type { DataFolder } from './open-data-folder.js';

/** Opens the registry, the training jobs, and the models that both bring. */
export function openTraining(options: {
  config: ServerConfig;
  folder: DataFolder;
  database: Database<ServerTables>;
  jobs: JobQueue;
  version: string;
  /** Default: the server's own. */
  program: TrainingProgram | undefined;
  closers: Closers;
  clock: Clock;
  ids: IdGenerator;
  logger: Logger;
}): Pick<AppParts, 'registry' | 'training' | 'files' | 'localModels'> {
  const { config, folder, database, jobs, version, closers, clock, ids, logger } = options;
  const { models, concurrency, backend, maxMemory, loadedModels } = config.training;
  const registry = createModelRegistry({ folder: folder.registry });
  const files = createFileStore({ database, folder: folder.files, clock, ids });
  const training = createTrainingService({
    store: createTrainingStore(database),
    files,
    registry,
    jobs,
    folder: folder.training,
    models,
    concurrency,
    retention: {
      keepFor: config.retention.trainingFolders,
      keepLast: config.retention.trainingFoldersKept,
    },
    backend,
    maxMemory,
    program: options.program ?? findTrainingProgram(),
    version,
    clock,
    ids,
    logger,
  });
  const localModels = createLocalModels({
    models,
    registry,
    backend,
    loadedModels,
    startedAtMs: clock.now(),
  });
  closers.add(() => localModels.close());
  return { registry, training, files, localModels };
}
