import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdGenerator } from '@espalier/core';
import { openDatabase, type Database } from '@espalier/database';
import { createFakeClock } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverMigrations } from '../state/migrations.js';
import type { ServerTables } from '../state/server-tables.js';
import { cleanTrainingFolders } from './clean-training-folders.js';
import { createFileStore, ROWS_PURPOSE, type FileStore } from './file-store.js';
import type { TrainingRecord } from './training-record.js';
import { createTrainingStore, type TrainingStore } from './training-store.js';

const DAY_MS = 24 * 60 * 60 * 1000;

let root: string;
let folder: string;
let database: Database<ServerTables>;
let store: TrainingStore;
let files: FileStore;
const clock = createFakeClock();

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'espalier-clean-'));
  folder = join(root, 'training');
  database = await openDatabase<ServerTables>({
    url: 'sqlite::memory:',
    migrations: serverMigrations,
  });
  store = createTrainingStore(database);
  const ids = createIdGenerator({ clock, random: { next: () => 0.5 } });
  files = createFileStore({ database, folder: join(root, 'files'), clock, ids });
});
afterEach(async () => {
  await database.close();
  await rm(root, { recursive: true, force: true });
});

/** A job with 3 bytes in its folder. */
async function job(id: string, status: TrainingRecord['status'], daysAgo: number, rows = 'file-0') {
  await mkdir(join(folder, id, 'output/checkpoints'), { recursive: true });
  await writeFile(join(folder, id, 'output/checkpoints/state'), 'abc');
  await store.insert({
    id,
    keyId: 'key_1',
    status,
    wanted: null,
    queueId: null,
    createdAtMs: 0,
    startedAtMs: 0,
    finishedAtMs: status === 'paused' ? null : clock.now() - daysAgo * DAY_MS,
    request: {
      task: 'sft',
      model: 'tiny',
      trainingFile: rows,
      validationFile: null,
      register: 'support',
      suffix: null,
      settings: {},
      wire: {},
    },
    progress: null,
    result: null,
    error: null,
  });
}

const clean = (retention: { keepFor: number; keepLast: number }, options: object = {}) =>
  cleanTrainingFolders({ store, files, folder, retention, used: [], clock, ...options });

describe('the folders of training jobs', () => {
  it('go when their job finished long ago, but for the last ones; records stay', async () => {
    await job('a', 'succeeded', 40);
    await job('b', 'failed', 35);
    await job('c', 'cancelled', 31);
    await job('d', 'succeeded', 1);
    await job('e', 'paused', 90);
    const retention = { keepFor: 30 * DAY_MS, keepLast: 2 };
    const expected = { jobs: ['b', 'a'], bytes: 6 };
    expect(await clean(retention, { isDryRun: true })).toEqual({ ...expected, isDryRun: true });
    expect(await readdir(folder)).toHaveLength(5);
    expect(await clean(retention)).toEqual({ ...expected, isDryRun: false });
    expect((await readdir(folder)).sort()).toEqual(['c', 'd', 'e']);
    expect((await store.get('a'))?.status).toBe('succeeded');
    expect(await clean(retention)).toMatchObject({ jobs: [] });
  });

  it('stay where a model in them is in use', async () => {
    await job('a', 'succeeded', 40);
    await job('ab', 'succeeded', 40);
    const used = [join(folder, 'a/output')];
    expect(await clean({ keepFor: 0, keepLast: 0 }, { used })).toMatchObject({ jobs: ['ab'] });
  });

  it('take the rows that were made for a job with them, but nobody’s own file', async () => {
    const content = Buffer.from('{}');
    const put = (purpose: string) => files.put({ keyId: 'key_1', name: 'x', purpose, content });
    const [rows, upload] = [await put(ROWS_PURPOSE), await put('fine-tune')];
    await job('a', 'succeeded', 40, rows.id);
    await job('b', 'succeeded', 40, upload.id);
    await clean({ keepFor: 0, keepLast: 0 });
    expect(await files.get(rows.id, undefined)).toBeUndefined();
    expect(await files.get(upload.id, undefined)).toBeDefined();
  });

  it('need not exist', async () => {
    expect(await clean({ keepFor: 0, keepLast: 0 })).toEqual({
      jobs: [],
      bytes: 0,
      isDryRun: false,
    });
  });
});
