import type { Passage } from '@espalier/core';
import type { Bm25Index } from '../../lexical/bm25-index.js';
import { createBm25Index } from '../../lexical/create-bm25-index.js';
import { entityKey } from '../entity-key.js';
import { findCommunities, type GraphCommunity } from '../find-communities.js';
import type { GraphDocument } from '../graph-document.js';
import type { EntityGraph, GraphRelation } from '../graph-entity.js';
import { buildEntityGraph } from './build-entity-graph.js';

/** What one reader sees: worked out from the documents that may be read, and from no other. */
export interface GraphView {
  readonly documents: readonly GraphDocument[];
  readonly graph: EntityGraph;
  readonly passages: ReadonlyMap<string, Passage>;
  /** Over passages, by {@link passageKey}. */
  readonly words: Bm25Index;
  /** The entity that a written form names. */
  readonly byName: ReadonlyMap<string, string>;
  /** Entities of a passage. */
  entitiesIn(passage: string): readonly string[];
  communities(): Promise<readonly GraphCommunity[]>;
  /** The relations between members. */
  relationsWithin(members: readonly string[]): readonly GraphRelation[];
}

/** The key of a passage among those of all documents. */
export function passageKey(documentId: string, passageId: string): string {
  return JSON.stringify([documentId, passageId]);
}

/** Works out what documents together say. */
export function createGraphView(
  documents: readonly GraphDocument[],
  options: { readonly maxSize?: number; readonly resolution?: number; readonly seed?: number },
): GraphView {
  const graph = buildEntityGraph(documents);
  const passages = new Map<string, Passage>();
  const words = createBm25Index({ k1: 1.5, b: 0.75 });
  for (const { documentId, passages: own } of documents) {
    for (const passage of own) {
      const key = passageKey(documentId, passage.id);
      passages.set(key, passage);
      words.set(key, passage.text);
    }
  }
  const byName = new Map<string, string>();
  const named = new Map<string, Set<string>>();
  const related = new Map<string, GraphRelation[]>();
  for (const { id, name, aliases, places } of graph.entities.values()) {
    byName.set(id, id);
    for (const form of [name, ...aliases]) {
      const key = entityKey(form);
      if (!graph.entities.has(key)) byName.set(key, id);
    }
    for (const { documentId, passageId } of places) {
      const key = passageKey(documentId, passageId);
      const known = named.get(key);
      if (known === undefined) named.set(key, new Set([id]));
      else known.add(id);
    }
  }
  for (const relation of graph.relations) {
    const known = related.get(relation.source);
    if (known === undefined) related.set(relation.source, [relation]);
    else known.push(relation);
  }
  let finding: Promise<readonly GraphCommunity[]> | undefined;
  return {
    documents,
    graph,
    passages,
    words,
    byName,
    entitiesIn: (passage) => [...(named.get(passage) ?? [])],
    communities: () => (finding ??= findCommunities({ graph, ...options })),
    relationsWithin(members) {
      const inside = new Set(members);
      return members.flatMap((id) =>
        (related.get(id) ?? []).filter(({ target }) => inside.has(target)),
      );
    },
  };
}
