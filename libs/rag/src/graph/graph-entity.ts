import type { Span } from '@espalier/core';

/** A place in a document. */
export interface GraphPlace {
  readonly documentId: string;
  readonly passageId: string;
  /** In the document. */
  readonly span: Span;
}

/** Something that documents name. */
export interface GraphEntity {
  /** Equal for all names of it. */
  readonly id: string;
  /** The name that is written most often. */
  readonly name: string;
  readonly type: string;
  /** Other ways in which it is written. */
  readonly aliases: readonly string[];
  /** What documents say of it, where a model wrote that. */
  readonly descriptions: readonly string[];
  readonly places: readonly GraphPlace[];
}

/** That documents relate two entities. */
export interface GraphRelation {
  /** Entity ids, the smaller first. */
  readonly source: string;
  readonly target: string;
  /** The sum over its places. */
  readonly weight: number;
  /** How they are related, most frequent first. */
  readonly labels: readonly string[];
  readonly places: readonly GraphPlace[];
}

/** Entities and relations over some documents. */
export interface EntityGraph {
  readonly entities: ReadonlyMap<string, GraphEntity>;
  readonly relations: readonly GraphRelation[];
}
