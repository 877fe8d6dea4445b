import type { JsonObject } from '../json/json-value.js';
import type { Filter } from './filter.js';

/** One row of a vector index. */
export interface VectorRecord {
  readonly id: string;
  /** Shape: [dimension] f32, finite. */
  readonly vector: Float32Array;
  /** The text that the vector stands for. */
  readonly text: string;
  /** Scalar fields can be filtered on. */
  readonly metadata: JsonObject;
}

/** A record found by a query. */
export interface VectorMatch {
  readonly id: string;
  /** Cosine similarity in [-1, 1]; 1 is the same direction. */
  readonly score: number;
  readonly text: string;
  readonly metadata: JsonObject;
}

/** Which records an operation is about. */
export type VectorSelection = { readonly ids: readonly string[] } | { readonly filter: Filter };

/** How well an index is, as {@link VectorIndex.health} finds it. */
export interface VectorIndexHealth {
  readonly isHealthy: boolean;
  readonly records: number;
  /** Bytes that the index takes on disk, or in memory where it is kept there; absent where a service does not tell. */
  readonly bytes?: number;
  /** `exact`: compares with all; `approximate`: through an index. */
  readonly search: 'exact' | 'approximate';
  /** Recall@10 of an approximate search as it was last measured, in [0, 1]; absent where it was not. */
  readonly recall?: number;
  /** What is wrong and what to do, one sentence or two each; empty where nothing is. */
  readonly problems: readonly string[];
}

/** How far long work on an index has come. */
export interface VectorIndexProgress {
  /** Records done so far. */
  readonly done: number;
  /** Records in all, where known. */
  readonly total?: number;
}

/** One named set of vectors of one dimension, made by one embedding model. */
export interface VectorIndex {
  readonly name: string;
  /** Whose records these are, where the index is divided; no operation sees those of another namespace. */
  readonly namespace?: string;
  readonly dimension: number;
  /** Identifies the embedding model that made the vectors. */
  readonly embedding: string;
  /** Inserts, or replaces what has the same id; all records or none. The last of two equal ids in one call wins. */
  upsert(options: { records: readonly VectorRecord[]; abortSignal?: AbortSignal }): Promise<void>;
  /** Resolves to the number of records removed. */
  delete(options: VectorSelection & { abortSignal?: AbortSignal }): Promise<number>;
  /** The records with these ids, in order of the ids; unknown ids are left out. */
  get(options: {
    ids: readonly string[];
    abortSignal?: AbortSignal;
  }): Promise<readonly VectorRecord[]>;
  /** The nearest records by cosine, best first, ties by id. */
  query(options: {
    vector: Float32Array;
    topK: number;
    filter?: Filter;
    abortSignal?: AbortSignal;
  }): Promise<readonly VectorMatch[]>;
  /**
   * All records that fit, in order of id, page by page; ids are ordered by UTF-16 code unit, as `<` does.
   *
   * With `after`, only those whose id comes after it: where an earlier scroll broke off, it goes on.
   */
  scroll(options: {
    filter?: Filter;
    after?: string;
    pageSize?: number;
    abortSignal?: AbortSignal;
  }): AsyncIterable<readonly VectorRecord[]>;
  count(options?: { filter?: Filter; abortSignal?: AbortSignal }): Promise<number>;
  /** Looks whether the index is whole and how it searches. */
  health(options?: { abortSignal?: AbortSignal }): Promise<VectorIndexHealth>;
  /**
   * Brings the index into its best shape: merges fragments, builds what search goes through and measures its recall.
   * Everything works without; nothing but speed and space depends on it.
   */
  optimize(options?: { abortSignal?: AbortSignal }): Promise<void>;
  /**
   * The whole index as bytes that any store can restore: what was in it at one moment, where the store can tell
   * (`limits.hasSnapshotIsolation`); otherwise writes of the same time may be in it or not.
   */
  snapshot(options?: { abortSignal?: AbortSignal }): AsyncIterable<Uint8Array>;
  /**
   * Makes the index hold exactly what a snapshot does; resolves to the number of its records.
   *
   * `open` is called twice: the snapshot is verified as a whole before anything changes. What breaks off is repaired by
   * running it again.
   */
  restore(options: {
    open: () => AsyncIterable<Uint8Array>;
    onProgress?: (progress: VectorIndexProgress) => void;
    abortSignal?: AbortSignal;
  }): Promise<number>;
  /**
   * Leaves nothing on disk of records that were deleted or replaced before: no older version, no log, no free page.
   *
   * May rewrite the index. Absent where the store keeps nothing of them, or where the medium is not the store's to say.
   */
  purge?(options?: { abortSignal?: AbortSignal }): Promise<void>;
}

/** What a store accepts, as data. */
export interface VectorStoreLimits {
  readonly maxDimension: number;
  readonly maxRecordsPerUpsert: number;
  readonly isPersistent: boolean;
  /** Whether a snapshot holds one moment even while others write. */
  readonly hasSnapshotIsolation: boolean;
}

/** An index as a store knows it. */
export interface VectorIndexDescription {
  readonly name: string;
  readonly dimension: number;
  readonly embedding: string;
  /** The namespaces that were opened and not dropped, in order; records outside of all belong to none of them. */
  readonly namespaces: readonly string[];
}

/** Keeps vector indexes. */
export interface VectorStore {
  readonly specificationVersion: 'v1';
  readonly name: string;
  readonly limits: VectorStoreLimits;
  /**
   * Opens the index, making it where it does not exist.
   *
   * An index made with another dimension or another embedding model is refused with an error that says how to re-index.
   * With a `namespace` (1 to 64 bytes of UTF-8), its records are apart from those of all others and of the index without
   * one. With `filterableFields`, a filter over any other field is an error; without, it finds the field absent.
   */
  openIndex(options: {
    name: string;
    dimension: number;
    embedding: string;
    namespace?: string;
    filterableFields?: readonly string[];
    abortSignal?: AbortSignal;
  }): Promise<VectorIndex>;
  listIndexes(): Promise<readonly string[]>;
  /** What the index was made with; undefined where there is none. */
  describeIndex(options: {
    name: string;
    abortSignal?: AbortSignal;
  }): Promise<VectorIndexDescription | undefined>;
  /** Removes the index with all its namespaces, or one namespace only; no error where there is none. */
  dropIndex(options: { name: string; namespace?: string }): Promise<void>;
  close(): Promise<void>;
}
