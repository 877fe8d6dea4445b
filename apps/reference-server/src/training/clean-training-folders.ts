import { readdir, rm, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Clock } from '@espalier/core';
import { ROWS_PURPOSE, type FileStore } from './file-store.js';
import type { TrainingRecord } from './training-record.js';
import type { TrainingStore } from './training-store.js';

const FINISHED = ['succeeded', 'failed', 'cancelled'] as const;
const PAGE = 200;

/** Which folders of finished jobs stay. */
export interface TrainingRetention {
  /** Units: ms. */
  readonly keepFor: number;
  /** The so many that finished last stay, however old. */
  readonly keepLast: number;
}

/** What was, or would be, removed. */
export interface TrainingCleanReport {
  readonly jobs: readonly string[];
  /** Units: bytes. */
  readonly bytes: number;
  readonly isDryRun: boolean;
}

/**
 * Removes the folders of jobs that finished long ago, with their checkpoints, and the rows that were made for them.
 *
 * What a job registered is a copy in the registry and stays; so do the job's record and its events. A folder with a model in
 * it that the configuration names stays too.
 */
export async function cleanTrainingFolders(options: {
  readonly store: TrainingStore;
  readonly files: FileStore;
  /** With a folder for each job. */
  readonly folder: string;
  readonly retention: TrainingRetention;
  /** Folders that must stay where they are. */
  readonly used: readonly string[];
  readonly clock: Clock;
  readonly isDryRun?: boolean;
}): Promise<TrainingCleanReport> {
  const { store, files, folder, retention, clock, isDryRun = false } = options;
  const used = options.used.map((path) => resolve(path));
  const beforeMs = clock.now() - retention.keepFor;
  const present = new Set(await readdir(folder).catch((): string[] => []));
  const old = (await finishedJobs(store))
    .filter(({ id }) => present.has(id))
    .sort((a, b) => (b.finishedAtMs ?? 0) - (a.finishedAtMs ?? 0))
    .slice(retention.keepLast)
    .filter(({ finishedAtMs }) => (finishedAtMs ?? 0) <= beforeMs)
    .filter(({ id }) => !used.some((path) => isInside(path, join(folder, id))));
  let bytes = 0;
  for (const { id, request } of old) {
    bytes += await sizeOf(join(folder, id));
    if (isDryRun) continue;
    await rm(join(folder, id), { recursive: true, force: true });
    for (const file of [request.trainingFile, request.validationFile])
      if (file !== null && (await files.get(file, undefined))?.purpose === ROWS_PURPOSE)
        await files.remove(file);
  }
  return { jobs: old.map(({ id }) => id), bytes, isDryRun };
}

async function finishedJobs(store: TrainingStore): Promise<TrainingRecord[]> {
  const found: TrainingRecord[] = [];
  for (let beforeId: string | undefined; ;) {
    const page = await store.list({ statuses: FINISHED, beforeId, limit: PAGE });
    found.push(...page);
    beforeId = page.at(-1)?.id;
    if (page.length < PAGE) return found;
  }
}

function isInside(path: string, folder: string): boolean {
  const from = relative(resolve(folder), path);
  return from === '' || !(from === '..' || from.startsWith('../') || from.startsWith('..\\'));
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
