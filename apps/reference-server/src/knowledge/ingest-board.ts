import type { Retriever, RetrieveResult, Warning } from '@espalier/core';

/** How far an ingest has come. */
export interface IngestState {
  readonly documentsDone: number;
  readonly documentsTotal: number;
}

/** Tells which knowledge bases are being filled by this process. */
export interface IngestBoard {
  set(knowledgeBase: string, state: IngestState): void;
  clear(knowledgeBase: string): void;
  of(knowledgeBase: string): IngestState | undefined;
  /** Calls back at every change of one knowledge base until the function returned is called. */
  watch(knowledgeBase: string, listener: (state: IngestState) => void): () => void;
  /** What to say beside an answer from a knowledge base that is being filled; empty where it is not. */
  warnings(knowledgeBase: string): readonly Warning[];
}

/** Creates an empty board. */
export function createIngestBoard(): IngestBoard {
  const states = new Map<string, IngestState>();
  const listeners = new Set<{ knowledgeBase: string; tell: (state: IngestState) => void }>();
  return {
    set(knowledgeBase, state) {
      states.set(knowledgeBase, state);
      for (const listener of listeners)
        if (listener.knowledgeBase === knowledgeBase) listener.tell(state);
    },
    clear: (knowledgeBase) => void states.delete(knowledgeBase),
    of: (knowledgeBase) => states.get(knowledgeBase),
    watch(knowledgeBase, tell) {
      const listener = { knowledgeBase, tell };
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    warnings(knowledgeBase) {
      const state = states.get(knowledgeBase);
      if (state === undefined) return [];
      const { documentsDone, documentsTotal } = state;
      return [
        {
          option: 'knowledgeBase',
          message: `The knowledge base "${knowledgeBase}" is still being built: ${documentsDone} of ${documentsTotal} documents. What is not in it yet cannot be found.`,
        },
      ];
    },
  };
}

const NOTHING: RetrieveResult = { passages: [], hasEvidence: false, warnings: [] };

/** Adds the board's warnings to what a retriever finds; a knowledge base that is yet to be made holds nothing. */
export function withIngestWarnings(
  retriever: Retriever,
  options: { board: IngestBoard; exists: () => Promise<boolean> },
): Retriever {
  const { board, exists } = options;
  return {
    specificationVersion: 'v1',
    name: retriever.name,
    async doRetrieve(call) {
      const warnings = board.warnings(retriever.name);
      if (warnings.length === 0) return retriever.doRetrieve(call);
      const result = (await exists()) ? await retriever.doRetrieve(call) : NOTHING;
      return { ...result, warnings: [...result.warnings, ...warnings] };
    },
  };
}
