import type { JsonObject } from '../json/json-value.js';
import type { LineRange, Span } from '../messages/span.js';
import type { Usage } from '../model/usage.js';
import type { Warning } from '../model/warning.js';

/** A document as a loader leaves it: plain text with its structure. */
export interface Document {
  /** Unique within its knowledge base; by default its source. */
  readonly id: string;
  /** File path or URI, as shown to people. */
  readonly source: string;
  readonly title?: string;
  readonly mediaType: string;
  /** The whole text; every span below and in its chunks refers to it. */
  readonly text: string;
  /** Headings in order of position; absent where the format has none. */
  readonly headings?: readonly DocumentHeading[];
  /** Spans that should not be cut apart (code blocks, tables), in order. */
  readonly atoms?: readonly Span[];
  readonly metadata?: JsonObject;
  /** What its loader was not sure of, such as a guessed encoding. */
  readonly warnings?: readonly Warning[];
  /** Who may read it; absent means everybody who may read the knowledge base. */
  readonly principals?: readonly string[];
}

/** A heading inside a document. */
export interface DocumentHeading {
  /** 1 is the outermost. */
  readonly level: number;
  readonly text: string;
  /** Where the heading's line stands in the document's text. */
  readonly span: Span;
}

/** A piece of a document to be indexed. `text` is exactly `document.text.slice(span.start, span.end)`. */
export interface Chunk {
  readonly id: string;
  readonly documentId: string;
  /** Its place in the document, from 0. */
  readonly position: number;
  readonly text: string;
  readonly span: Span;
  readonly lines: LineRange;
  readonly headingPath: readonly string[];
  /**
   * What is indexed and embedded in place of `text`, where other words than the document's own help to find it (its
   * context, the parts of its identifiers). People and models are always shown `text`.
   */
  readonly indexText?: string;
  /** The larger part of the document to be read where this chunk is found (small to big). */
  readonly parent?: Span;
}

/** Bytes that a loader may turn into a document. */
export interface LoadOptions {
  readonly bytes: Uint8Array;
  /** File name or URI; its ending helps to tell the format. */
  readonly name: string;
  readonly mediaType?: string;
  readonly abortSignal?: AbortSignal;
}

/** Turns the bytes of some formats into documents. */
export interface DocumentLoader {
  readonly specificationVersion: 'v1';
  readonly name: string;
  /** Whether it reads this format, told by name and media type. */
  accepts(options: Pick<LoadOptions, 'name' | 'mediaType'>): boolean;
  load(options: LoadOptions): Promise<Document>;
}

/** Cuts a document into chunks that cover all of its non-blank text, in order. */
export interface Chunker {
  readonly specificationVersion: 'v1';
  readonly name: string;
  /** Everything that changes its output; part of the key under which chunks are cached. */
  readonly fingerprint: string;
  chunk(document: Document): readonly Chunk[];
}

/** What a {@link ModelChunker} made of a document. */
export interface ModelChunkResult {
  readonly chunks: readonly Chunk[];
  /** The vector of each chunk, in order, where the chunker embeds too (late chunking); of length 1. */
  readonly embeddings?: readonly Float32Array[];
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
}

/** A chunker that asks a model. Its chunks keep the promises of a {@link Chunker}. */
export interface ModelChunker {
  readonly specificationVersion: 'v1';
  readonly name: string;
  /** Everything that changes its output, the model among it; part of the key under which chunks are cached. */
  readonly fingerprint: string;
  doChunk(options: {
    readonly document: Document;
    readonly abortSignal?: AbortSignal;
  }): Promise<ModelChunkResult>;
}
