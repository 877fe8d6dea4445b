import type { Clock, IdGenerator } from '@espalier/core';
import type { Database } from '@espalier/database';
import type { CreatedKeyObject, KeyObject, KeyRole } from '@espalier/protocol';
import { WHOLE_SCOPE, type KnowledgeScope } from '../knowledge/knowledge-scope.js';
import { createSecret, hashSecret } from './hash-secret.js';
import type { ApiKeyTable, ServerTables } from './server-tables.js';

/** Who calls, told by the key. */
export interface Principal {
  readonly keyId: string;
  readonly role: KeyRole;
  /** What of the knowledge bases it sees. */
  readonly scope: KnowledgeScope;
}

/** What a look at a key tells. */
export type KeyCheck =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly reason: 'unknown' | 'expired' | 'revoked' };

/** Keeps API keys. */
export interface KeyStore {
  /** Tells whose key it is; answers from memory where only this process writes keys. */
  check(secret: string): KeyCheck | Promise<KeyCheck>;
  create(options: {
    name: string;
    role: KeyRole;
    expiresAtMs?: number | undefined;
    scope?: KnowledgeScope;
  }): Promise<CreatedKeyObject>;
  /** Resolves to `undefined` where there is none. Holds from the next check on. */
  revoke(id: string): Promise<KeyObject | undefined>;
  /** Newest first. */
  list(options: { afterId?: string | undefined; limit: number }): Promise<readonly KeyObject[]>;
  /** What a key sees, also one that is no longer valid. */
  scopeOf(keyId: string): Promise<KnowledgeScope>;
  hasAny(): boolean;
  /** Accepts a secret as an administrator's for the life of the process; it is stored nowhere. */
  trustLocal(secret: string): void;
}

const PREFIX_LENGTH = 10;
const LOCAL_PRINCIPAL: Principal = {
  keyId: 'key_local',
  role: 'admin',
  scope: WHOLE_SCOPE,
};

/** Opens the store and reads its keys. */
export async function createKeyStore(options: {
  database: Database<ServerTables>;
  clock: Clock;
  ids: IdGenerator;
}): Promise<KeyStore> {
  const { database, clock, ids } = options;
  const isShared = database.dialect === 'postgres';
  const byHash = new Map<string, ApiKeyTable>();
  const localHashes = new Set<string>();
  for (const row of await database.read.selectFrom('api_keys').selectAll().execute())
    byHash.set(row.hash, row);

  const judge = (row: ApiKeyTable | undefined): KeyCheck => {
    if (row === undefined) return { ok: false, reason: 'unknown' };
    if (row.revoked_at_ms !== null) return { ok: false, reason: 'revoked' };
    if (row.expires_at_ms !== null && Number(row.expires_at_ms) <= clock.now())
      return { ok: false, reason: 'expired' };
    return { ok: true, principal: { keyId: row.id, role: row.role, scope: scopeOf(row) } };
  };
  const readShared = async (hash: string): Promise<KeyCheck> =>
    judge(
      await database.read
        .selectFrom('api_keys')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst(),
    );

  return {
    check(secret) {
      const hash = hashSecret(secret);
      if (localHashes.has(hash)) return { ok: true, principal: LOCAL_PRINCIPAL };
      return isShared ? readShared(hash) : judge(byHash.get(hash));
    },
    async create({ name, role, expiresAtMs, scope = WHOLE_SCOPE }) {
      const secret = createSecret();
      const row: ApiKeyTable = {
        id: ids('key'),
        name: name.toWellFormed(),
        role,
        hash: hashSecret(secret),
        prefix: secret.slice(0, PREFIX_LENGTH),
        created_at_ms: clock.now(),
        expires_at_ms: expiresAtMs ?? null,
        revoked_at_ms: null,
        tenant: scope.tenant ?? null,
        principals: scope.principals === undefined ? null : JSON.stringify(scope.principals),
      };
      await database.write(async (trx) => {
        await trx.insertInto('api_keys').values(row).execute();
      });
      byHash.set(row.hash, row);
      return { ...toKeyObject(row), key: secret };
    },
    async revoke(id) {
      const nowMs = clock.now();
      const row = await database.write(async (trx) => {
        await trx
          .updateTable('api_keys')
          .set({ revoked_at_ms: nowMs })
          .where('id', '=', id)
          .where('revoked_at_ms', 'is', null)
          .execute();
        return trx.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
      });
      if (row === undefined) return undefined;
      byHash.set(row.hash, row);
      return toKeyObject(row);
    },
    async list({ afterId, limit }) {
      let query = database.read
        .selectFrom('api_keys')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit);
      if (afterId !== undefined) query = query.where('id', '<', afterId);
      return (await query.execute()).map(toKeyObject);
    },
    async scopeOf(keyId) {
      const row = await database.read
        .selectFrom('api_keys')
        .selectAll()
        .where('id', '=', keyId)
        .executeTakeFirst();
      return row === undefined ? WHOLE_SCOPE : scopeOf(row);
    },
    hasAny: () => byHash.size > 0,
    trustLocal(secret) {
      localHashes.add(hashSecret(secret));
    },
  };
}

function scopeOf(row: ApiKeyTable): KnowledgeScope {
  return {
    ...(row.tenant !== null && { tenant: row.tenant }),
    ...(row.principals !== null && { principals: JSON.parse(row.principals) as string[] }),
  };
}

function toKeyObject(row: ApiKeyTable): KeyObject {
  const time = (value: number | null): string | null =>
    value === null ? null : new Date(Number(value)).toISOString();
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    prefix: row.prefix,
    tenant: row.tenant,
    principals: scopeOf(row).principals?.slice() ?? null,
    createdAt: new Date(Number(row.created_at_ms)).toISOString(),
    expiresAt: time(row.expires_at_ms),
    revokedAt: time(row.revoked_at_ms),
  };
}
