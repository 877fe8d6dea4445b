import type { Retriever } from '@espalier/core';
import type { KnowledgeGraph } from './knowledge-graph.js';

/** Creates a retriever over the local search of a graph, for agents; filters are not supported and give a warning. */
export function createGraphRetriever(options: {
  readonly graph: KnowledgeGraph;
  /** Default `graph`. */
  readonly name?: string;
}): Retriever {
  return {
    specificationVersion: 'v1',
    name: options.name ?? 'graph',
    async doRetrieve({ query, topK, filter, principals, abortSignal }) {
      const answer = await options.graph.askLocal({
        query,
        ...(topK === undefined ? {} : { topK }),
        ...(principals === undefined ? {} : { principals }),
        ...(abortSignal === undefined ? {} : { abortSignal }),
      });
      const unfiltered = { option: 'filter', message: 'A graph search heeds no filter.' };
      return {
        passages: answer.passages,
        hasEvidence: answer.hasEvidence,
        warnings: [...answer.warnings, ...(filter === undefined ? [] : [unfiltered])],
      };
    },
  };
}
