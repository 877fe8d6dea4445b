import type { Passage, Span } from '@espalier/core';

/** Where a chunk of a document stands. */
export interface ContextChunk extends Span {
  /** The larger span to be read where the chunk is found; a passage may grow to it. */
  readonly parent?: Span;
}

/** What assembly may know of a passage's document beside the passage. */
export interface ContextDocument {
  /** The whole text, to which the spans of passages refer. */
  readonly text: string;
  /** The document's chunks, in order; a passage grows by its neighbours here, and to its chunk's parent. */
  readonly chunks?: readonly ContextChunk[];
}

/** In which order passages stand in the context. */
export type ContextOrder =
  /** Best first and second best last, the weakest in the middle, which models read least. */
  | 'edges'
  /** Best first. */
  | 'relevance'
  /** By document (the one with the best passage first), and as they stand in it. */
  | 'document';

/** What {@link assembleContext} takes. */
export interface AssembleContextOptions {
  /** What a search found, best first. */
  readonly passages: readonly Passage[];
  /** The retriever's own judgement; assembly only ever turns a yes to a no. Default true. */
  readonly hasEvidence?: boolean;
  /** The most tokens of the passages together, {@link AssembleContextOptions.overheadTokens} included. */
  readonly maxTokens: number;
  readonly countTokens: (text: string) => number;
  /** Tokens that each passage costs beside its text (tags, source, heading). Default 24. */
  readonly overheadTokens?: number;
  /** Finds the document of a passage; without it passages neither grow nor bridge gaps. */
  readonly documentOf?: (passage: Passage) => ContextDocument | undefined;
  /** Chunks before and after that a passage may grow by while the budget lasts. Default 1. */
  readonly neighbors?: number;
  /** Whether a passage may grow to the parent of its chunk while the budget lasts. Default true. */
  readonly growToParent?: boolean;
  /** Passages of one document so close are joined, the words between them included. Default 120. Units: UTF-16 code units. */
  readonly bridge?: number;
  /** Share of a passage's word triples in a better one from which it is a duplicate; above 1 keeps all. Default 0.85. */
  readonly duplicateShare?: number;
  /** The most passages of the result. Default: no limit. */
  readonly maxPassages?: number;
  /** Default `edges`. */
  readonly order?: ContextOrder;
}

/** A passage of a context, and the found passages that it holds. */
export interface ContextPassage {
  /**
   * Under the id of the best passage in it. `text` is exactly the document's text at `span`, and `lines` are its lines,
   * so that a citation of it is exact.
   */
  readonly passage: Passage;
  /** The ids of all found passages in it, best first. */
  readonly passageIds: readonly string[];
  readonly tokens: number;
}

/** Why a found passage is not in the context. */
export type ContextOmission = 'duplicate' | 'budget' | 'limit';

/** What a model is to be given. */
export interface AssembledContext {
  /** In the order asked for. */
  readonly passages: readonly ContextPassage[];
  /** The sum over passages, overhead included. */
  readonly tokens: number;
  readonly omitted: readonly { readonly passageId: string; readonly reason: ContextOmission }[];
  /** False: nothing that was found is likely to answer, or nothing of it fits; better say so than answer. */
  readonly hasEvidence: boolean;
}
