import type { VectorIndex } from '@espalier/core';
import type { SearchPlan } from './engine/calibrate.js';

/** What an index is made of at the moment. */
export interface SimdIndexStats {
  readonly size: number;
  /** Undefined while the index is small enough to be searched by int8 codes without more ado. */
  readonly plan: SearchPlan | undefined;
  readonly memoryBytes: number;
  /** Bytes of the file, or of the records where they are kept in memory. */
  readonly recordBytes: number;
}

/** A vector index with its own maintenance. */
export interface SimdIndex extends VectorIndex {
  /** Measures recall on a sample and plans searches anew; done by itself when the index has doubled or halved. */
  build(options?: { abortSignal?: AbortSignal }): Promise<SearchPlan>;
  stats(): SimdIndexStats;
}
