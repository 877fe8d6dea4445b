import { createSilentLogger, createSystemClock, type Clock, type Logger } from '@espalier/core';
import { openDatabase, type Migration } from '@espalier/database';
import { fromTokenCodes, toTokenCodes, type TokenCodeBits } from './token-codes.js';
import type { TokenStateCache } from './token-state-cache.js';

/** What the file is opened with. */
interface TokenStateCacheFileOptions {
  /** The SQLite file; made where it does not exist. */
  readonly path: string;
  /** Bits that a value is kept in; what was written with others stays readable. Default 2. */
  readonly bits?: TokenCodeBits;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

interface Tables {
  rag_token_states: {
    encoder: string;
    text_hash: string;
    bits: number;
    /** Little-endian 32-bit integers. */
    tokens: Uint8Array;
    codes: Uint8Array;
  };
}

const HASHES_PER_STATEMENT = 500;
const ROWS_PER_INSERT = 32;

const migrations: readonly Migration[] = [
  {
    id: '0001-token-states',
    async up(db) {
      await db.schema
        .createTable('rag_token_states')
        .addColumn('encoder', 'text', (column) => column.notNull())
        .addColumn('text_hash', 'text', (column) => column.notNull())
        .addColumn('bits', 'integer', (column) => column.notNull())
        .addColumn('tokens', 'blob', (column) => column.notNull())
        .addColumn('codes', 'blob', (column) => column.notNull())
        .addPrimaryKeyConstraint('rag_token_states_key', ['encoder', 'text_hash'])
        .execute();
      await db.schema
        .createIndex('rag_token_states_of_text')
        .on('rag_token_states')
        .column('text_hash')
        .execute();
    },
  },
];

/**
 * Opens a file that keeps token states: of 384 values a token, 100 bytes with two bits a value and 196 with four.
 *
 * The tokens tell the words: what is removed is written over, and gone from the file after `purge`. Several processes
 * may share the file.
 */
export async function createTokenStateCacheFile(
  options: TokenStateCacheFileOptions,
): Promise<TokenStateCache> {
  const defaultBits = options.bits ?? 2;
  const database = await openDatabase<Tables>({
    url: `sqlite:${options.path}`,
    namespace: 'rag-token-states',
    migrations,
    secureDelete: true,
    logger: options.logger ?? createSilentLogger(),
    clock: options.clock ?? createSystemClock(),
  });
  return {
    async get({ encoder, textHashes }) {
      const found = new Map<string, ReturnType<typeof fromTokenCodes>>();
      for (const part of inParts([...new Set(textHashes)], HASHES_PER_STATEMENT)) {
        const rows = await database.read
          .selectFrom('rag_token_states')
          .select(['text_hash', 'bits', 'tokens', 'codes'])
          .where('encoder', '=', encoder)
          .where('text_hash', 'in', part)
          .execute();
        for (const row of rows) {
          const states = fromTokenCodes({
            ids: toTokens(row.tokens),
            codes: row.codes,
            bits: row.bits === 4 ? 4 : 2,
          });
          found.set(row.text_hash, states);
        }
      }
      return found;
    },
    async tokensOf({ encoder, textHashes }) {
      const found = new Map<string, Int32Array>();
      for (const part of inParts([...new Set(textHashes)], HASHES_PER_STATEMENT)) {
        const rows = await database.read
          .selectFrom('rag_token_states')
          .select(['text_hash', 'tokens'])
          .where('encoder', '=', encoder)
          .where('text_hash', 'in', part)
          .execute();
        for (const row of rows) found.set(row.text_hash, toTokens(row.tokens));
      }
      return found;
    },
    async bitsOf({ encoder, textHashes }) {
      const found = new Map<string, TokenCodeBits>();
      for (const part of inParts([...new Set(textHashes)], HASHES_PER_STATEMENT)) {
        const rows = await database.read
          .selectFrom('rag_token_states')
          .select(['text_hash', 'bits'])
          .where('encoder', '=', encoder)
          .where('text_hash', 'in', part)
          .execute();
        for (const row of rows) found.set(row.text_hash, row.bits === 4 ? 4 : 2);
      }
      return found;
    },
    set: ({ encoder, entries, bits = defaultBits }) =>
      database.write(async (trx) => {
        for (const part of inParts(entries, ROWS_PER_INSERT)) {
          await trx
            .insertInto('rag_token_states')
            .values(
              part.map(({ textHash, states }) => ({
                encoder,
                text_hash: textHash,
                bits,
                tokens: bytesOf(states.ids),
                codes: toTokenCodes(states, bits),
              })),
            )
            .onConflict((conflict) =>
              conflict
                .columns(['encoder', 'text_hash'])
                .doUpdateSet((row) => ({
                  bits: row.ref('excluded.bits'),
                  tokens: row.ref('excluded.tokens'),
                  codes: row.ref('excluded.codes'),
                }))
                .where('rag_token_states.bits', '!=', bits),
            )
            .execute();
        }
      }),
    forget: (textHashes) =>
      database.write(async (trx) => {
        let count = 0;
        for (const part of inParts([...new Set(textHashes)], HASHES_PER_STATEMENT)) {
          const { numDeletedRows } = await trx
            .deleteFrom('rag_token_states')
            .where('text_hash', 'in', part)
            .executeTakeFirst();
          count += Number(numDeletedRows);
        }
        return count;
      }),
    purge: () => database.purge(),
    close: () => database.close(),
  };
}

function bytesOf(tokens: Int32Array): Uint8Array {
  return new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength);
}

/** A copy, because rows may lie at places where no integer can begin. */
function toTokens(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.slice().buffer);
}

function* inParts<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
