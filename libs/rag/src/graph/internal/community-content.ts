import type { Passage } from '@espalier/core';
import type { CommunityContent, CommunityEvidence } from '../community-report.js';
import type { GraphCommunity } from '../find-communities.js';
import type { EntityGraph, GraphRelation } from '../graph-entity.js';

const MAX_EVIDENCE = 60;
const MAX_TEXT = 600;

/** Returns what documents tell of a community: its relations, and the sentences that state them. */
export function communityContent(options: {
  readonly community: GraphCommunity;
  readonly graph: EntityGraph;
  /** The relations inside of the community. */
  readonly relations: readonly GraphRelation[];
  readonly passageOf: (documentId: string, passageId: string) => Passage | undefined;
}): CommunityContent {
  const { community, graph, passageOf } = options;
  const degrees = new Map<string, number>();
  const relations = [...options.relations].sort(
    (a, b) => b.weight - a.weight || (a.source + a.target < b.source + b.target ? -1 : 1),
  );
  for (const { source, target, weight } of relations) {
    for (const id of [source, target]) degrees.set(id, (degrees.get(id) ?? 0) + weight);
  }
  const entities = community.members
    .flatMap((id) => graph.entities.get(id) ?? [])
    .sort((a, b) => (degrees.get(b.id) ?? 0) - (degrees.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1));

  const byPlace = new Map<string, CommunityEvidence & { score: number }>();
  for (const { source, target, places } of relations) {
    for (const place of places) {
      const { documentId, passageId, span } = place;
      const passage = passageOf(documentId, passageId);
      const text = passage?.text
        .slice(span.start - passage.span.start, span.end - passage.span.start)
        .slice(0, MAX_TEXT);
      if (text === undefined || text === '') continue;
      const key = JSON.stringify([documentId, span.start, span.end]);
      const known = byPlace.get(key);
      const named = [...new Set([...(known?.entities ?? []), source, target])];
      const score = named.reduce((sum, id) => sum + Math.log1p(degrees.get(id) ?? 0), 0);
      byPlace.set(key, { ...place, text, entities: named, score });
    }
  }
  const evidence = [...byPlace.values()]
    .sort(
      (a, b) =>
        b.score - a.score ||
        (a.documentId < b.documentId ? -1 : a.documentId > b.documentId ? 1 : 0) ||
        a.span.start - b.span.start,
    )
    .slice(0, MAX_EVIDENCE)
    .map(({ score: _, ...rest }) => rest);
  return { community, entities, relations, evidence };
}
