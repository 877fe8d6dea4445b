import type { BaseRegistry } from '../../catalogue/base-registry.js';
import type { ErasedPlace, EraseSelection, ErasureReport } from '../lifecycle.js';
import { buryDoomed } from './bury-doomed.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';
import type { Purger } from './purger.js';
import { removeDocuments } from './store-documents.js';

const STORE_IS_SILENT =
  'the store does not say whether it still holds bytes of what was deleted from it';

/** What erasing needs beside the parts of the knowledge base. */
export interface EraseContext {
  readonly name: string;
  readonly tenant: string;
  readonly registry: BaseRegistry;
  readonly dropIndex: (key: string) => Promise<void>;
  readonly purger: Purger;
}

/** Removes documents everywhere and purges the files. See `KnowledgeBase.erase`. */
export async function erase(
  parts: KnowledgeBaseParts,
  context: EraseContext,
  selection: EraseSelection & { readonly abortSignal?: AbortSignal },
): Promise<ErasureReport> {
  const { corpus, clock } = parts;
  selection.abortSignal?.throwIfAborted();
  const startedAt = clock.monotonic();
  const ids =
    'ids' in selection
      ? selection.ids
      : [...corpus.documents.values()]
          .filter(({ source }) => source.startsWith(selection.prefix))
          .map(({ id }) => id);
  const rebuild = await context.registry.rebuildOf(parts.storageKey);
  if (rebuild !== undefined && ids.some((id) => corpus.documents.has(id))) {
    await context.registry.abandonRebuild(rebuild);
    await buryDoomed({ ...context, embedder: parts.embedder, logger: parts.logger });
  }
  const removal = await removeDocuments(parts, ids);
  const isDue = (await context.registry.purgeDue()).length > 0;
  const places = isDue ? await purgePlaces(parts, context, removal) : [];
  return {
    knowledgeBase: context.name,
    ...(context.tenant === '' ? {} : { tenant: context.tenant }),
    documentIds: removal.documentIds,
    documents: removal.documentIds.length,
    chunks: removal.chunks,
    places,
    isComplete: places.every(({ isPurged }) => isPurged),
    erasedAtMs: clock.now(),
    durationMs: clock.monotonic() - startedAt,
  };
}

async function purgePlaces(
  parts: KnowledgeBaseParts,
  context: EraseContext,
  removal: Awaited<ReturnType<typeof removeDocuments>>,
): Promise<ErasedPlace[]> {
  const { index } = parts;
  await index.purge?.();
  const isKnown = index.purge !== undefined || !parts.isPersistent;
  const problems = await context.purger.purge();
  const place = (
    name: ErasedPlace['place'],
    removed: number,
    problem: string | undefined,
  ): ErasedPlace => ({
    place: name,
    removed,
    isPurged: problem === undefined,
    ...(problem === undefined ? {} : { problem }),
  });
  return [
    place('catalogue', removal.documentIds.length + removal.chunks, problems.catalogue),
    place('vectors', removal.vectors, isKnown ? undefined : STORE_IS_SILENT),
    place('lexical-index', removal.chunks, undefined),
    place('embedding-cache', removal.cachedEmbeddings, problems['embedding-cache']),
  ];
}
