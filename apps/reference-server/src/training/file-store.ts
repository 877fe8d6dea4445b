import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, IdGenerator } from '@espalier/core';
import type { Database } from '@espalier/database';
import type { FileTable, ServerTables } from '../state/server-tables.js';

/** Rows that were made of an upload; no caller's own file. */
export const ROWS_PURPOSE = 'fine-tune-rows';

/** An uploaded file. */
export interface StoredUpload {
  readonly id: string;
  readonly keyId: string;
  readonly name: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly createdAtMs: number;
}

/** Keeps files that callers upload. */
export interface FileStore {
  put(options: {
    keyId: string;
    name: string;
    purpose: string;
    content: Uint8Array;
  }): Promise<StoredUpload>;
  /** `keyId`: only one of this key. */
  get(id: string, keyId: string | undefined): Promise<StoredUpload | undefined>;
  pathOf(id: string): string;
  read(id: string): Promise<Buffer>;
  /** By time, `beforeId` and `afterId` in that order left out. */
  list(options: {
    keyId: string | undefined;
    purpose: string | undefined;
    afterId: string | undefined;
    isOldestFirst: boolean;
    limit: number;
  }): Promise<readonly StoredUpload[]>;
  remove(id: string): Promise<void>;
}

/** Creates the store; a file is whole in the folder before its row is written. */
export function createFileStore(options: {
  database: Database<ServerTables>;
  folder: string;
  clock: Clock;
  ids: IdGenerator;
}): FileStore {
  const { database, folder, clock, ids } = options;
  const pathOf = (id: string): string => join(folder, id);
  return {
    async put({ keyId, name, purpose, content }) {
      const row: FileTable = {
        id: ids('file').replace('_', '-'),
        key_id: keyId,
        name: name.toWellFormed(),
        purpose,
        bytes: content.length,
        created_at_ms: clock.now(),
      };
      await mkdir(folder, { recursive: true });
      await writeFile(`${pathOf(row.id)}.draft`, content);
      await rename(`${pathOf(row.id)}.draft`, pathOf(row.id));
      await database.write(async (trx) => {
        await trx.insertInto('files').values(row).execute();
      });
      return toUpload(row);
    },
    async get(id, keyId) {
      let query = database.read.selectFrom('files').selectAll().where('id', '=', id);
      if (keyId !== undefined) query = query.where('key_id', '=', keyId);
      const row = await query.executeTakeFirst();
      return row && toUpload(row);
    },
    pathOf,
    read: (id) => readFile(pathOf(id)),
    async list({ keyId, purpose, afterId, isOldestFirst, limit }) {
      let query = database.read
        .selectFrom('files')
        .selectAll()
        .where('purpose', '!=', ROWS_PURPOSE)
        .orderBy('id', isOldestFirst ? 'asc' : 'desc')
        .limit(limit);
      if (keyId !== undefined) query = query.where('key_id', '=', keyId);
      if (purpose !== undefined) query = query.where('purpose', '=', purpose);
      if (afterId !== undefined) query = query.where('id', isOldestFirst ? '>' : '<', afterId);
      return (await query.execute()).map(toUpload);
    },
    async remove(id) {
      await database.write(async (trx) => {
        await trx.deleteFrom('files').where('id', '=', id).execute();
      });
      await rm(pathOf(id), { force: true });
    },
  };
}

function toUpload(row: FileTable): StoredUpload {
  return {
    id: row.id,
    keyId: row.key_id,
    name: row.name,
    purpose: row.purpose,
    bytes: Number(row.bytes),
    createdAtMs: Number(row.created_at_ms),
  };
}
