import type {
  ErrorInfo,
  JsonObject,
  Passage,
  Retriever,
  RetrieveOptions,
  RetrieveResult,
  VectorStore,
} from '@espalier/core';
import type {
  EraseSelection,
  ErasureReport,
  HealthReport,
  MigrationReport,
  ReindexReport,
  RepairReport,
  SnapshotReport,
  WorkOptions,
} from './lifecycle.js';
import type { TokenCodeBits } from '../ranking/token-codes.js';
import type { LegWeights } from './search/rank-candidates.js';
import type { ContextOptions, KnowledgeContext } from './search/assemble.js';
import type { SearchExplanation } from './search/explanation.js';

/** A document to be ingested. */
export interface IngestSource {
  /** Relative path or URI; also the id of the document. */
  readonly source: string;
  /** The bytes, or what reads them when they are needed: not where `version` says that nothing changed. */
  readonly bytes: Uint8Array | (() => Promise<Uint8Array>);
  /**
   * Changes whenever the bytes do. Where it is what it was when the document was stored, the source counts as unchanged
   * without being read.
   */
  readonly version?: string;
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

/** A source whose bytes are known by their hash. */
export interface HashedSource extends Omit<IngestSource, 'bytes' | 'version'> {
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly sha256: string;
}

/** What an ingest did. Counts are of documents. */
export interface IngestReport {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly failed: readonly IngestFailure[];
  /** What loaders were not sure of, such as a guessed encoding, in documents added and updated. */
  readonly warnings: readonly { readonly source: string; readonly message: string }[];
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
  /** SHA-256 over bytes, media type, metadata and principals, in hexadecimal. */
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
  /** Whose it is; absent where it belongs to no tenant. */
  readonly tenant?: string;
  readonly description?: string;
  readonly embedding: string;
  readonly dimension: number;
  readonly createdAtMs: number;
  /** Whether it was made by another embedding model than the configured one: it opens only after `reindex`. */
  readonly needsReindex: boolean;
  /** How searches rank. */
  readonly ranking: {
    /** Bits in which token states are kept; `false`: searches do without them. */
    readonly tokenStates: false | TokenCodeBits;
    readonly weights: LegWeights;
    /** Whether a learned ranker has the last word. */
    readonly isLearned: boolean;
  };
}

/** A knowledge base in a list; told by the catalogue alone, so that it need not be opened. */
export interface ListedKnowledgeBase extends KnowledgeBaseInfo {
  readonly documents: number;
  readonly chunks: number;
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
   * Adds, updates and (with `prune`) removes documents; what did not change costs one hash, or one look at its version.
   *
   * A source that cannot be read is reported in `failed` and leaves what was stored for it untouched. When the call
   * rejects or the process dies, what was stored so far is whole, and the same call later completes it. Calls on one
   * knowledge base run one after the other. After a removal nothing of the document is left on disk; what an update
   * replaced is written over, and provably gone after the next removal or `purge`.
   */
  ingest(options: IngestOptions): Promise<IngestReport>;
  /**
   * The names of those sources that an ingest would store: new, changed, or cut in another way by now.
   *
   * Lets a caller send only what is needed.
   */
  findChanged(sources: readonly HashedSource[]): Promise<readonly string[]>;
  /** Erases one document; `false` where there is none of this id. */
  removeDocument(options: { id: string; abortSignal?: AbortSignal }): Promise<boolean>;
  /**
   * Removes documents from catalogue, vectors, lexical index and embedding cache, and rewrites the files, so that no
   * byte of their text and vectors is left. Cost: about that of copying the catalogue, whatever the number of documents.
   *
   * An unfinished `reindex` is given up, because it may hold them, too. Safe to kill: what was removed stays removed,
   * and the purge is done by the next removal or `purge`.
   */
  erase(options: EraseSelection & { readonly abortSignal?: AbortSignal }): Promise<ErasureReport>;
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
  /**
   * The passages that a document was cut into, in order, without scores.
   *
   * @throws {DocumentUnknownError} `ERR_RAG_DOCUMENT_UNKNOWN`: not there, or not for these principals.
   */
  passagesOf(options: { id: string; principals?: readonly string[] }): Promise<readonly Passage[]>;
  /**
   * Finds passages by words and by meaning.
   *
   * @throws {FilterFieldUnknownError} `ERR_RAG_FILTER_FIELD_INVALID`: no document that may be read has a field of the
   * filter.
   */
  search(options: RetrieveOptions): Promise<RetrieveResult>;
  /** The search as a port. */
  readonly retriever: Retriever;
  /**
   * Searches, and says how each passage came to its place: the rank and score of each leg, the scale it was put on, and
   * what each word of the query adds.
   *
   * For who may read everything: how rare words are is told over all documents, whoever asks.
   */
  explain(options: RetrieveOptions): Promise<SearchExplanation>;
  /** Searches, and assembles within a budget of tokens what a model is given of the result. */
  context(options: RetrieveOptions & ContextOptions): Promise<KnowledgeContext>;
  /** The search with its context assembled, as a port: passages may be joined, and grown by what stands around them. */
  contextRetriever(options: ContextOptions): Retriever;
  stats(): Promise<KnowledgeBaseStats>;
  /** Compares the index with the catalogue; reads every vector. Changes nothing. */
  health(options?: WorkOptions): Promise<HealthReport>;
  /** Puts right what `health` finds, as far as the catalogue allows; nothing that is right is touched. */
  repair(options?: WorkOptions): Promise<RepairReport>;
  /**
   * Writes documents, chunks and vectors to one file, whole or not at all. It can be restored anywhere, into any store.
   */
  snapshot(options: { readonly path: string } & WorkOptions): Promise<SnapshotReport>;
}

/** The knowledge bases of one tenant, or of none. */
export interface KnowledgeBaseSet {
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
  list(): Promise<readonly ListedKnowledgeBase[]>;
  /**
   * Removes a knowledge base with all of its documents and vectors, and purges the files.
   *
   * @throws {KnowledgeBaseUnknownError} `ERR_RAG_KNOWLEDGE_BASE_UNKNOWN`
   */
  drop(name: string): Promise<void>;
  /**
   * Builds the index anew from the texts in the catalogue, with the configured embedding model and chunker.
   *
   * The old one answers meanwhile, where it can be opened at all; the new one takes its place in one step at the end. A
   * call that was aborted or killed is taken up by the next one. Documents that were stored by a version that did not
   * keep their headings keep their chunks.
   *
   * @throws {KnowledgeBaseUnknownError} `ERR_RAG_KNOWLEDGE_BASE_UNKNOWN`
   */
  reindex(options: { readonly name: string } & WorkOptions): Promise<ReindexReport>;
  /**
   * Takes the vectors of a knowledge base over from another store, which it leaves as it is.
   *
   * To be called before the knowledge base is opened over the new store, where opening would embed what is missing.
   * What was copied before an abort or a kill is not copied again.
   *
   * @throws {IndexMismatchError} `ERR_RAG_INDEX_MISMATCH`: made with another embedding model; `reindex` it instead.
   */
  migrate(
    options: { readonly name: string; readonly from: VectorStore } & WorkOptions,
  ): Promise<MigrationReport>;
  /**
   * Makes a knowledge base from a snapshot, whole or not at all. Vectors of another embedding model are made anew.
   *
   * @throws {SnapshotInvalidError} `ERR_RAG_SNAPSHOT_INVALID`: cut off, damaged, or no snapshot.
   * @throws {KnowledgeBaseExistsError} `ERR_RAG_KNOWLEDGE_BASE_EXISTS`
   */
  restore(
    options: { readonly path: string; readonly name?: string } & WorkOptions,
  ): Promise<KnowledgeBase>;
}

/** All knowledge bases of one folder. */
export interface KnowledgeBases extends KnowledgeBaseSet {
  /**
   * The knowledge bases of one tenant: their names, rows and indexes are its own, and nothing of another tenant's, nor
   * of those without a tenant, can be reached through it.
   *
   * @throws {TenantNameError} `ERR_RAG_TENANT_NAME`
   */
  forTenant(tenant: string): KnowledgeBaseSet;
  /** Rewrites the files where something was deleted or replaced since the last time; resolves to whether it did. */
  purge(): Promise<boolean>;
  /** Lets running ingests end their batch, then closes the catalogue. A store that was passed in stays open. */
  close(): Promise<void>;
}
