import { EspalierError, isAbortError, type Logger } from '@espalier/core';
import type { Database } from '@espalier/database';
import type { BaseRegistry } from '../../catalogue/base-registry.js';
import type { CatalogueSchema } from '../../catalogue/catalogue-schema.js';

/** What a purge could not do; a place that is absent is purged. */
export type PurgeProblems = Partial<Record<'catalogue' | 'embedding-cache', string>>;

/** Rewrites the files of catalogue and cache. */
export interface Purger {
  /** Calls that wait together share one rewrite, which begins after the last of them. */
  purge(): Promise<PurgeProblems>;
}

/** Creates the purger of one folder. */
export function createPurger(options: {
  database: Database<CatalogueSchema>;
  registry: BaseRegistry;
  /** What holds vectors or states by the hash of their texts. */
  caches: readonly { purge(): Promise<void> }[];
  logger: Logger;
}): Purger {
  const { database, registry, caches, logger } = options;
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<PurgeProblems> | undefined;

  const attempt = async (
    place: keyof PurgeProblems,
    work: () => Promise<void>,
  ): Promise<PurgeProblems> => {
    try {
      await work();
      return {};
    } catch (error) {
      if (isAbortError(error) || !EspalierError.isInstance(error)) throw error;
      logger.warn('Deleted bytes could not be purged yet; the next purge tries again.', {
        place,
        code: error.code,
        problem: error.message,
      });
      return { [place]: error.message };
    }
  };
  const work = async (): Promise<PurgeProblems> => {
    next = undefined;
    const due = await registry.purgeDue();
    const problems = {
      ...(await attempt('catalogue', () => database.purge())),
      ...(await attempt('embedding-cache', async () => {
        for (const cache of caches) await cache.purge();
      })),
    };
    if (problems.catalogue === undefined) await registry.clearPurgeDue(due);
    return problems;
  };

  return {
    purge() {
      if (next === undefined) {
        next = running.then(work, work);
        running = next.catch(() => undefined);
      }
      return next;
    },
  };
}
