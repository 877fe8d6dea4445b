import type { StoredDocument } from '../../catalogue/catalogue.js';
import { hashText } from '../../embedding/hash-text.js';
import type { WorkOptions } from '../lifecycle.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';
import { decodeVector, type SnapshotDocument } from './snapshot-format.js';
import { storeDocuments, type PreparedDocument } from './store-documents.js';

const CHUNKS_PER_BATCH = 256;

/** Stores the documents of a snapshot; vectors of another model, or missing ones, are embedded. */
export async function restoreDocuments(
  parts: KnowledgeBaseParts,
  snapshot: { documents: AsyncIterable<SnapshotDocument>; isSameModel: boolean },
  options: WorkOptions,
): Promise<void> {
  const { abortSignal, onProgress } = options;
  let batch: PreparedDocument[] = [];
  let chunksInBatch = 0;
  let done = 0;
  const flush = async (): Promise<void> => {
    const current = batch;
    batch = [];
    chunksInBatch = 0;
    if (current.length > 0) await storeDocuments(parts, current, { abortSignal });
    done += current.length;
    // How many there are is known at the end of the file only.
    onProgress?.({ done, total: done });
  };
  for await (const { document, chunks } of snapshot.documents) {
    abortSignal?.throwIfAborted();
    const vectors = snapshot.isSameModel
      ? chunks.map(({ vector }) => decodeVector(vector, parts.index.dimension))
      : [];
    const isWhole = snapshot.isSameModel && vectors.every((vector) => vector !== undefined);
    batch.push({
      document: document as StoredDocument,
      chunks: chunks.map(({ vector: _, ...chunk }) => {
        const text = document.text.slice(chunk.span.start, chunk.span.end);
        const { indexText, parent, ...rest } = chunk;
        return {
          ...rest,
          documentId: document.id,
          text,
          ...(indexText === undefined ? {} : { indexText }),
          ...(parent === undefined ? {} : { parent }),
          textHash: hashText(indexText ?? text),
        };
      }),
      ...(isWhole && { vectors }),
    });
    chunksInBatch += chunks.length;
    if (chunksInBatch >= CHUNKS_PER_BATCH) await flush();
  }
  await flush();
}
