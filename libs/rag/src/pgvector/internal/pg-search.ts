import * as z from '@espalier/core/zod';
import type { PgPool, PgQueryable } from '../pg-pool.js';
import {
  indexedDistance,
  indexedExpression,
  inTransaction,
  type PgPart,
  type PgPlace,
} from './pg-schema.js';

const SAMPLE = 32;
const NEIGHBOURS = 10;
/** How many candidates the graph keeps, from cheap to dear; pgvector takes no more than 1,000. */
const WIDTHS = [40, 100, 200, 400, 1000] as const;
const MAX_WIDTH = 1000;

const planSchema = z.object({ width: z.int().min(1), recall: z.number().min(0).max(1) });

/** With which width of the search a sample was found again, and how well. */
export type PgSearchPlan = z.infer<typeof planSchema>;

/** One nearest row. */
export interface NearRow {
  readonly key: string;
  readonly distance: number;
  readonly body: string;
  readonly metadata: string;
}

/** Reads the plan that is kept in the registry; undefined where search compares with all. */
export async function readPlan(place: PgPlace, part: PgPart): Promise<PgSearchPlan | undefined> {
  const { rows } = await place.pool.query(
    `SELECT plan FROM ${place.schema}.indexes WHERE id = $1`,
    [part.id],
  );
  const plan = rows[0]?.['plan'];
  if (typeof plan !== 'string') return undefined;
  const parsed = planSchema.safeParse(JSON.parse(plan));
  return parsed.success ? parsed.data : undefined;
}

/** The nearest rows by comparing with all that fit the condition. */
export async function searchExactly(
  connection: PgQueryable,
  part: PgPart,
  options: { vector: string; topK: number; condition?: string; values?: readonly unknown[] },
): Promise<readonly NearRow[]> {
  const values = [...(options.values ?? [])];
  const vector = `$${values.push(options.vector)}`;
  const limit = `$${values.push(options.topK)}`;
  // The distance to a vector without direction is NaN: its similarity counts as 0. The expression matches no index.
  const { rows } = await connection.query(
    `SELECT encode(key, 'hex') AS key, body, metadata,
       coalesce(nullif(embedding <=> ${vector}::text::vector, 'NaN'::float8), 1) AS distance
     FROM ${part.table} WHERE ${options.condition ?? 'true'}
     ORDER BY distance, ${part.table}.key LIMIT ${limit}::int`,
    values,
  );
  return rows.map(toNearRow);
}

/** The nearest rows through the graph. */
export async function searchGraph(
  pool: PgPool,
  part: PgPart,
  options: { vector: string; topK: number; width: number },
): Promise<readonly NearRow[]> {
  const width = Math.min(MAX_WIDTH, Math.max(options.topK, options.width));
  return inTransaction(pool, async (connection) => {
    await connection.query(`SET LOCAL hnsw.ef_search = ${width}`);
    // The server would not take the graph where it thinks comparing with all to be cheaper.
    await connection.query('SET LOCAL enable_seqscan = off');
    const { rows } = await connection.query(
      `SELECT encode(key, 'hex') AS key, body, metadata, distance FROM (
         SELECT key, body, metadata, ${indexedDistance(part.dimension, '$1')} AS distance
         FROM ${part.table} ORDER BY ${indexedDistance(part.dimension, '$1')} LIMIT $2::int
       ) AS near ORDER BY distance, near.key`,
      [options.vector, options.topK],
    );
    return rows.map(toNearRow);
  });
}

/**
 * Builds an HNSW index, measures its recall@10 against comparing with all, and keeps the least width that reaches the
 * target; where none does, or there are too few rows, search compares with all.
 */
export async function buildPlan(
  place: PgPlace,
  part: PgPart,
  options: { indexFrom: number; targetRecall: number; abortSignal: AbortSignal | undefined },
): Promise<void> {
  const { pool, schema } = place;
  const { abortSignal } = options;
  const graph = `${schema}."vectors_${part.id}_hnsw"`;
  const savePlan = (plan: PgSearchPlan | undefined): Promise<unknown> =>
    pool.query(`UPDATE ${schema}.indexes SET plan = $1 WHERE id = $2`, [
      plan === undefined ? null : JSON.stringify(plan),
      part.id,
    ]);
  const expression = indexedExpression(part.dimension);
  const { rows: counted } = await pool.query(`SELECT count(*)::int AS n FROM ${part.table}`);
  const rows = Number(counted[0]?.['n']);
  if (rows < options.indexFrom || expression === undefined) {
    await savePlan(undefined);
    await pool.query(`DROP INDEX IF EXISTS ${graph}`);
    return;
  }
  await pool.query(
    `CREATE INDEX IF NOT EXISTS "vectors_${part.id}_hnsw" ON ${part.table} USING hnsw (${expression})`,
  );
  const { rows: sample } = await pool.query(
    `SELECT embedding::text AS embedding FROM (
       SELECT embedding, row_number() OVER (ORDER BY key) AS at FROM ${part.table}
       WHERE vector_norm(embedding) > 0
     ) AS numbered WHERE at % $1::int = 0 LIMIT ${SAMPLE}`,
    [Math.max(1, Math.floor(rows / SAMPLE))],
  );
  const queries = sample.map(({ embedding }) => String(embedding));
  const truths: string[][] = [];
  for (const vector of queries) {
    abortSignal?.throwIfAborted();
    const near = await searchExactly(pool, part, { vector, topK: NEIGHBOURS });
    truths.push(near.map(({ key }) => key));
  }
  for (const width of WIDTHS) {
    let hits = 0;
    for (const [at, vector] of queries.entries()) {
      abortSignal?.throwIfAborted();
      const near = await searchGraph(pool, part, { vector, topK: NEIGHBOURS, width });
      const found = new Set(near.map(({ key }) => key));
      hits += truths[at]?.filter((key) => found.has(key)).length ?? 0;
    }
    const wanted = truths.reduce((sum, { length }) => sum + length, 0);
    const recall = wanted === 0 ? 0 : hits / wanted;
    if (recall < options.targetRecall) continue;
    await savePlan({ width, recall });
    return;
  }
  await savePlan(undefined);
  await pool.query(`DROP INDEX IF EXISTS ${graph}`);
}

function toNearRow(row: Record<string, unknown>): NearRow {
  return {
    key: String(row['key']),
    distance: Number(row['distance']),
    body: String(row['body']),
    metadata: String(row['metadata']),
  };
}
