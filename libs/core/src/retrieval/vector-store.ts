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

/** One named set of vectors of one dimension, made by one embedding model. */
export interface VectorIndex {
  readonly name: string;
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
  /** All records that fit, in order of id, page by page. */
  scroll(options: {
    filter?: Filter;
    pageSize?: number;
    abortSignal?: AbortSignal;
  }): AsyncIterable<readonly VectorRecord[]>;
  count(options?: { filter?: Filter; abortSignal?: AbortSignal }): Promise<number>;
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
   */
  openIndex(options: {
    name: string;
    dimension: number;
    embedding: string;
    abortSignal?: AbortSignal;
  }): Promise<VectorIndex>;
  listIndexes(): Promise<readonly string[]>;
  /** Removes the index and its data; no error where there is none. */
  dropIndex(options: { name: string }): Promise<void>;
  close(): Promise<void>;
}
