import type { Warning } from '../model/warning.js';

/** One call of a reranker. */
export interface RerankOptions {
  readonly query: string;
  readonly texts: readonly string[];
  readonly topK?: number;
  readonly abortSignal?: AbortSignal;
}

/** The new order. */
export interface RerankResult {
  /** Best first; `index` refers to the texts of the call. */
  readonly ranking: readonly { readonly index: number; readonly score: number }[];
  readonly warnings: readonly Warning[];
}

/** Orders texts by how well they answer a query, more carefully than a first search does. */
export interface Reranker {
  readonly specificationVersion: 'v1';
  readonly provider: string;
  readonly modelId: string;
  readonly limits: { readonly maxTextsPerCall: number };
  doRerank(options: RerankOptions): Promise<RerankResult>;
}
