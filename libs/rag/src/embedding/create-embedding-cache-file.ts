import { createSilentLogger, createSystemClock, type Clock, type Logger } from '@espalier/core';
import { openDatabase, type Migration } from '@espalier/database';
import { sql } from 'kysely';
import type { EmbeddingCache } from './embedding-cache.js';

/** What {@link createEmbeddingCacheFile} takes. */
export interface EmbeddingCacheFileOptions {
  /** The SQLite file; made where it does not exist. */
  readonly path: string;
  /** The most bytes of vectors to keep; those used longest ago go first. Default 256 MiB. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

interface Tables {
  rag_embedding: {
    embedding: string;
    text_hash: string;
    vector: Uint8Array;
    used_at_ms: number;
  };
}

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
const HASHES_PER_STATEMENT = 500;
const ROWS_PER_INSERT = 100;
/** How much of the limit is freed at once, so that not each insertion has to. */
const FREED_SHARE = 0.1;

const migrations: readonly Migration[] = [
  {
    id: '0001-embeddings',
    async up(db) {
      await db.schema
        .createTable('rag_embedding')
        .addColumn('embedding', 'text', (column) => column.notNull())
        .addColumn('text_hash', 'text', (column) => column.notNull())
        .addColumn('vector', 'blob', (column) => column.notNull())
        .addColumn('used_at_ms', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('rag_embedding_key', ['embedding', 'text_hash'])
        .execute();
      await db.schema
        .createIndex('rag_embedding_of_text')
        .on('rag_embedding')
        .column('text_hash')
        .execute();
      await db.schema
        .createIndex('rag_embedding_by_use')
        .on('rag_embedding')
        .column('used_at_ms')
        .execute();
    },
  },
];

/**
 * Opens a cache of vectors in one SQLite file.
 *
 * Holds vectors and hashes of texts, no texts. Several processes may share the file. What is removed is written over,
 * and gone from the file after `purge`.
 */
export async function createEmbeddingCacheFile(
  options: EmbeddingCacheFileOptions,
): Promise<EmbeddingCache> {
  const clock = options.clock ?? createSystemClock();
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const database = await openDatabase<Tables>({
    url: `sqlite:${options.path}`,
    namespace: 'rag-embeddings',
    migrations,
    secureDelete: true,
    logger: options.logger ?? createSilentLogger(),
    clock,
  });
  let bytes = await measure();

  async function measure(): Promise<number> {
    const row = await database.read
      .selectFrom('rag_embedding')
      .select(sql<number | null>`sum(length(vector))`.as('bytes'))
      .executeTakeFirst();
    return Number(row?.bytes ?? 0);
  }

  const shrink = async (): Promise<void> => {
    bytes = await measure();
    if (bytes <= maxBytes) return;
    const target = maxBytes * (1 - FREED_SHARE);
    const oldest = await database.read
      .selectFrom('rag_embedding')
      .select(['embedding', 'text_hash', sql<number>`length(vector)`.as('length')])
      .orderBy('used_at_ms')
      .execute();
    const gone: { embedding: string; text_hash: string }[] = [];
    for (const row of oldest) {
      if (bytes <= target) break;
      gone.push(row);
      bytes -= Number(row.length);
    }
    await database.write(async (trx) => {
      for (const [embedding, rows] of Map.groupBy(gone, (row) => row.embedding)) {
        for (const part of inParts(rows, HASHES_PER_STATEMENT)) {
          await trx
            .deleteFrom('rag_embedding')
            .where('embedding', '=', embedding)
            .where(
              'text_hash',
              'in',
              part.map((row) => row.text_hash),
            )
            .execute();
        }
      }
    });
  };

  return {
    async get({ embedding, textHashes }) {
      const found = new Map<string, Float32Array>();
      for (const part of inParts([...new Set(textHashes)], HASHES_PER_STATEMENT)) {
        const rows = await database.read
          .selectFrom('rag_embedding')
          .select(['text_hash', 'vector'])
          .where('embedding', '=', embedding)
          .where('text_hash', 'in', part)
          .execute();
        for (const row of rows) found.set(row.text_hash, toVector(row.vector));
      }
      if (found.size > 0) {
        await database.write(async (trx) => {
          for (const part of inParts([...found.keys()], HASHES_PER_STATEMENT)) {
            await trx
              .updateTable('rag_embedding')
              .set({ used_at_ms: clock.now() })
              .where('embedding', '=', embedding)
              .where('text_hash', 'in', part)
              .execute();
          }
        });
      }
      return found;
    },
    async set({ embedding, entries }) {
      await database.write(async (trx) => {
        for (const part of inParts(entries, ROWS_PER_INSERT)) {
          await trx
            .insertInto('rag_embedding')
            .values(
              part.map(({ textHash, vector }) => ({
                embedding,
                text_hash: textHash,
                vector: new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength),
                used_at_ms: clock.now(),
              })),
            )
            .onConflict((conflict) => conflict.columns(['embedding', 'text_hash']).doNothing())
            .execute();
        }
      });
      for (const { vector } of entries) bytes += vector.byteLength;
      if (bytes > maxBytes) await shrink();
    },
    forget: (textHashes) =>
      database.write(async (trx) => {
        let count = 0;
        for (const part of inParts([...new Set(textHashes)], HASHES_PER_STATEMENT)) {
          const { numDeletedRows } = await trx
            .deleteFrom('rag_embedding')
            .where('text_hash', 'in', part)
            .executeTakeFirst();
          count += Number(numDeletedRows);
        }
        return count;
      }),
    async clear({ embedding } = {}) {
      const count = await database.write(async (trx) => {
        const all = trx.deleteFrom('rag_embedding');
        const chosen = embedding === undefined ? all : all.where('embedding', '=', embedding);
        return Number((await chosen.executeTakeFirst()).numDeletedRows);
      });
      bytes = await measure();
      return count;
    },
    purge: () => database.purge(),
    close: () => database.close(),
  };
}

/** A copy, because rows may lie at places where no float can begin. */
function toVector(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

function* inParts<T>(items: readonly T[], size: number): Iterable<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
