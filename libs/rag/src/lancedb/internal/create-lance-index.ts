import {
  EspalierError,
  isAbortError,
  type Clock,
  type Filter,
  type FilterScalar,
  type JsonObject,
  type VectorIndex,
  type VectorMatch,
  type VectorRecord,
} from '@espalier/core';
import type { Table } from '@lancedb/lancedb';
import { StoreError, StoreFieldLimitError } from '../../errors.js';
import { assertVector } from '../../filter/assert-vector.js';
import {
  compileFilter,
  fieldValues,
  parseFieldColumn,
  sqlText,
  type FieldColumn,
} from './lance-columns.js';
import type { LanceDriver } from './lance-driver.js';
import { createWriteQueue } from './write-queue.js';

const STORE = 'lancedb';
const ROWS_PER_WRITE = 4096;
const IDS_PER_STATEMENT = 500;
const DEFAULT_PAGE_SIZE = 1000;
const MAX_FIELD_COLUMNS = 256;
/** Each write makes a version and a fragment; so many are then merged to few. */
const WRITES_PER_COMPACTION = 32;
/** Versions stay for readers that have just begun. */
const VERSION_LIFE_MS = 60_000;

/** An index over a LanceDB table, with the end of its life. */
export interface LanceIndex extends VectorIndex {
  /** Resolves when all writes asked for are done. */
  settle(): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly text: string;
  readonly metadata: string;
  readonly vector: Iterable<number>;
  readonly _distance?: number;
}

