import type { Logger } from '@espalier/core';
import type { BaseRegistry } from '../../catalogue/base-registry.js';
import type { EmbeddingPipeline } from '../../embedding/create-embedding-pipeline.js';

/** Removes what nobody can see any more: what a drop, a finished rebuild or a killed process left behind. */
export async function buryDoomed(
  context: {
    registry: BaseRegistry;
    dropIndex: (key: string) => Promise<void>;
    embedder: EmbeddingPipeline;
    logger: Logger;
  },
  options: { except?: ReadonlySet<string> } = {},
): Promise<void> {
  for (const key of await context.registry.doomed()) {
    if (options.except?.has(key) === true) continue;
    try {
      await context.dropIndex(key);
      await context.embedder.forget(await context.registry.ownTextHashes(key));
      await context.registry.bury(key);
    } catch (error) {
      // It stays noted, and the next call tries again.
      context.logger.warn('What was dropped could not be removed yet.', {
        key,
        problem: String(error),
      });
    }
  }
}
