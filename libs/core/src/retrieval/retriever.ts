import type { Passage } from '../messages/passage.js';
import type { Warning } from '../model/warning.js';
import type { Filter } from './filter.js';

/** One search. */
export interface RetrieveOptions {
  readonly query: string;
  /** The most passages to return. */
  readonly topK?: number;
  readonly filter?: Filter;
  /** Who asks; passages of documents with other principals are left out. Absent means no restriction by principal. */
  readonly principals?: readonly string[];
  readonly abortSignal?: AbortSignal;
}

/** What a search found. */
export interface RetrieveResult {
  /** Best first, each with `score`, and with `scores` by leg where there is more than one. */
  readonly passages: readonly Passage[];
  /** Whether the best passages are likely to answer the query at all. */
  readonly hasEvidence: boolean;
  readonly warnings: readonly Warning[];
}

/** Finds the passages that answer a query. */
export interface Retriever {
  readonly specificationVersion: 'v1';
  readonly name: string;
  doRetrieve(options: RetrieveOptions): Promise<RetrieveResult>;
}
