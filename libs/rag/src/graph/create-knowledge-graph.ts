import type { LanguageModel, Passage } from '@espalier/core';
import { hashText } from '../embedding/hash-text.js';
import { createAnswerTally } from '../internal/ask-for-json.js';
import { mapConcurrently } from '../internal/map-concurrently.js';
import { mayRead, normalizePrincipals } from '../knowledge/internal/access.js';
import { createMutex } from '../internal/mutex.js';
import type { CommunityContent, CommunitySummarizer } from './community-report.js';
import { createExtractiveSummarizer } from './create-extractive-summarizer.js';
import { createStatisticalExtractor } from './create-statistical-extractor.js';
import type { GraphDocument, GraphExtractor } from './graph-document.js';
import type { GraphState, GraphStore, StoredReport } from './graph-state.js';
import { communityContent } from './internal/community-content.js';
import { createGraphView, passageKey, type GraphView } from './internal/graph-view.js';
import { answerGlobally, searchReports, type ReportedCommunity } from './internal/search-global.js';
import { searchLocal } from './internal/search-local.js';
import type { GraphReader, KnowledgeGraph } from './knowledge-graph.js';

const DEFAULT_LOCAL_TOP_K = 8;
const DEFAULT_GLOBAL_TOP_K = 10;
const LOCAL_REPORTS = 3;
const CONCURRENCY = 4;
/** Views of so many kinds of readers are kept until the next change. */
const MAX_VIEWS = 8;

/** What {@link createKnowledgeGraph} takes. */
export interface KnowledgeGraphOptions {
  /** Default: the statistical one, which needs no model. */
  readonly extractor?: GraphExtractor;
  /** Default: the extractive one, which needs no model. */
  readonly summarizer?: CommunitySummarizer;
  /** Writes answers to global questions; without it they are points in the documents' own words. */
  readonly model?: LanguageModel;
  /** Where the graph is kept. Default: nowhere; see {@link KnowledgeGraph.toState}. */
  readonly store?: GraphStore;
  /** A graph to begin with; not to be given with `store`. */
  readonly state?: GraphState;
  /** Communities with more entities are cut further. Default 12. */
  readonly maxCommunitySize?: number;
  /** Above 1 gives more and smaller communities. Default 1. */
  readonly resolution?: number;
  /** Of the search for communities. Default 1. */
  readonly seed?: number;
}

/**
 * Creates a graph of the entities and relations of documents (GraphRAG).
 *
 * The graph is worked out from what each document says, and from nothing else: a document that is changed or removed
 * leaves no trace, and a reader sees the graph of what that reader may read. Reports are kept for as long as nothing
 * that they were written from changes.
 *
 * Cost: reading a document takes what its extractor takes; the first question after a change works the graph out again,
 * linear in mentions and relations; a report is written when it is first needed.
 */
