import type { Chunk, Chunker, Document, ModelChunker } from '@espalier/core';
import { chunkDocument } from '../../chunking/chunk-document.js';
import { hashText } from '../../embedding/hash-text.js';

/** A chunk with the hash of what is embedded of it. */
export type HashedChunk = Chunk & { readonly textHash: string };

/** A document's chunks, with their vectors where the chunker gave them. */
export interface CutDocument {
  readonly chunks: readonly HashedChunk[];
  readonly vectors?: readonly Float32Array[];
}

/** Cuts a document with either kind of chunker. */
export async function cutDocument(
  chunker: Chunker | ModelChunker,
  document: Document,
  abortSignal: AbortSignal | undefined,
): Promise<CutDocument> {
  const signal = abortSignal === undefined ? {} : { abortSignal };
  const { chunks, embeddings } = await chunkDocument(chunker, { document, ...signal });
  return { chunks: hashed(chunks), ...(embeddings === undefined ? {} : { vectors: embeddings }) };
}

/** What is indexed and embedded of a chunk. */
export function indexedTextOf(chunk: Pick<Chunk, 'text' | 'indexText'>): string {
  return chunk.indexText ?? chunk.text;
}

function hashed(chunks: readonly Chunk[]): HashedChunk[] {
  return chunks.map((chunk) => ({ ...chunk, textHash: hashText(indexedTextOf(chunk)) }));
}
