import type { Database } from '@espalier/database';
import type { Selectable, Transaction } from 'kysely';
import type { CatalogueSchema } from './catalogue-schema.js';

/** A knowledge base as the registry knows it. */
export type BaseRow = Selectable<CatalogueSchema['rag_base']>;
/** An unfinished rebuild. */
export type RebuildRow = Selectable<CatalogueSchema['rag_rebuild']>;

/** The knowledge bases of one catalogue, and what of them is yet to be removed. */
export interface BaseRegistry {
  list(tenant: string): Promise<readonly BaseRow[]>;
  /** How many documents and chunks stand under each key. */
  counts(): Promise<ReadonlyMap<string, { documents: number; chunks: number }>>;
  find(tenant: string, name: string): Promise<BaseRow | undefined>;
  /** A key that nothing stands or stood under. */
  freeKey(tenant: string, name: string): Promise<string>;
  /** Makes a knowledge base; `ownsKey` says that its key was kept for it with `reserve`. */
  insert(row: BaseRow, options?: { ownsKey?: boolean }): Promise<void>;
  /** Keeps a key for something that is yet to be finished; unless `insert` takes it, `sweep` removes what it holds. */
  reserve(key: string): Promise<void>;
  /** Takes a knowledge base out of sight; what it holds is doomed. */
  remove(row: BaseRow): Promise<void>;
  rebuildOf(key: string): Promise<RebuildRow | undefined>;
  beginRebuild(row: RebuildRow): Promise<void>;
  /** Puts what was built in the place of what was there, which is doomed. */
  finishRebuild(row: RebuildRow): Promise<void>;
  /** Gives a rebuild up: what was built is doomed. */
  abandonRebuild(row: RebuildRow): Promise<void>;
  /** Keys whose data is to be removed. */
  doomed(): Promise<readonly string[]>;
  /** Hashes of what is embedded under a key and under no other. */
  ownTextHashes(key: string): Promise<readonly string[]>;
  /** Removes the rows of a doomed key; to be called when its vectors are gone. */
  bury(key: string): Promise<void>;
  /** Whether bytes of what was deleted or replaced may still lie in the files. */
  purgeDue(): Promise<readonly string[]>;
  clearPurgeDue(keys: readonly string[]): Promise<void>;
}

const MAX_KEY_LENGTH = 64;
const DOCUMENTS_PER_STEP = 200;

