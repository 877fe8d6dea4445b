import type { Passage, Usage, Warning } from '@espalier/core';
import type { GraphCommunity } from './find-communities.js';
import type { GraphEntity, GraphRelation } from './graph-entity.js';
import type { GraphState } from './graph-state.js';
import type { GlobalFindings, ReportedCommunity } from './internal/search-global.js';
import type { LocalFindings } from './internal/search-local.js';

/** Who asks; absent means no restriction. What others may not read is not there for them, in no form. */
export interface GraphReader {
  readonly principals?: readonly string[];
}

/** What a change took. */
export interface GraphUpdate {
  /** False: the same passages had been read with the same extractor. */
  readonly isChanged: boolean;
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
}

/** An answer from around the things that a question names. */
export interface LocalAnswer extends LocalFindings {
  /** Reports on the communities of the best entities. */
  readonly reports: readonly ReportedCommunity[];
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
}

/** An answer from everything. */
export interface GlobalAnswer extends GlobalFindings {
  readonly hasEvidence: boolean;
}

/** Entities, relations and communities over documents that come, change and go. */
export interface KnowledgeGraph {
  /** Reads the passages of a document, and puts what they say in place of what it said before. */
  setDocument(options: {
    readonly documentId: string;
    /** All passages of the document. */
    readonly passages: readonly Passage[];
    /** Who may read it; absent means everybody. */
    readonly principals?: readonly string[];
    /** Tells this state of the document from others; {@link KnowledgeGraph.versions} gives it back. */
    readonly version?: string;
    readonly abortSignal?: AbortSignal;
  }): Promise<GraphUpdate>;
  /** Resolves to false where there is no such document. Nothing of it is left: no entity, relation, report or text. */
  removeDocument(options: { readonly documentId: string }): Promise<boolean>;
  documentIds(): readonly string[];
  /** The version of each document, where one was given. */
  versions(): ReadonlyMap<string, string | undefined>;
  /** Named most often first. */
  entities(reader?: GraphReader): readonly GraphEntity[];
  /** The strongest first. */
  relations(reader?: GraphReader): readonly GraphRelation[];
  communities(reader?: GraphReader): Promise<readonly GraphCommunity[]>;
  /** What communities are about; reports that are not written yet are written now. */
  reports(
    options?: GraphReader & {
      /** 0 is the coarsest. Default: all levels. */
      readonly level?: number;
      readonly abortSignal?: AbortSignal;
    },
  ): Promise<{
    readonly reports: readonly ReportedCommunity[];
    readonly usage: Usage;
    readonly warnings: readonly Warning[];
  }>;
  /** Answers a question about certain things: what is said of them and of what they are related to. */
  askLocal(
    options: GraphReader & {
      readonly query: string;
      /** The most passages. Default 8. */
      readonly topK?: number;
      readonly abortSignal?: AbortSignal;
    },
  ): Promise<LocalAnswer>;
  /** Answers a question about the documents as a whole, from the reports on communities. */
  askGlobal(
    options: GraphReader & {
      readonly query: string;
      /** The most points. Default 10. */
      readonly topK?: number;
      /** The level of communities. Default 0, the coarsest. */
      readonly level?: number;
      readonly abortSignal?: AbortSignal;
    },
  ): Promise<GlobalAnswer>;
  /** All of it as plain JSON. */
  toState(): GraphState;
}
