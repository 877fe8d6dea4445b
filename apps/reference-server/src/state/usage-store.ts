import type { Clock, Logger, Usage } from '@espalier/core';
import type { Database } from '@espalier/database';
import type { UsageRow } from '@espalier/protocol';
import type { ServerTables, UsageTable } from './server-tables.js';

/** What one request took. */
export interface UsageEntry {
  readonly keyId: string;
  readonly modelId: string;
  readonly usage: Usage;
  readonly costUsd?: number | undefined;
}

/** Counts what keys use, by day and model. */
export interface UsageStore {
  /** Counts in memory; written within a second. Never throws. */
  record(entry: UsageEntry): void;
  flush(): Promise<void>;
  /** Rows in order of day, key and model. */
  list(options: {
    from?: string | undefined;
    to?: string | undefined;
    keyId?: string | undefined;
    after?: readonly [string, string, string] | undefined;
    limit: number;
  }): Promise<readonly UsageRow[]>;
}

const FLUSH_MS = 1000;

/** Creates the store. */
export function createUsageStore(options: {
  database: Database<ServerTables>;
  clock: Clock;
  logger: Logger;
}): UsageStore {
  const { database, clock, logger } = options;
  let pending = new Map<string, UsageTable>();
  let cancelTimer: (() => void) | undefined;

  const flush = async (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    if (pending.size === 0) return;
    const rows = [...pending.values()];
    pending = new Map();
    await database.write(async (trx) => {
      for (const row of rows) {
        await trx
          .insertInto('usage')
          .values(row)
          .onConflict((conflict) =>
            conflict.columns(['day', 'key_id', 'model_id']).doUpdateSet((eb) => ({
              requests: eb('usage.requests', '+', row.requests),
              input_tokens: eb('usage.input_tokens', '+', row.input_tokens),
              output_tokens: eb('usage.output_tokens', '+', row.output_tokens),
              cost_usd: eb('usage.cost_usd', '+', row.cost_usd),
            })),
          )
          .execute();
      }
    });
  };

  const flushLater = (): void => {
    cancelTimer ??= clock.setTimer(FLUSH_MS, () => {
      flush().catch((error: unknown) => {
        logger.error('Usage could not be written.', { error: String(error) });
      });
    });
  };

  return {
    record(entry) {
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const id = JSON.stringify([day, entry.keyId, entry.modelId]);
      const row = pending.get(id) ?? {
        day,
        key_id: entry.keyId,
        model_id: entry.modelId,
        requests: 0,
        input_tokens: 0,
        output_tokens: 0,
        cost_usd: 0,
      };
      row.requests += 1;
      row.input_tokens += entry.usage.inputTokens ?? 0;
      row.output_tokens += entry.usage.outputTokens ?? 0;
      row.cost_usd += entry.costUsd ?? 0;
      pending.set(id, row);
      flushLater();
    },
    flush,
    async list({ from, to, keyId, after, limit }) {
      await flush();
      let query = database.read
        .selectFrom('usage')
        .selectAll()
        .orderBy('day')
        .orderBy('key_id')
        .orderBy('model_id')
        .limit(limit);
      if (from !== undefined) query = query.where('day', '>=', from);
      if (to !== undefined) query = query.where('day', '<=', to);
      if (keyId !== undefined) query = query.where('key_id', '=', keyId);
      if (after !== undefined) {
        const [day, key, model] = after;
        query = query.where((eb) =>
          eb.or([
            eb('day', '>', day),
            eb.and([eb('day', '=', day), eb('key_id', '>', key)]),
            eb.and([eb('day', '=', day), eb('key_id', '=', key), eb('model_id', '>', model)]),
          ]),
        );
      }
      return (await query.execute()).map((row) => ({
        day: row.day,
        keyId: row.key_id,
        modelId: row.model_id,
        requests: Number(row.requests),
        inputTokens: Number(row.input_tokens),
        outputTokens: Number(row.output_tokens),
        costUsd: Number(row.cost_usd),
      }));
    },
  };
}
