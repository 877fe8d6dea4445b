import type { GraphAnswer, GraphObject } from '@espalier/protocol';
import type { GlobalAnswer, GraphPlace, KnowledgeGraph, LocalAnswer } from '@espalier/rag/graph';

const TOP_ENTITIES = 20;
const ENTITIES = 50;
const RELATIONS = 100;

/** A graph as the wire shows it. */
export async function toGraphObject(
  knowledgeBase: string,
  graph: KnowledgeGraph,
  { missing }: { readonly missing: number },
): Promise<GraphObject> {
  const entities = graph.entities();
  return {
    knowledgeBase,
    documents: graph.documentIds().length,
    missing,
    entities: entities.length,
    relations: graph.relations().length,
    communities: (await graph.communities()).length,
    topEntities: entities
      .slice(0, TOP_ENTITIES)
      .map(({ name, type, places }) => ({ name, type, places: places.length })),
  };
}

/** An answer of a graph as the wire shows it. */
export function toGraphAnswer(
  given: { readonly local: LocalAnswer } | { readonly global: GlobalAnswer },
): GraphAnswer {
  if ('global' in given) {
    const { answer, points, hasEvidence, usage, warnings } = given.global;
    return {
      scope: 'global',
      hasEvidence,
      answer: answer ?? null,
      points: points.map((point) => ({ ...point, sources: point.sources.map(toPlace) })),
      passages: [],
      entities: [],
      relations: [],
      reports: [],
      usage,
      warnings: [...warnings],
    };
  }
  const { entities, relations, passages, reports, hasEvidence, usage, warnings } = given.local;
  return {
    scope: 'local',
    hasEvidence,
    answer: null,
    points: [],
    passages: [...passages],
    entities: entities
      .slice(0, ENTITIES)
      .map(({ id, name, type, score }) => ({ id, name, type, score })),
    relations: relations.slice(0, RELATIONS).map(({ source, target, weight, labels }) => ({
      source,
      target,
      weight,
      labels: [...labels],
    })),
    reports: reports.map(({ community, report }) => ({
      communityId: community.id,
      level: community.level,
      title: report.title,
      summary: report.summary,
      findings: report.findings.map(({ text, sources }) => ({
        text,
        sources: sources.map(toPlace),
      })),
    })),
    usage,
    warnings: [...warnings],
  };
}

const toPlace = ({ documentId, passageId, span }: GraphPlace) => ({
  documentId,
  passageId,
  span: { ...span },
});