export async function createKnowledgeGraph(
  options: KnowledgeGraphOptions = {},
): Promise<KnowledgeGraph> {
  const extractor = options.extractor ?? createStatisticalExtractor();
  const summarizer = options.summarizer ?? createExtractiveSummarizer();
  const state = options.state ?? (await options.store?.load());
  const documents = new Map(state?.documents.map((document) => [document.documentId, document]));
  const reports = new Map(state?.reports.map((report) => [report.key, report]));
  const views = new Map<string, GraphView>();
  const mutex = createMutex();

  const viewOf = ({ principals }: GraphReader): GraphView => {
    const readable = [...documents.values()]
      .filter((document) => mayRead(document.principals, principals))
      .sort((a, b) => (a.documentId < b.documentId ? -1 : 1));
    const key = hashText(JSON.stringify(readable.map(({ documentId }) => documentId)));
    const known = views.get(key);
    if (known !== undefined) return known;
    const view = createGraphView(readable, {
      ...(options.maxCommunitySize === undefined ? {} : { maxSize: options.maxCommunitySize }),
      ...(options.resolution === undefined ? {} : { resolution: options.resolution }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    });
    if (views.size >= MAX_VIEWS) views.clear();
    views.set(key, view);
    return view;
  };

  /** Takes over a change once it is kept. */
  const change = async (
    set: readonly GraphDocument[],
    removed: readonly string[],
  ): Promise<void> => {
    const touched = new Set([...removed, ...set.map(({ documentId }) => documentId)]);
    // Reports may hold words of a document in other words: they go with it.
    const dropped = [...reports.values()].filter(({ documentIds }) =>
      documentIds.some((id) => touched.has(id)),
    );
    const droppedReports = dropped.map(({ key }) => key);
    await options.store?.save({ set, removed, reports: [], droppedReports });
    for (const key of droppedReports) reports.delete(key);
    for (const id of removed) documents.delete(id);
    for (const document of set) documents.set(document.documentId, document);
    views.clear();
  };

  const reportOn = async (
    view: GraphView,
    wanted: (level: number, members: readonly string[]) => boolean,
    abortSignal: AbortSignal | undefined,
  ) => {
    const tally = createAnswerTally();
    const fresh: StoredReport[] = [];
    const communities = (await view.communities()).filter(({ level, members }) =>
      wanted(level, members),
    );
    const reported = await mapConcurrently(
      communities,
      CONCURRENCY,
      async (community): Promise<ReportedCommunity> => {
        const content = communityContent({
          community,
          graph: view.graph,
          relations: view.relationsWithin(community.members),
          passageOf: (documentId, passageId) =>
            view.passages.get(passageKey(documentId, passageId)),
        });
        const key = reportKey(summarizer, content);
        const known = reports.get(key);
        if (known !== undefined) return { community, report: known.report };
        const signal = abortSignal === undefined ? {} : { abortSignal };
        const written = await summarizer.doSummarize({ content, ...signal });
        tally.add(written);
        fresh.push({ key, documentIds: documentsOf(content), report: written.report });
        return { community, report: written.report };
      },
    );
    await mutex.run(async () => {
      // What was removed meanwhile must not come back with a report.
      const kept = fresh.filter(({ documentIds }) => documentIds.every((id) => documents.has(id)));
      if (kept.length === 0) return;
      await options.store?.save({ set: [], removed: [], reports: kept, droppedReports: [] });
      for (const report of kept) reports.set(report.key, report);
    });
    return { reports: reported, usage: tally.usage, warnings: tally.warnings };
  };

  return {
    setDocument: ({ documentId, passages, principals, version, abortSignal }) =>
      mutex.run(async () => {
        abortSignal?.throwIfAborted();
        const readers = normalizePrincipals(principals);
        const hash = documentHash(extractor, passages, readers);
        const known = documents.get(documentId);
        if (known?.hash === hash) {
          if (known.version !== version && version !== undefined) {
            const renamed = { ...known, version };
            await options.store?.save({
              set: [renamed],
              removed: [],
              reports: [],
              droppedReports: [],
            });
            documents.set(documentId, renamed);
          }
          return { isChanged: false, usage: {}, warnings: [] };
        }
        const signal = abortSignal === undefined ? {} : { abortSignal };
        const { mentions, relations, usage, warnings } = await extractor.doExtract({
          passages,
          ...signal,
        });
        const document: GraphDocument = {
          documentId,
          hash,
          ...(version === undefined ? {} : { version }),
          ...(readers === undefined ? {} : { principals: readers }),
          passages: structuredClone(passages),
          mentions,
          relations,
        };
        await change([document], []);
        return { isChanged: true, usage, warnings };
      }),
    removeDocument: ({ documentId }) =>
      mutex.run(async () => {
        if (!documents.has(documentId)) return false;
        await change([], [documentId]);
        return true;
      }),
    documentIds: () => [...documents.keys()].sort(),
    versions: () => new Map([...documents].map(([id, { version }]) => [id, version])),
    entities: (reader = {}) =>
      [...viewOf(reader).graph.entities.values()].sort(
        (a, b) => b.places.length - a.places.length || (a.id < b.id ? -1 : 1),
      ),
    relations: (reader = {}) =>
      [...viewOf(reader).graph.relations].sort(
        (a, b) => b.weight - a.weight || (a.source + a.target < b.source + b.target ? -1 : 1),
      ),
    communities: (reader = {}) => viewOf(reader).communities(),
    reports: ({ level, abortSignal, ...reader } = {}) =>
      reportOn(viewOf(reader), (own) => level === undefined || own === level, abortSignal),
    async askLocal({ query, topK = DEFAULT_LOCAL_TOP_K, abortSignal, ...reader }) {
      abortSignal?.throwIfAborted();
      const view = viewOf(reader);
      const found = searchLocal(view, query.toWellFormed(), topK);
      const best = new Set(found.entities.slice(0, LOCAL_REPORTS).map(({ id }) => id));
      const finest = new Map<string, string>();
      for (const { id, members } of await view.communities())
        for (const member of members) if (best.has(member)) finest.set(member, id);
      const wanted = new Set(finest.values());
      const communities = await view.communities();
      const isWanted = new Set(
        communities.filter(({ id }) => wanted.has(id)).map(({ members }) => members),
      );
      const written = await reportOn(view, (_, members) => isWanted.has(members), abortSignal);
      return { ...found, ...written };
    },
    async askGlobal({ query, topK = DEFAULT_GLOBAL_TOP_K, level = 0, abortSignal, ...reader }) {
      abortSignal?.throwIfAborted();
      const asked = query.toWellFormed();
      const written = await reportOn(viewOf(reader), (own) => own === level, abortSignal);
      const reported = written.reports.filter(({ report }) => report.findings.length > 0);
      const { model } = options;
      if (model === undefined || reported.length === 0) {
        const points = searchReports(reported, asked, topK);
        const { usage, warnings } = written;
        return { points, hasEvidence: points.length > 0, usage, warnings };
      }
      const answered = await answerGlobally({ model, reported, query: asked, topK, abortSignal });
      const tally = createAnswerTally();
      tally.add(written);
      tally.add(answered);
      return {
        ...answered,
        hasEvidence: answered.points.length > 0,
        usage: tally.usage,
        warnings: tally.warnings,
      };
    },
    toState: () =>
      structuredClone({
        version: 1,
        documents: [...documents.values()],
        reports: [...reports.values()],
      }),
  };
}

function documentHash(
  extractor: GraphExtractor,
  passages: readonly Passage[],
  principals: readonly string[] | undefined,
): string {
  return hashText(JSON.stringify([extractor.fingerprint, principals ?? null, passages]));
}

function reportKey(summarizer: CommunitySummarizer, content: CommunityContent): string {
  const { community, entities, relations, evidence } = content;
  return hashText(
    JSON.stringify([
      summarizer.fingerprint,
      community.members,
      entities.map(({ name, type, descriptions }) => [name, type, descriptions]),
      relations.map(({ source, target, labels }) => [source, target, labels]),
      evidence,
    ]),
  );
}

/** All documents whose words a report may hold. */
function documentsOf({ entities, relations, evidence }: CommunityContent): string[] {
  const places = [...entities, ...relations].flatMap((one) => one.places);
  return [...new Set([...places, ...evidence].map(({ documentId }) => documentId))].sort();
}
