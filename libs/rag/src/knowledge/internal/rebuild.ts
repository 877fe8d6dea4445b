import type { VectorIndex } from '@espalier/core';
import type { BaseRegistry, BaseRow, RebuildRow } from '../../catalogue/base-registry.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import type { ReindexReport, WorkOptions } from '../lifecycle.js';
import { createCorpus } from './corpus.js';
import { cutDocument } from './cut-document.js';
import { hashText } from '../../embedding/hash-text.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';
import {
  removeDocuments,
  storeDocuments,
  sweepStrays,
  type PreparedDocument,
} from './store-documents.js';

const CHUNKS_PER_BATCH = 128;
const DOCUMENTS_PER_BATCH = 64;

/** What a rebuild needs. */
export interface RebuildContext {
  readonly row: BaseRow;
  readonly registry: BaseRegistry;
  readonly catalogueOf: (key: string) => Catalogue;
  readonly openIndex: (key: string) => Promise<VectorIndex>;
  /** Drops what a rebuild with another model had begun. */
  readonly clean: () => Promise<void>;
  /** The parts that do not depend on the key. */
  readonly common: Omit<KnowledgeBaseParts, 'storageKey' | 'catalogue' | 'corpus' | 'index'>;
}

/**
 * Builds a knowledge base anew under another key, then puts it in the place of the old one in one transaction.
 *
 * What was built before a kill or an abort is found again; documents that changed since are built again.
 */
export async function rebuild(
  context: RebuildContext,
  options: WorkOptions,
): Promise<{ report: ReindexReport; parts: KnowledgeBaseParts }> {
  const { row, registry, common } = context;
  const { abortSignal, onProgress } = options;
  const startedAt = common.clock.monotonic();
  abortSignal?.throwIfAborted();
  const to = { embedding: common.embedder.embedding, dimension: common.embedder.model.dimension };
  const job = await begin(context, to);
  const old = context.catalogueOf(row.storage_key);
  const parts: KnowledgeBaseParts = {
    ...common,
    storageKey: job.new_key,
    catalogue: context.catalogueOf(job.new_key),
    corpus: createCorpus(),
    index: await context.openIndex(job.new_key),
  };
  const { corpus } = parts;
  for await (const { document, chunks } of parts.catalogue.documents())
    corpus.set(document, chunks);
  await sweepStrays(parts, await parts.catalogue.strays());

  const total = await old.countDocuments();
  const seen = new Set<string>();
  let resumed = 0;
  let batch: PreparedDocument[] = [];
  let chunksInBatch = 0;
  const flush = async (): Promise<void> => {
    const current = batch;
    batch = [];
    chunksInBatch = 0;
    if (current.length > 0) await storeDocuments(parts, current, { abortSignal });
    onProgress?.({ done: seen.size, total });
  };
  onProgress?.({ done: 0, total });
  for await (const { document, chunks } of old.documents()) {
    abortSignal?.throwIfAborted();
    seen.add(document.id);
    const built = corpus.documents.get(document.id);
    const isBuilt =
      built?.contentHash === document.contentHash &&
      (document.structure === undefined || built.chunkedBy === parts.chunker.fingerprint);
    if (isBuilt) {
      resumed += 1;
      continue;
    }
    const { text, structure } = document;
    if (structure === undefined) {
      const kept = chunks.map((chunk) => {
        const own = text.slice(chunk.span.start, chunk.span.end);
        return { ...chunk, text: own, textHash: hashText(chunk.indexText ?? own) };
      });
      batch.push({ document, chunks: kept });
    } else {
      const cut = await cutDocument(parts.chunker, { ...document, ...structure }, abortSignal);
      batch.push({ document: { ...document, chunkedBy: parts.chunker.fingerprint }, ...cut });
    }
    chunksInBatch += batch.at(-1)?.chunks.length ?? 0;
    if (chunksInBatch >= CHUNKS_PER_BATCH || batch.length >= DOCUMENTS_PER_BATCH) await flush();
  }
  await flush();
  const gone = [...corpus.documents.keys()].filter((id) => !seen.has(id));
  await removeDocuments(parts, gone);
  abortSignal?.throwIfAborted();
  await registry.finishRebuild(job);
  return {
    parts,
    report: {
      documents: corpus.documents.size,
      chunks: corpus.chunkCount,
      resumed,
      from: { embedding: row.embedding, dimension: row.dimension },
      to,
      durationMs: common.clock.monotonic() - startedAt,
    },
  };
}

/** Takes up an earlier rebuild with the same model, else begins one. */
async function begin(
  { row, registry, clean }: RebuildContext,
  to: { embedding: string; dimension: number },
): Promise<RebuildRow> {
  const earlier = await registry.rebuildOf(row.storage_key);
  if (earlier?.embedding === to.embedding && earlier.dimension === to.dimension) return earlier;
  if (earlier !== undefined) {
    await registry.abandonRebuild(earlier);
    await clean();
  }
  const job: RebuildRow = {
    storage_key: row.storage_key,
    new_key: await registry.freeKey(row.tenant, row.name),
    ...to,
  };
  await registry.beginRebuild(job);
  return job;
}
