import type { Passage, Span, Usage, Warning } from '@espalier/core';

/** A place where a document names an entity. */
export interface GraphMention {
  /** As the document writes it. */
  readonly name: string;
  /** What kind of thing it is: `name`, `acronym`, `identifier`, `concept`, or what a model calls it. */
  readonly type: string;
  /** The index of the passage that holds it. */
  readonly passage: number;
  /** In the document. */
  readonly span: Span;
  /** What the passage says of it, where a model wrote that. */
  readonly description?: string;
}

/** A place where a document relates two entities. */
export interface GraphRelationMention {
  /** As mentioned. */
  readonly source: string;
  readonly target: string;
  /** How they are related, in few words. */
  readonly label: string;
  readonly passage: number;
  /** The words that say so, in the document. */
  readonly span: Span;
  readonly weight: number;
}

/** What was read in the passages of one document. */
export interface GraphExtraction {
  readonly mentions: readonly GraphMention[];
  readonly relations: readonly GraphRelationMention[];
}

/** All that a graph knows of one document; the graph is made of these and nothing else. */
export interface GraphDocument extends GraphExtraction {
  readonly documentId: string;
  /** Tells whether it must be read again: the extractor and the passages. */
  readonly hash: string;
  /** What the source of the document says of its version. */
  readonly version?: string;
  /** Who may read it; absent means everybody. */
  readonly principals?: readonly string[];
  readonly passages: readonly Passage[];
}

/** Reads entities and relations in passages. */
export interface GraphExtractor {
  readonly name: string;
  /** Everything that changes its output. */
  readonly fingerprint: string;
  doExtract(options: {
    readonly passages: readonly Passage[];
    readonly abortSignal?: AbortSignal;
  }): Promise<GraphExtraction & { readonly usage: Usage; readonly warnings: readonly Warning[] }>;
}
