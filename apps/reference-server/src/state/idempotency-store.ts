import { createHash } from 'node:crypto';
import type { Clock, JsonValue, Logger } from '@espalier/core';
import type { Database } from '@espalier/database';
import { createLeaseHolder } from './create-lease-holder.js';
import type { IdempotencyTable, ServerTables } from './server-tables.js';

/** What identifies a request that may be repeated. */
export interface IdempotentRequest {
  readonly keyId: string;
  /** Method and path. */
  readonly route: string;
  readonly idempotencyKey: string;
  /** SHA-256 of the request's meaning, see {@link hashJson} and {@link hashParts}. */
  readonly bodyHash: string;
}

/** A stored answer. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: JsonValue;
}

/** Whether a request is new, is a repeat, still runs, or misuses its key. */
export type IdempotencyClaim =
  | { readonly kind: 'new' }
  | { readonly kind: 'repeat'; readonly answer: StoredAnswer }
  | { readonly kind: 'in-flight' }
  | { readonly kind: 'mismatch' };

/** Keeps answers for 24 hours, so that a repeated `POST` has its effect once. */
export interface IdempotencyStore {
  claim(request: IdempotentRequest): Promise<IdempotencyClaim>;
  complete(request: IdempotentRequest, answer: StoredAnswer): Promise<void>;
  /** Takes a claim back, so that the request may be made again. */
  release(request: IdempotentRequest): Promise<void>;
  /** Forgets what is older than 24 hours. */
  prune(): Promise<void>;
  /** Renews no lease any more. */
  close(): Promise<void>;
}

const KEEP_MS = 24 * 60 * 60 * 1000;

/**
 * Creates the store over a database that several servers may share.
 *
 * A claim belongs to the process that made it, which renews it while its request runs. It is free again when that process
 * has died: at once where this can be told, as on the same machine, else when its lease runs out.
 */
export async function createIdempotencyStore(options: {
  database: Database<ServerTables>;
  clock: Clock;
  logger: Logger;
  /** Names this store among all that share the database. */
  owner?: string;
}): Promise<IdempotencyStore> {
  const { database, clock, logger } = options;
  const leases = createLeaseHolder({
    async renew(lease) {
      await database.write(async (trx) => {
        await trx
          .updateTable('idempotency')
          .set(lease)
          .where('owner', '=', lease.owner)
          .where('status', 'is', null)
          .execute();
      });
    },
    clock,
    logger,
    owner: options.owner,
  });
  const { owner } = leases;
  const isAbandoned = (row: Pick<IdempotencyTable, 'status' | 'owner' | 'lease_until_ms'>) =>
    row.status === null && leases.isAbandoned(row);

  await database.write(async (trx) => {
    const open = await trx
      .selectFrom('idempotency')
      .selectAll()
      .where('status', 'is', null)
      .execute();
    for (const { key_id, route, idempotency_key } of open.filter(isAbandoned))
      await trx
        .deleteFrom('idempotency')
        .where('key_id', '=', key_id)
        .where('route', '=', route)
        .where('idempotency_key', '=', idempotency_key)
        .execute();
    await trx
      .deleteFrom('idempotency')
      .where('created_at_ms', '<', clock.now() - KEEP_MS)
      .execute();
  });

  return {
    async claim(request) {
      const claim = await database.write(async (trx): Promise<IdempotencyClaim> => {
        const row = await trx
          .selectFrom('idempotency')
          .selectAll()
          .where('key_id', '=', request.keyId)
          .where('route', '=', request.route)
          .where('idempotency_key', '=', request.idempotencyKey)
          .executeTakeFirst();
        if (
          row !== undefined &&
          Number(row.created_at_ms) >= clock.now() - KEEP_MS &&
          !isAbandoned(row)
        ) {
          if (row.body_hash !== request.bodyHash) return { kind: 'mismatch' };
          if (row.status === null || row.answer === null) return { kind: 'in-flight' };
          return {
            kind: 'repeat',
            answer: { status: row.status, body: JSON.parse(row.answer) as JsonValue },
          };
        }
        const values = {
          key_id: request.keyId,
          route: request.route,
          idempotency_key: request.idempotencyKey,
          body_hash: request.bodyHash,
          created_at_ms: clock.now(),
          status: null,
          answer: null,
          ...leases.lease(),
        };
        await trx
          .insertInto('idempotency')
          .values(values)
          .onConflict((conflict) =>
            conflict.columns(['key_id', 'route', 'idempotency_key']).doUpdateSet(values),
          )
          .execute();
        return { kind: 'new' };
      });
      if (claim.kind === 'new') leases.hold();
      return claim;
    },
    async complete(request, answer) {
      await database
        .write(async (trx) => {
          await trx
            .updateTable('idempotency')
            .set({ status: answer.status, answer: JSON.stringify(answer.body) })
            .where('key_id', '=', request.keyId)
            .where('route', '=', request.route)
            .where('idempotency_key', '=', request.idempotencyKey)
            .where('owner', '=', owner)
            .execute();
        })
        .finally(leases.letGo);
    },
    async release(request) {
      await database
        .write(async (trx) => {
          await trx
            .deleteFrom('idempotency')
            .where('key_id', '=', request.keyId)
            .where('route', '=', request.route)
            .where('idempotency_key', '=', request.idempotencyKey)
            .where('owner', '=', owner)
            .where('status', 'is', null)
            .execute();
        })
        .finally(leases.letGo);
    },
    prune: () =>
      database.write(async (trx) => {
        await trx
          .deleteFrom('idempotency')
          .where('created_at_ms', '<', clock.now() - KEEP_MS)
          .execute();
      }),
    async close() {
      leases.close();
    },
  };
}

/** The hash of a JSON value: the order of members and white space make no difference. */
export function hashJson(value: JsonValue): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** The hash of named pieces of bytes, in their order. */
export function hashParts(parts: Iterable<{ name: string; bytes: Uint8Array }>): string {
  const hash = createHash('sha256');
  for (const { name, bytes } of parts)
    hash.update(`${JSON.stringify(name)}:${bytes.length}:`).update(bytes);
  return hash.digest('hex');
}

function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as JsonValue)}`);
  return `{${members.join(',')}}`;
}
