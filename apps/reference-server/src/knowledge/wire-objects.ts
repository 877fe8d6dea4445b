import type {
  DocumentObject,
  ErasureReportObject,
  HealthReportObject,
  KnowledgeBaseObject,
  SearchExplanationObject,
} from '@espalier/protocol';
import type {
  DocumentInfo,
  ErasureReport,
  HealthReport,
  KnowledgeBase,
  ListedKnowledgeBase,
  SearchExplanation,
} from '@espalier/rag';
import type { ServerRankings } from './load-rankings.js';

/** A knowledge base that is open, as the wire shows it. */
export async function toKnowledgeBaseObject(
  base: KnowledgeBase,
  rankings: ServerRankings,
): Promise<KnowledgeBaseObject> {
  const { documents, chunks } = await base.stats();
  return listedToObject({ ...base.info, documents, chunks }, rankings);
}

/** A knowledge base in a list, as the wire shows it. */
export function listedToObject(
  info: ListedKnowledgeBase,
  rankings: ServerRankings,
): KnowledgeBaseObject {
  return {
    name: info.name,
    description: info.description ?? null,
    documents: info.documents,
    chunks: info.chunks,
    embeddingModelId: info.embedding,
    createdAt: new Date(info.createdAtMs).toISOString(),
    needsReindex: info.needsReindex,
    ranking: {
      tokenStates: info.ranking.tokenStates,
      weights: { ...info.ranking.weights },
      ranker: rankings.get(info.name)?.rankerName ?? null,
    },
  };
}

/** A document as the wire shows it. */
export function toDocumentObject(info: DocumentInfo): DocumentObject {
  return {
    id: info.id,
    source: info.source,
    title: info.title ?? null,
    mediaType: info.mediaType,
    chunks: info.chunkCount,
    contentHash: info.contentHash,
    updatedAt: new Date(info.updatedAtMs).toISOString(),
    metadata: info.metadata,
  };
}

/** An erasure as the wire shows it. */
export function toErasureObject({ erasedAtMs, ...report }: ErasureReport): ErasureReportObject {
  return {
    ...report,
    documentIds: [...report.documentIds],
    places: report.places.map((place) => ({ ...place })),
    erasedAt: new Date(erasedAtMs).toISOString(),
  };
}

/** A check as the wire shows it. */
export function toHealthObject({ checkedAtMs, ...report }: HealthReport): HealthReportObject {
  return {
    ...report,
    findings: report.findings.map((finding) => ({ ...finding, examples: [...finding.examples] })),
    checkedAt: new Date(checkedAtMs).toISOString(),
  };
}

/** An explanation as the wire shows it: its result stands beside it. */
export function toExplanationObject(explanation: SearchExplanation): SearchExplanationObject {
  const { result: _, ...rest } = explanation;
  return {
    ...rest,
    legs: [...rest.legs],
    words: rest.words.map((word) => ({ ...word, terms: [...word.terms] })),
    passages: rest.passages.map((passage) => ({
      ...passage,
      legs: [...passage.legs],
      words: [...passage.words],
      matches: [...passage.matches],
    })),
  };
}
