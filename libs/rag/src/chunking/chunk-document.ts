import type { Chunker, Document, ModelChunker, ModelChunkResult } from '@espalier/core';

/** Cuts a document with a chunker of either kind. */
export async function chunkDocument(
  chunker: Chunker | ModelChunker,
  options: { readonly document: Document; readonly abortSignal?: AbortSignal },
): Promise<ModelChunkResult> {
  options.abortSignal?.throwIfAborted();
  if ('doChunk' in chunker) return chunker.doChunk(options);
  return { chunks: chunker.chunk(options.document), usage: {}, warnings: [] };
}
