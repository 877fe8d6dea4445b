import type { Clock, VectorRecord } from '@espalier/core';
import type { Table } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';
import { StoreFieldLimitError } from '../../errors.js';
import { toArrowTable } from './arrow-batch.js';
import {
  fieldColumnsOf,
  fieldValues,
  idPredicate,
  IDS_PER_STATEMENT,
  type FieldColumn,
} from './lance-columns.js';
import type { LanceDriver } from './lance-driver.js';
import { buildSearchPlan, dropSearchIndex, readSearchPlan } from './lance-search.js';

const MAX_FIELD_COLUMNS = 256;
/** Each write makes a version and a fragment; so many are then merged to one. */
const WRITES_PER_COMPACTION = 32;
/** Versions stay for readers of other processes that have just begun; what they miss they read again. */
const VERSION_LIFE_MS = 1000;

/** Changes a table. Its caller holds the lock and has checked out the newest version. */
export interface LanceWriter {
  write(records: readonly VectorRecord[]): Promise<void>;
  /** Resolves to the number of rows removed. */
  remove(predicate: string): Promise<number>;
  /** Merges fragments, removes old versions and, where there are enough rows, builds the index anew. */
  optimize(abortSignal: AbortSignal | undefined): Promise<void>;
  /** Writes all rows anew and removes everything else. */
  purge(): Promise<void>;
  /** Merges fragments and removes all versions but the last, for a writer that is done. */
  tidy(): Promise<void>;
  /** Whether nothing was written since the last {@link tidy}. */
  readonly isTidy: boolean;
}

/** Creates a writer. */
export function createLanceWriter(options: {
  driver: LanceDriver;
  table: Table;
  name: string;
  dimension: number;
  clock: Clock;
  targetRecall: number;
  /** From so many rows on, an index is built. */
  indexFrom: number;
  /** Whether somebody reads an older version, which must stay. */
  isHeld: () => boolean;
}): LanceWriter {
  const { driver, table, dimension, clock } = options;
  let writes = 0;
  /** Whether there is more on disk than the last version needs. */
  let isLoose = false;

  /** Resolves to the schema with a column for each field of the records. */
  const ensureColumns = async (records: readonly VectorRecord[]): Promise<Schema> => {
    const needed = new Map<string, FieldColumn>();
    for (const { metadata } of records)
      for (const { column } of fieldValues(metadata).values()) needed.set(column.name, column);
    const schema = await table.schema();
    const columns = fieldColumnsOf(schema.fields.map((field) => field.name));
    const missing = [...needed.values()].filter((column) => !columns.has(column.name));
    if (missing.length === 0) return schema;
    if (columns.size + missing.length > MAX_FIELD_COLUMNS)
      throw new StoreFieldLimitError({ index: options.name, max: MAX_FIELD_COLUMNS });
    await table.addColumns(missing.map(nullOf));
    return table.schema();
  };
  /** Whether none of the ids is there; the lock keeps it so until they are written. */
  const areNew = async (records: readonly VectorRecord[]): Promise<boolean> =>
    records.length <= IDS_PER_STATEMENT &&
    (await table.countRows(idPredicate(records.map(({ id }) => id)))) === 0;
  const cleanUp = async (lifeMs: number): Promise<void> => {
    if (options.isHeld()) await table.optimize({ cleanupOlderThan: new Date(0) });
    else await table.optimize({ cleanupOlderThan: new Date(clock.now() - lifeMs) });
    writes = 0;
  };
  const plan = async (abortSignal: AbortSignal | undefined): Promise<void> => {
    const rows = await table.countRows();
    if (rows >= options.indexFrom)
      await buildSearchPlan({
        driver,
        table,
        dimension,
        targetRecall: options.targetRecall,
        abortSignal,
      });
  };
  const afterWrite = async (): Promise<void> => {
    writes += 1;
    isLoose = true;
    if (writes < WRITES_PER_COMPACTION) return;
    await cleanUp(VERSION_LIFE_MS);
    // A compaction writes all rows anew: the copies of the last second alone would be several times what is stored.
    await cleanUp(0);
    const rows = await table.countRows();
    const planned = await readSearchPlan(table);
    const isDue = planned === undefined ? rows >= nextTry : rows >= planned.rows * 2;
    if (!isDue) return;
    await plan(undefined);
    // Where no index reaches the target, the next try is worth its cost when there is twice as much.
    nextTry = rows * 2;
  };
  let nextTry = options.indexFrom;

  return {
    get isTidy() {
      return !isLoose;
    },
    async write(records) {
      const latest = [...new Map(records.map((record) => [record.id, record])).values()];
      const schema = await ensureColumns(latest);
      const rows = toArrowTable({ driver, schema, dimension, records: latest });
      // Looking for the ids and adding costs less than a merge, which joins with the whole table.
      if (await areNew(latest)) await table.add(rows);
      else
        await table
          .mergeInsert('id')
          .whenMatchedUpdateAll()
          .whenNotMatchedInsertAll()
          .execute(rows);
      await afterWrite();
    },
    async remove(predicate) {
      const count = await table.countRows(predicate);
      if (count === 0) return 0;
      await table.delete(predicate);
      await afterWrite();
      return count;
    },
    async optimize(abortSignal) {
      await cleanUp(VERSION_LIFE_MS);
      await plan(abortSignal);
    },
    async purge() {
      // The index holds codes of vectors that are deleted, too.
      const hadIndex = (await readSearchPlan(table)) !== undefined;
      await dropSearchIndex(table);
      // A deletion only marks rows in files that stay; so every row is written anew, and all that is older goes.
      await table.update({ valuesSql: { id: 'id' } });
      // The first call merges and makes a version of its own, the second removes what it merged.
      for (let call = 0; call < 2; call += 1) {
        await table.optimize({
          cleanupOlderThan: new Date(clock.now() + VERSION_LIFE_MS),
          deleteUnverified: true,
        });
      }
      writes = 0;
      isLoose = false;
      if (hadIndex) await plan(undefined);
    },
    async tidy() {
      // The first call merges and makes a version of its own, the second removes what it merged.
      for (let call = 0; call < 2; call += 1) await cleanUp(0);
      isLoose = false;
    },
  };
}

/** An SQL null of the type of a column. */
function nullOf({ name, kind }: FieldColumn): { name: string; valueSql: string } {
  const type = kind === 'text' ? 'string' : kind === 'number' ? 'double' : 'int';
  return { name, valueSql: `CAST(NULL AS ${type})` };
}
