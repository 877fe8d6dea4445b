import type { PgPool, PgQueryable } from '../pg-pool.js';

/** Where a store keeps its tables. */
export interface PgPlace {
  readonly pool: PgPool;
  /** The name of the schema, quoted. */
  readonly schema: string;
}

/** One row of the registry: an index, or a namespace of one. */
export interface PgPart {
  /** The name of its table, with the schema, quoted. */
  readonly table: string;
  readonly id: string;
  readonly dimension: number;
  readonly embedding: string;
}

/** One lock for whoever makes or drops tables of any store in the database. */
const LOCK = 7_236_004_281;
/** More than this, and pgvector's indexes take half-precision numbers only. */
const MAX_INDEXED_DIMENSION = 2000;
const MAX_HALF_DIMENSION = 4000;

/** Quotes a name for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Runs work in a transaction, on a connection of its own. */
export async function inTransaction<T>(
  pool: PgPool,
  work: (connection: PgQueryable) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  const connection = await pool.connect();
  let isBroken = true;
  try {
    await connection.query(begin);
    try {
      const value = await work(connection);
      await connection.query('COMMIT');
      isBroken = false;
      return value;
    } catch (error) {
      await connection.query('ROLLBACK');
      isBroken = false;
      throw error;
    }
  } finally {
    connection.release(isBroken);
  }
}

/** Makes the extension, the schema and the registry where they are missing. */
export async function prepareSchema({ pool, schema }: PgPlace): Promise<void> {
  await inTransaction(pool, async (connection) => {
    await lock(connection);
    const { rows } = await connection.query(`SELECT 1 FROM pg_extension WHERE extname = 'vector'`);
    if (rows.length === 0) await createExtension(connection);
    await connection.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await connection.query(
      `CREATE TABLE IF NOT EXISTS ${schema}.indexes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL,
        namespace text NOT NULL,
        dimension integer NOT NULL,
        embedding text NOT NULL,
        plan text,
        UNIQUE (name, namespace)
      )`,
    );
  });
}

/** Opens an index or a namespace of one (the empty text is none), making it where it is missing. */
export async function openPart(
  place: PgPlace,
  wanted: { name: string; namespace: string; dimension: number; embedding: string },
): Promise<PgPart> {
  const { pool, schema } = place;
  return inTransaction(pool, async (connection) => {
    await lock(connection);
    const known = await findPart(connection, schema, wanted);
    if (known !== undefined) return known;
    const { name, namespace, dimension, embedding } = wanted;
    const { rows } = await connection.query(
      `INSERT INTO ${schema}.indexes (name, namespace, dimension, embedding)
       VALUES ($1, $2, $3, $4) RETURNING id::text`,
      [name, namespace, dimension, embedding],
    );
    const id = String(rows[0]?.['id']);
    const table = tableOf(schema, id);
    // The storage of vectors is not compressed: they do not get smaller, and reading them costs.
    await connection.query(
      `CREATE TABLE ${table} (
        key bytea PRIMARY KEY,
        embedding vector(${Math.trunc(dimension)}) NOT NULL,
        body text NOT NULL,
        metadata text NOT NULL,
        fields jsonb NOT NULL
      )`,
    );
    await connection.query(`ALTER TABLE ${table} ALTER COLUMN embedding SET STORAGE EXTERNAL`);
    await connection.query(`CREATE INDEX ON ${table} USING gin (fields jsonb_path_ops)`);
    return { id, table, dimension, embedding };
  });
}

/** The registry's row of an index or a namespace of one. */
export async function findPart(
  connection: PgQueryable,
  schema: string,
  { name, namespace }: { name: string; namespace: string },
): Promise<PgPart | undefined> {
  const { rows } = await connection.query(
    `SELECT id::text, dimension, embedding FROM ${schema}.indexes WHERE name = $1 AND namespace = $2`,
    [name, namespace],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const id = String(row['id']);
  return {
    id,
    table: tableOf(schema, id),
    dimension: Number(row['dimension']),
    embedding: String(row['embedding']),
  };
}

/** Drops an index with its namespaces, or one namespace, with all data. */
export async function dropParts(
  { pool, schema }: PgPlace,
  { name, namespace }: { name: string; namespace: string | undefined },
): Promise<void> {
  await inTransaction(pool, async (connection) => {
    await lock(connection);
    const { rows } = await connection.query(
      `DELETE FROM ${schema}.indexes WHERE name = $1 AND ($2::text IS NULL OR namespace = $2)
       RETURNING id::text`,
      [name, namespace ?? null],
    );
    for (const { id } of rows)
      await connection.query(`DROP TABLE IF EXISTS ${tableOf(schema, String(id))}`);
  });
}

/** How an HNSW index over the column is declared; undefined where pgvector has none for so many dimensions. */
export function indexedExpression(dimension: number): string | undefined {
  if (dimension <= MAX_INDEXED_DIMENSION) return 'embedding vector_cosine_ops';
  return dimension <= MAX_HALF_DIMENSION
    ? `(embedding::halfvec(${dimension})) halfvec_cosine_ops`
    : undefined;
}

/** The distance that such an index orders by. */
export function indexedDistance(dimension: number, vector: string): string {
  return dimension <= MAX_INDEXED_DIMENSION
    ? `embedding <=> ${vector}::text::vector`
    : `embedding::halfvec(${dimension}) <=> ${vector}::text::halfvec(${dimension})`;
}

async function lock(connection: PgQueryable): Promise<void> {
  await connection.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
}

async function createExtension(connection: PgQueryable): Promise<void> {
  try {
    await connection.query('CREATE EXTENSION vector');
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `the extension "vector" is not there and cannot be made (${problem}); install pgvector on the server and run CREATE EXTENSION vector as a user who may`,
      { cause },
    );
  }
}

function tableOf(schema: string, id: string): string {
  return `${schema}.${quoteName(`vectors_${id}`)}`;
}
