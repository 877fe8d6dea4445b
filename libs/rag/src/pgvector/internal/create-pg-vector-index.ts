import type { Filter, JsonObject, VectorIndex, VectorRecord } from '@espalier/core';
import { assertVector } from '../../filter/assert-vector.js';
import { attemptInStore } from '../../stores/internal/attempt-in-store.js';
import { restoreSnapshot } from '../../stores/internal/restore-snapshot.js';
import { encodeSnapshot } from '../../stores/internal/snapshot-codec.js';
import type { PgQueryable } from '../pg-pool.js';
import { compileFilter, scalarFields } from './compile-filter.js';
import type { PgPart, PgPlace } from './pg-schema.js';
import { buildPlan, readPlan, searchExactly, searchGraph, type NearRow } from './pg-search.js';
import { fromPgText, toPgText } from './pg-text.js';
import { idOf, keyOf } from './record-key.js';

const STORE = 'pgvector';
const DEFAULT_PAGE_SIZE = 1000;
/** pgvector's graph gives no more than this. */
const MAX_GRAPH_RESULTS = 1000;
const COLUMNS = `encode(key, 'hex') AS key, embedding::text AS embedding, body, metadata`;
const KEYS = `(SELECT decode(k, 'hex') FROM unnest($1::text[]) AS k)`;