/** Creates the index of an open table. */
export function createLanceIndex(options: {
  driver: LanceDriver;
  table: Table;
  name: string;
  dimension: number;
  embedding: string;
  columns: ReadonlySet<string>;
  clock: Clock;
  assertOpen: () => void;
}): LanceIndex {
  const { driver, table, name, dimension, clock } = options;
  const columns = new Set(options.columns);
  let writes = 0;

  const attempt = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (EspalierError.isInstance(cause) || isAbortError(cause)) throw cause;
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new StoreError({ store: STORE, operation, problem, cause });
    }
  };
  const begin = (abortSignal: AbortSignal | undefined): void => {
    abortSignal?.throwIfAborted();
    options.assertOpen();
  };

  const ensureColumns = async (needed: ReadonlyMap<string, FieldColumn>): Promise<void> => {
    const missing = [...needed.values()].filter((column) => !columns.has(column.name));
    if (missing.length === 0) return;
    if (columns.size + missing.length > MAX_FIELD_COLUMNS) {
      throw new StoreFieldLimitError({ index: name, max: MAX_FIELD_COLUMNS });
    }
    await table.addColumns(missing.map(nullOf));
    for (const column of missing) columns.add(column.name);
  };
  const write = (records: readonly VectorRecord[]): Promise<void> =>
    attempt('write', async () => {
      const rows = [...new Map(records.map((record) => [record.id, record])).values()].map(
        (record) => ({
          record,
          fields: fieldValues(record.metadata),
        }),
      );
      const needed = rows.flatMap(({ fields }) => [...fields.values()].map(({ column }) => column));
      await ensureColumns(new Map(needed.map((column) => [column.name, column])));
      const schema = await table.schema();
      const data = rows.map(({ record, fields }) => {
        const row: Record<string, unknown> = {
          id: record.id,
          vector: Array.from(record.vector),
          text: record.text,
          metadata: JSON.stringify(record.metadata),
        };
        for (const column of columns) row[column] = stored(fields.get(column)?.value);
        return row;
      });
      await table
        .mergeInsert('id')
        .whenMatchedUpdateAll()
        .whenNotMatchedInsertAll()
        .execute(driver.lancedb.makeArrowTable(data, { schema }));
      await afterWrite();
    });
  const afterWrite = async (): Promise<void> => {
    writes += 1;
    if (writes % WRITES_PER_COMPACTION !== 0) return;
    await table.optimize({ cleanupOlderThan: new Date(clock.now() - VERSION_LIFE_MS) });
  };
  const queue = createWriteQueue<VectorRecord>({ maxItems: ROWS_PER_WRITE, write });

  /** A deletion only marks rows in files that stay; so every row is written anew, and all that is older goes. */
  const purge = async (): Promise<void> => {
    await table.update({ valuesSql: { id: 'id' } });
    // The first call merges and makes a version of its own, the second removes what it merged.
    for (let call = 0; call < 2; call += 1) {
      await table.optimize({
        cleanupOlderThan: new Date(clock.now() + VERSION_LIFE_MS),
        deleteUnverified: true,
      });
    }
  };

  const where = (filter: Filter | undefined): string | undefined =>
    filter === undefined ? undefined : compileFilter(filter, columns);
  const idsWhere = async (filter: Filter | undefined): Promise<string[]> => {
    const query = table.query().select(['id']);
    const predicate = where(filter);
    const rows = (await (predicate === undefined ? query : query.where(predicate)).toArray()) as {
      id: string;
    }[];
    return rows.map(({ id }) => id).sort();
  };
  const fetchRecords = async (ids: readonly string[]): Promise<VectorRecord[]> => {
    const found = new Map<string, VectorRecord>();
    for (const part of inParts(ids)) {
      const rows = (await table
        .query()
        .where(idPredicate(part))
        .select(['id', 'vector', 'text', 'metadata'])
        .toArray()) as Row[];
      for (const row of rows) found.set(row.id, toRecord(row));
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  };
  const deleteIds = async (ids: readonly string[]): Promise<number> => {
    let removed = 0;
    for (const part of inParts([...new Set(ids)])) {
      const predicate = idPredicate(part);
      const count = await table.countRows(predicate);
      if (count === 0) continue;
      await table.delete(predicate);
      removed += count;
      await afterWrite();
    }
    return removed;
  };

  return {
    name,
    dimension,
    embedding: options.embedding,
    async upsert({ records, abortSignal }) {
      begin(abortSignal);
      for (const { id, vector } of records) assertVector({ index: name, dimension, id, vector });
      if (records.length > 0) await queue.add(records);
    },
    async delete(selection) {
      begin(selection.abortSignal);
      return queue.alone(() =>
        attempt('delete', async () =>
          deleteIds('ids' in selection ? selection.ids : await idsWhere(selection.filter)),
        ),
      );
    },
    async get({ ids, abortSignal }) {
      begin(abortSignal);
      return attempt('read', () => fetchRecords(ids));
    },
    async query({ vector, topK, filter, abortSignal }) {
      begin(abortSignal);
      assertVector({ index: name, dimension, vector });
      if (topK < 1) return [];
      return attempt('search', async () => {
        // Cosine says nothing about the zero vector: all records are equally far.
        if (vector.every((value) => value === 0)) {
          const records = await fetchRecords((await idsWhere(filter)).slice(0, topK));
          return records.map(({ id, text, metadata }) => ({ id, score: 0, text, metadata }));
        }
        const predicate = where(filter);
        const search = table.query().nearestTo(vector).column('vector').distanceType('cosine');
        const filtered = predicate === undefined ? search : search.where(predicate);
        const rows = (await filtered
          .select(['id', 'text', 'metadata', '_distance'])
          .limit(topK)
          .toArray()) as Row[];
        const matches = rows.map(({ id, text, metadata, _distance }): VectorMatch => {
          const score =
            typeof _distance === 'number' && Number.isFinite(_distance) ? 1 - _distance : 0;
          return { id, score, text, metadata: JSON.parse(metadata) as JsonObject };
        });
        return matches.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
      });
    },
    async *scroll({ filter, pageSize = DEFAULT_PAGE_SIZE, abortSignal }) {
      begin(abortSignal);
      const ids = await attempt('read', () => idsWhere(filter));
      for (let start = 0; start < ids.length; start += pageSize) {
        abortSignal?.throwIfAborted();
        yield await attempt('read', () => fetchRecords(ids.slice(start, start + pageSize)));
      }
    },
    async count(selection) {
      begin(selection?.abortSignal);
      return attempt('count', () => table.countRows(where(selection?.filter)));
    },
    async purge(purgeOptions) {
      begin(purgeOptions?.abortSignal);
      await queue.alone(() => attempt('purge', purge));
    },
    settle: () => queue.settle(),
  };
}

/** Booleans are kept as 0 and 1: Arrow for JavaScript cannot write a boolean column without any value. */
function stored(value: FilterScalar | undefined): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value ?? null;
}

/** An SQL null of the type of a column. */
function nullOf({ name, kind }: FieldColumn): { name: string; valueSql: string } {
  const type = kind === 'text' ? 'string' : kind === 'number' ? 'double' : 'int';
  return { name, valueSql: `CAST(NULL AS ${type})` };
}

/** The names of the columns of a table that hold fields. */
export function fieldColumnsOf(names: readonly string[]): Set<string> {
  return new Set(names.filter((name) => parseFieldColumn(name) !== undefined));
}

function toRecord({ id, vector, text, metadata }: Row): VectorRecord {
  return {
    id,
    vector: Float32Array.from(vector),
    text,
    metadata: JSON.parse(metadata) as JsonObject,
  };
}

function idPredicate(ids: readonly string[]): string {
  return `id IN (${ids.map(sqlText).join(', ')})`;
}

function* inParts(ids: readonly string[]): Iterable<readonly string[]> {
  for (let start = 0; start < ids.length; start += IDS_PER_STATEMENT)
    yield ids.slice(start, start + IDS_PER_STATEMENT);
}
