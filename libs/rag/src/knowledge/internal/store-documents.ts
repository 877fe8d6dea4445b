import type { StoredDocument } from '../../catalogue/catalogue.js';
import { toRecord } from './corpus.js';
import { indexedTextOf, type CutDocument, type HashedChunk } from './cut-document.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';

/** A document that is ready to be stored. */
export interface PreparedDocument extends CutDocument {
  readonly document: StoredDocument;
}

/**
 * Brings a batch into store and catalogue.
 *
 * The order makes it safe to die at any point: first the catalogue notes what the store may soon hold, then the store
 * takes the vectors, then one transaction makes them owned and what they replace stray, then strays are removed.
 */
export async function storeDocuments(
  parts: KnowledgeBaseParts,
  batch: readonly PreparedDocument[],
  options: { abortSignal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { catalogue, corpus, index } = parts;
  const { abortSignal } = options;
  const chunks = batch.flatMap(({ document, chunks: own, vectors }) =>
    own.map((chunk, place) => ({ document, chunk, vector: vectors?.[place] })),
  );
  const vectors = await vectorsOf(parts, chunks, abortSignal);
  abortSignal?.throwIfAborted();
  const records = chunks.map(({ document, chunk }, place) =>
    toRecord(document, chunk, vectors[place] as Float32Array),
  );
  const replaced = batch.flatMap(({ document }) => corpus.documents.get(document.id)?.chunks ?? []);
  const gone = replaced.map(({ id }) => id);
  const fresh = records.map(({ id }) => id).filter((id) => corpus.ownerOf(id) === undefined);

  await catalogue.addStrays(fresh);
  for (let start = 0; start < records.length; start += parts.maxRecordsPerUpsert) {
    await index.upsert({ records: records.slice(start, start + parts.maxRecordsPerUpsert) });
  }
  await parts.lexicalFiles.remove(parts.storageKey);
  await catalogue.commit({ write: batch, remove: [], goneChunkIds: gone });
  for (const { document, chunks: own } of batch) corpus.set(document, own);
  const kept = new Set(records.map(({ id }) => id));
  await sweepStrays(
    parts,
    gone.filter((id) => !kept.has(id)),
  );
  await forgetGone(
    parts,
    replaced.map(({ textHash }) => textHash),
  );
}

/** What a removal took away. Counts are of what was there. */
export interface Removal {
  readonly documentIds: readonly string[];
  readonly chunks: number;
  readonly vectors: number;
  readonly cachedEmbeddings: number;
}

/** Removes documents from catalogue, store, cache and memory; ids that are not there are left out. */
export async function removeDocuments(
  parts: KnowledgeBaseParts,
  ids: readonly string[],
): Promise<Removal> {
  const { corpus, catalogue } = parts;
  const documentIds = [...new Set(ids)].filter((id) => corpus.documents.has(id));
  if (documentIds.length === 0) return { documentIds, chunks: 0, vectors: 0, cachedEmbeddings: 0 };
  const chunks = documentIds.flatMap((id) => corpus.documents.get(id)?.chunks ?? []);
  const gone = chunks.map(({ id }) => id);
  await parts.lexicalFiles.remove(parts.storageKey);
  await catalogue.commit({ write: [], remove: documentIds, goneChunkIds: gone });
  for (const id of documentIds) corpus.delete(id);
  const vectors = await sweepStrays(parts, gone);
  const cachedEmbeddings = await forgetGone(
    parts,
    chunks.map(({ textHash }) => textHash),
  );
  return { documentIds, chunks: gone.length, vectors, cachedEmbeddings };
}

/** Removes vectors from the store that no chunk owns, and forgets that they were there; resolves to how many. */
export async function sweepStrays(
  parts: KnowledgeBaseParts,
  ids: readonly string[],
): Promise<number> {
  const strays = ids.filter((id) => parts.corpus.ownerOf(id) === undefined);
  const removed = strays.length > 0 ? await parts.index.delete({ ids: strays }) : 0;
  if (ids.length > 0) await parts.catalogue.clearStrays(ids);
  return removed;
}

/** Removes from the cache the vectors of words that no chunk holds any more. */
function forgetGone(parts: KnowledgeBaseParts, textHashes: readonly string[]): Promise<number> {
  return parts.embedder.forget(
    textHashes.filter((hash) => parts.corpus.chunkWithText(hash) === undefined),
  );
}

/** Vectors of chunks: the chunker's own, else those of the store for the same words, else embedded. */
async function vectorsOf(
  parts: KnowledgeBaseParts,
  chunks: readonly { chunk: HashedChunk; vector: Float32Array | undefined }[],
  abortSignal: AbortSignal | undefined,
): Promise<readonly Float32Array[]> {
  const twins = chunks.map(({ chunk, vector }) =>
    // A chunker that gives vectors has seen more than the chunk: equal words need not have equal vectors.
    vector === undefined ? parts.corpus.chunkWithText(chunk.textHash) : undefined,
  );
  const ids = [...new Set(twins.filter((id) => id !== undefined))];
  const found = ids.length === 0 ? [] : await parts.index.get({ ids });
  const known = new Map(found.map(({ id, vector }) => [id, vector]));
  const place = (n: number): Float32Array | undefined =>
    chunks[n]?.vector ?? known.get(twins[n] ?? '');
  const texts = chunks.flatMap(({ chunk }, n) =>
    place(n) === undefined ? [indexedTextOf(chunk)] : [],
  );
  const embedded = (await parts.embedder.embed({ texts, abortSignal })).values();
  return chunks.map((_, n) => place(n) ?? (embedded.next().value as Float32Array));
}
