import type {
  ErrorInfo,
  JsonObject,
  Retriever,
  RetrieveOptions,
  RetrieveResult,
} from '@espalier/core';

/** A document to be ingested. */
export interface IngestSource {
  /** Relative path or URI; also the id of the document. */
  readonly source: string;
  readonly bytes: Uint8Array;
  /** Told from the ending of `source` where absent. */
  readonly mediaType?: string;
  readonly metadata?: JsonObject;
  /** Who may read it; absent means everybody who may read the knowledge base, an empty list nobody. */
  readonly principals?: readonly string[];
}

/** How far an ingest has come. Counts are of documents, chunks of what has been embedded and stored. */
export interface IngestProgress {
  readonly phase: 'ingesting' | 'pruning' | 'finished';
  /** The document looked at last. */
  readonly source?: string;
  readonly seen: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly failed: number;
  readonly chunks: number;
}

/** One call of `ingest`. */
export interface IngestOptions {
  readonly sources: Iterable<IngestSource> | AsyncIterable<IngestSource>;
  /**
   * Removes documents that are not among the sources: all of them, or those whose source begins with `prefix`.
   * Default `false`. Runs only when all sources were read.
   */
  readonly prune?: boolean | { readonly prefix?: string };
  readonly onProgress?: (progress: IngestProgress) => void;
  readonly abortSignal?: AbortSignal;
}

/** A source that could not be ingested. */
export interface IngestFailure {
  readonly source: string;
  readonly error: ErrorInfo;
}

/** What an ingest did. Counts are of documents. */
export interface IngestReport {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly failed: readonly IngestFailure[];
  /** Chunks written, for documents added and updated. */
  readonly chunks: number;
  readonly durationMs: number;
}

/** A document without its text. */
export interface DocumentInfo {
  readonly id: string;
  readonly source: string;
  readonly title?: string;
  readonly mediaType: string;
  readonly metadata: JsonObject;
  readonly principals?: readonly string[];
  /** SHA-256 over bytes, media type, metadata, principals and the way of chunking, in hexadecimal. */
  readonly contentHash: string;
  readonly chunkCount: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A document with its text. */
export interface DocumentWithText extends DocumentInfo {
  readonly text: string;
}

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/** Facts about a knowledge base. */
export interface KnowledgeBaseInfo {
  readonly name: string;
  readonly description?: string;
  readonly embedding: string;
  readonly dimension: number;
  readonly createdAtMs: number;
}

/** The size of a knowledge base. */
export interface KnowledgeBaseStats {
  readonly documents: number;
  readonly chunks: number;
  readonly vectors: number;
}

/** A searchable set of documents. */
export interface KnowledgeBase {
  readonly name: string;
  readonly info: KnowledgeBaseInfo;
  /**
   * Adds, updates and (with `prune`) removes documents; what did not change costs one hash.
   *
   * A source that cannot be read is reported in `failed` and leaves what was stored for it untouched. When the call
   * rejects or the process dies, what was stored so far is whole, and the same call later completes it. Calls on one
   * knowledge base run one after the other.
   */
  ingest(options: IngestOptions): Promise<IngestReport>;
  /** Removes a document with its chunks and vectors; `false` where there is none of this id. */
  removeDocument(options: { id: string; abortSignal?: AbortSignal }): Promise<boolean>;
  /** Documents by id. Default limit 50, at most 500. */
  listDocuments(options?: {
    cursor?: string;
    limit?: number;
    principals?: readonly string[];
  }): Promise<Page<DocumentInfo>>;
  /**
   * @throws {DocumentUnknownError} `ERR_RAG_DOCUMENT_UNKNOWN`: not there, or not for these principals.
   */
  getDocument(options: { id: string; principals?: readonly string[] }): Promise<DocumentWithText>;
  /** Finds passages by words and by meaning. */
  search(options: RetrieveOptions): Promise<RetrieveResult>;
  /** The search as a port. */
  readonly retriever: Retriever;
  stats(): Promise<KnowledgeBaseStats>;
}

/** All knowledge bases of one folder. */
export interface KnowledgeBases {
  /**
   * @throws {KnowledgeBaseNameError} `ERR_RAG_KNOWLEDGE_BASE_NAME`
   * @throws {KnowledgeBaseExistsError} `ERR_RAG_KNOWLEDGE_BASE_EXISTS`
   */
  create(options: { name: string; description?: string }): Promise<KnowledgeBase>;
  /**
   * @throws {KnowledgeBaseUnknownError} `ERR_RAG_KNOWLEDGE_BASE_UNKNOWN`
   * @throws {IndexMismatchError} `ERR_RAG_INDEX_MISMATCH`: made with another embedding model.
   */
  get(name: string): Promise<KnowledgeBase>;
  list(): Promise<readonly KnowledgeBaseInfo[]>;
  /**
   * Removes a knowledge base with all of its documents and vectors.
   *
   * @throws {KnowledgeBaseUnknownError} `ERR_RAG_KNOWLEDGE_BASE_UNKNOWN`
   */
  drop(name: string): Promise<void>;
  /** Lets running ingests end their batch, then closes the catalogue. A store that was passed in stays open. */
  close(): Promise<void>;
}