/** Creates the index over one table. */
export function createPgVectorIndex(options: {
  place: PgPlace;
  part: PgPart;
  name: string;
  namespace: string | undefined;
  indexFrom: number;
  targetRecall: number;
  hasSnapshotIsolation: boolean;
  assertOpen: () => void;
}): VectorIndex {
  const { place, part, name, namespace } = options;
  const { pool } = place;
  const { table, dimension, embedding } = part;

  const begin = (abortSignal: AbortSignal | undefined): void => {
    abortSignal?.throwIfAborted();
    options.assertOpen();
  };
  const attempt = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    attemptInStore({ store: STORE, operation }, work);
  const readPage = async (
    from: PgQueryable,
    page: { after: string | undefined; filter: Filter | undefined; size: number },
  ): Promise<VectorRecord[]> => {
    const values: unknown[] = [];
    const conditions = [
      ...(page.after === undefined
        ? []
        : [`key > decode($${values.push(keyOf(page.after))}::text, 'hex')`]),
      ...(page.filter === undefined ? [] : [compileFilter(page.filter, values)]),
    ];
    const where = conditions.length === 0 ? 'true' : conditions.join(' AND ');
    const limit = `$${values.push(page.size)}`;
    const { rows } = await from.query(
      `SELECT ${COLUMNS} FROM ${table} WHERE ${where} ORDER BY ${table}.key LIMIT ${limit}::int`,
      values,
    );
    return rows.map(toRecord);
  };
  async function* pages(
    from: PgQueryable,
    scroll: {
      operation: string;
      filter?: Filter | undefined;
      after?: string | undefined;
      pageSize: number;
      abortSignal: AbortSignal | undefined;
    },
  ): AsyncIterable<readonly VectorRecord[]> {
    let { after } = scroll;
    for (;;) {
      begin(scroll.abortSignal);
      const page = await attempt(scroll.operation, () =>
        readPage(from, { after, filter: scroll.filter, size: scroll.pageSize }),
      );
      if (page.length > 0) yield page;
      if (page.length < scroll.pageSize) return;
      after = page.at(-1)?.id;
    }
  }
  async function* heldPages(
    abortSignal: AbortSignal | undefined,
  ): AsyncIterable<readonly VectorRecord[]> {
    const how = { operation: 'snapshot', pageSize: DEFAULT_PAGE_SIZE, abortSignal };
    if (!options.hasSnapshotIsolation) {
      yield* pages(pool, how);
      return;
    }
    const connection = await attempt('snapshot', () => pool.connect());
    try {
      await attempt('snapshot', () =>
        connection.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'),
      );
      yield* pages(connection, how);
    } finally {
      // Also where its reader has stopped in the middle; a connection that cannot end the transaction is closed.
      const isBroken = await connection.query('ROLLBACK').then(
        () => false,
        () => true,
      );
      connection.release(isBroken);
    }
  }

  const index: VectorIndex = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    dimension,
    embedding,
    async upsert({ records, abortSignal }) {
      begin(abortSignal);
      for (const { id, vector } of records) assertVector({ index: name, dimension, id, vector });
      const latest = new Map(records.map((record) => [keyOf(record.id), record]));
      if (latest.size === 0) return;
      // In one order, so that two writers of the same records wait for each other instead of blocking each other.
      const keys = [...latest.keys()].sort();
      const rows = keys.flatMap((key) => latest.get(key) ?? []);
      await attempt('write', () =>
        pool.query(
          `INSERT INTO ${table} (key, embedding, body, metadata, fields)
           SELECT decode(k, 'hex'), e::vector, b, m, f::jsonb
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS r(k, e, b, m, f)
           ON CONFLICT (key) DO UPDATE SET embedding = excluded.embedding, body = excluded.body,
             metadata = excluded.metadata, fields = excluded.fields`,
          [
            keys,
            rows.map(({ vector }) => vectorText(vector)),
            rows.map(({ text }) => toPgText(text)),
            rows.map(({ metadata }) => JSON.stringify(metadata)),
            rows.map(({ metadata }) => scalarFields(metadata)),
          ],
        ),
      );
    },
    async delete(selection) {
      begin(selection.abortSignal);
      const values: unknown[] = [];
      const condition =
        'ids' in selection ? `key IN ${KEYS}` : compileFilter(selection.filter, values);
      if ('ids' in selection) values.push(selection.ids.map(keyOf));
      return attempt('delete', async () => {
        const { rows } = await pool.query(
          `WITH gone AS (DELETE FROM ${table} WHERE ${condition} RETURNING 1)
           SELECT count(*)::int AS n FROM gone`,
          values,
        );
        return Number(rows[0]?.['n']);
      });
    },
    async get({ ids, abortSignal }) {
      begin(abortSignal);
      if (ids.length === 0) return [];
      return attempt('read', async () => {
        const { rows } = await pool.query(`SELECT ${COLUMNS} FROM ${table} WHERE key IN ${KEYS}`, [
          ids.map(keyOf),
        ]);
        const found = new Map(rows.map(toRecord).map((record) => [record.id, record]));
        return ids.flatMap((id) => found.get(id) ?? []);
      });
    },
    async query({ vector, topK, filter, abortSignal }) {
      begin(abortSignal);
      assertVector({ index: name, dimension, vector });
      if (topK < 1) return [];
      return attempt('search', async () => {
        const text = vectorText(vector);
        const isZero = vector.every((value) => value === 0);
        // A graph gives what is near, of which a filter may leave nothing: with one, all that fit are compared.
        if (filter === undefined && topK <= MAX_GRAPH_RESULTS && !isZero) {
          const plan = await readPlan(place, part);
          if (plan !== undefined)
            return (await searchGraph(pool, part, { vector: text, topK, width: plan.width })).map(
              toMatch,
            );
        }
        const values: unknown[] = [];
        const condition = filter === undefined ? {} : { condition: compileFilter(filter, values) };
        const rows = await searchExactly(pool, part, { vector: text, topK, ...condition, values });
        return rows.map(toMatch);
      });
    },
    async *scroll({ filter, after, pageSize = DEFAULT_PAGE_SIZE, abortSignal }) {
      yield* pages(pool, { operation: 'read', filter, after, pageSize, abortSignal });
    },
    async count(selection) {
      begin(selection?.abortSignal);
      const values: unknown[] = [];
      const condition =
        selection?.filter === undefined ? 'true' : compileFilter(selection.filter, values);
      return attempt('count', async () => {
        const { rows } = await pool.query(
          `SELECT count(*)::int AS n FROM ${table} WHERE ${condition}`,
          values,
        );
        return Number(rows[0]?.['n']);
      });
    },
    async health(healthOptions) {
      begin(healthOptions?.abortSignal);
      return attempt('check', async () => {
        const { rows } = await pool.query(
          `SELECT (SELECT count(*)::int FROM ${table}) AS records,
             pg_total_relation_size($1::regclass)::float8 AS bytes,
             (SELECT count(*)::int FROM pg_index WHERE indrelid = $1::regclass AND NOT indisvalid) AS invalid`,
          [table],
        );
        const [row] = rows;
        const invalid = Number(row?.['invalid']);
        const problems =
          invalid === 0
            ? []
            : [
                `${invalid} indexes of the table ${table} are not valid. Run REINDEX TABLE ${table}.`,
              ];
        const plan = await readPlan(place, part);
        return {
          isHealthy: problems.length === 0,
          records: Number(row?.['records']),
          bytes: Number(row?.['bytes']),
          search: plan === undefined ? ('exact' as const) : ('approximate' as const),
          ...(plan === undefined ? {} : { recall: plan.recall }),
          problems,
        };
      });
    },
    async optimize(optimizeOptions) {
      const abortSignal = optimizeOptions?.abortSignal;
      begin(abortSignal);
      await attemptInStore({ store: STORE, operation: 'optimize', abortSignal }, async () => {
        const { indexFrom, targetRecall } = options;
        await buildPlan(place, part, { indexFrom, targetRecall, abortSignal });
        await pool.query(`VACUUM (ANALYZE) ${table}`);
      });
    },
    async *snapshot(snapshotOptions) {
      begin(snapshotOptions?.abortSignal);
      yield* encodeSnapshot(index, heldPages(snapshotOptions?.abortSignal));
    },
    async restore(restoreOptions) {
      begin(restoreOptions.abortSignal);
      return restoreSnapshot({ index, ...restoreOptions });
    },
    async purge(purgeOptions) {
      begin(purgeOptions?.abortSignal);
      await attempt('purge', () => pool.query(`VACUUM (FULL) ${table}`));
    },
  };
  return index;
}

function vectorText(vector: Float32Array): string {
  return `[${vector.join(',')}]`;
}

function toRecord(row: Record<string, unknown>): VectorRecord {
  return {
    id: idOf(String(row['key'])),
    vector: Float32Array.from(JSON.parse(String(row['embedding'])) as number[]),
    text: fromPgText(String(row['body'])),
    metadata: JSON.parse(String(row['metadata'])) as JsonObject,
  };
}

function toMatch({ key, distance, body, metadata }: NearRow): {
  id: string;
  score: number;
  text: string;
  metadata: JsonObject;
} {
  return {
    id: idOf(key),
    score: 1 - distance,
    text: fromPgText(body),
    metadata: JSON.parse(metadata) as JsonObject,
  };
}