/** Creates the registry over a catalogue's database. */
export function createBaseRegistry(database: Database<CatalogueSchema>): BaseRegistry {
  const { read } = database;

  const doom = async (trx: Transaction<CatalogueSchema>, key: string): Promise<void> => {
    for (const table of ['rag_doomed', 'rag_purge_due'] as const) {
      await trx
        .insertInto(table)
        .values({ storage_key: key })
        .onConflict((conflict) => conflict.column('storage_key').doNothing())
        .execute();
    }
  };
  const endRebuild = (trx: Transaction<CatalogueSchema>, key: string) =>
    trx.deleteFrom('rag_rebuild').where('storage_key', '=', key).execute();

  const takenKeys = async (): Promise<Set<string>> => {
    const bases = await read.selectFrom('rag_base').select('storage_key').execute();
    const rebuilds = await read.selectFrom('rag_rebuild').select('new_key').execute();
    const doomed = await read.selectFrom('rag_doomed').select('storage_key').execute();
    return new Set([
      ...bases.map((row) => row.storage_key),
      ...rebuilds.map((row) => row.new_key),
      ...doomed.map((row) => row.storage_key),
    ]);
  };

  return {
    list: (tenant) =>
      read
        .selectFrom('rag_base')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('name')
        .execute(),
    async counts() {
      const count = async (table: 'rag_document' | 'rag_chunk'): Promise<Map<string, number>> => {
        const rows = await read
          .selectFrom(table)
          .select(({ fn }) => ['knowledge_base', fn.countAll<number>().as('count')])
          .groupBy('knowledge_base')
          .execute();
        return new Map(rows.map((row) => [row.knowledge_base, Number(row.count)]));
      };
      const chunks = await count('rag_chunk');
      return new Map(
        [...(await count('rag_document'))].map(([key, documents]) => [
          key,
          { documents, chunks: chunks.get(key) ?? 0 },
        ]),
      );
    },
    find: (tenant, name) =>
      read
        .selectFrom('rag_base')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('name', '=', name)
        .executeTakeFirst(),
    async freeKey(tenant, name) {
      const taken = await takenKeys();
      const wanted = tenant === '' ? name : `${tenant}.${name}`;
      for (let n = 1; ; n += 1) {
        const ending = n === 1 ? '' : `.${n}`;
        const key = `${wanted.slice(0, MAX_KEY_LENGTH - ending.length)}${ending}`;
        if (!taken.has(key)) return key;
      }
    },
    insert: (row, { ownsKey = false } = {}) =>
      database.write(async (trx) => {
        if (ownsKey) {
          await trx.deleteFrom('rag_doomed').where('storage_key', '=', row.storage_key).execute();
        }
        await trx.insertInto('rag_base').values(row).execute();
      }),
    reserve: (key) => database.write((trx) => doom(trx, key)),
    remove: (row) =>
      database.write(async (trx) => {
        const rebuild = await trx
          .selectFrom('rag_rebuild')
          .select('new_key')
          .where('storage_key', '=', row.storage_key)
          .executeTakeFirst();
        if (rebuild !== undefined) await doom(trx, rebuild.new_key);
        await endRebuild(trx, row.storage_key);
        await trx.deleteFrom('rag_base').where('storage_key', '=', row.storage_key).execute();
        await doom(trx, row.storage_key);
      }),
    rebuildOf: (key) =>
      read.selectFrom('rag_rebuild').selectAll().where('storage_key', '=', key).executeTakeFirst(),
    beginRebuild: (row) =>
      database.write(async (trx) => {
        await trx.insertInto('rag_rebuild').values(row).execute();
      }),
    finishRebuild: ({ storage_key: key, new_key: newKey, embedding, dimension }) =>
      database.write(async (trx) => {
        await trx
          .updateTable('rag_base')
          .set({ storage_key: newKey, embedding, dimension })
          .where('storage_key', '=', key)
          .execute();
        await endRebuild(trx, key);
        await doom(trx, key);
      }),
    abandonRebuild: ({ storage_key: key, new_key: newKey }) =>
      database.write(async (trx) => {
        await endRebuild(trx, key);
        await doom(trx, newKey);
      }),
    async doomed() {
      const rows = await read.selectFrom('rag_doomed').select('storage_key').execute();
      return rows.map((row) => row.storage_key);
    },
    async ownTextHashes(key) {
      const hashes = read.selectFrom('rag_chunk').select('text_hash');
      const rows = await hashes
        .where('knowledge_base', '=', key)
        .except(hashes.where('knowledge_base', '!=', key))
        .execute();
      return rows.map((row) => row.text_hash);
    },
    async bury(key) {
      // In small transactions, so that nothing else waits long for its turn to write.
      for (;;) {
        const documents = await read
          .selectFrom('rag_document')
          .select('id')
          .where('knowledge_base', '=', key)
          .limit(DOCUMENTS_PER_STEP)
          .execute();
        if (documents.length === 0) break;
        const ids = documents.map(({ id }) => id);
        await database.write(async (trx) => {
          await trx
            .deleteFrom('rag_chunk')
            .where('knowledge_base', '=', key)
            .where('document_id', 'in', ids)
            .execute();
          await trx
            .deleteFrom('rag_document')
            .where('knowledge_base', '=', key)
            .where('id', 'in', ids)
            .execute();
        });
      }
      await database.write(async (trx) => {
        await trx.deleteFrom('rag_stray_vector').where('knowledge_base', '=', key).execute();
        await trx.deleteFrom('rag_revision').where('storage_key', '=', key).execute();
        await trx.deleteFrom('rag_doomed').where('storage_key', '=', key).execute();
      });
    },
    async purgeDue() {
      const rows = await read.selectFrom('rag_purge_due').select('storage_key').execute();
      return rows.map((row) => row.storage_key);
    },
    clearPurgeDue: (keys) =>
      database.write(async (trx) => {
        if (keys.length === 0) return;
        await trx.deleteFrom('rag_purge_due').where('storage_key', 'in', keys).execute();
      }),
  };
}
