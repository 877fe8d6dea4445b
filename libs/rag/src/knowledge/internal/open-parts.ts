import type { VectorIndex } from '@espalier/core';
import type { BaseRow } from '../../catalogue/base-registry.js';
import { IndexMismatchError } from '../../errors.js';
import type { WorkOptions } from '../lifecycle.js';
import type { BaseContext } from './base-context.js';
import { createCorpus } from './corpus.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';
import { repairIndex, type RepairCounts } from './repair-index.js';
import { sweepStrays } from './store-documents.js';

/**
 * Opens a knowledge base: reads the catalogue into memory and brings the store in line with it.
 *
 * @throws {IndexMismatchError} `ERR_RAG_INDEX_MISMATCH`: made by another embedding model.
 */
export async function openParts(
  context: BaseContext,
  row: BaseRow,
  options: WorkOptions & { from?: VectorIndex } = {},
): Promise<{ parts: KnowledgeBaseParts; repaired: RepairCounts }> {
  const { store, logger, wanted } = context;
  const { name, embedding, dimension, storage_key: storageKey } = row;
  if (context.infoOf(row).needsReindex) {
    throw new IndexMismatchError({ index: name, found: { embedding, dimension }, wanted });
  }
  const catalogue = context.catalogueOf(storageKey);
  const revision = await catalogue.revision();
  const { lexicalFiles } = context.common;
  const index = await context.openIndex(storageKey);
  const stored = await lexicalFiles.load(storageKey, revision);
  const corpus = createCorpus(stored);
  for await (const { document, chunks } of catalogue.documents()) corpus.set(document, chunks);
  if (stored === undefined && corpus.chunkCount > 0)
    await lexicalFiles.save(storageKey, revision, corpus);
  const parts: KnowledgeBaseParts = {
    ...context.partsOf(row),
    storageKey,
    catalogue,
    corpus,
    index,
  };
  await sweepStrays(parts, await catalogue.strays());
  const repaired = await repairIndex(parts, options);
  const isSurprising = store.limits.isPersistent && options.from === undefined;
  if (repaired.added + repaired.removed > 0 && isSurprising) {
    logger.warn('The vector index was out of step with the catalogue and has been repaired.', {
      knowledgeBase: name,
      ...repaired,
    });
  }
  return { parts, repaired };
}
