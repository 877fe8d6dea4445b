import type { RetrieveOptions } from '@espalier/core';
import type { StoredDocument } from '../catalogue/catalogue.js';
import { DocumentUnknownError } from '../errors.js';
import { mayRead } from './internal/access.js';
import type { BaseContext } from './internal/base-context.js';
import { examine } from './internal/check-health.js';
import type { CorpusDocument } from './internal/corpus.js';
import { documentName } from './internal/document-name.js';
import { erase } from './internal/erase.js';
import { hashSource } from './internal/hash-source.js';
import { ingest } from './internal/ingest.js';
import type { KnowledgeBaseParts } from './internal/knowledge-base-parts.js';
import { createMutex } from '../internal/mutex.js';
import { repairFindings } from './internal/repair-index.js';
import { writeSnapshot } from './internal/write-snapshot.js';
import { createCorpusVectors } from './search/corpus-vectors.js';
import { assemble } from './search/assemble.js';
import { explain } from './search/explain.js';
import { search, type SearchContext } from './search/search.js';
import { createBaseTrust } from './search/leg-trust.js';
import { assertRankerFits } from './search/order-by-ranker.js';
import { createTokenSearch } from './search/token-search.js';
import type {
  DocumentInfo,
  HashedSource,
  KnowledgeBase,
  KnowledgeBaseInfo,
} from './knowledge-base.js';
import type { HealthReport, WorkOptions } from './lifecycle.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** A knowledge base with the end of its life. */
export interface OpenKnowledgeBase extends KnowledgeBase {
  /** Runs `work` between the changes, and goes on with the parts that it resolves to. */
  replace<T>(
    work: () => Promise<{ parts: KnowledgeBaseParts; info: KnowledgeBaseInfo; result: T }>,
  ): Promise<T>;
  /** Removes from its store the bytes of what was deleted. */
  purgeIndex(): Promise<void>;
  /** Resolves when no change is running any more; later ones are refused. */
  settle(): Promise<void>;
}

/** Creates the knowledge base over parts that were opened for it. */
export function createKnowledgeBase(
  context: BaseContext,
  opened: { parts: KnowledgeBaseParts; info: KnowledgeBaseInfo },
): OpenKnowledgeBase {
  const { assertOpen, registry, purger, dropIndex } = context;
  const { name, tenant = '' } = opened.info;
  const { weights, tokenStates, ranker } = context.setupOf({ name, tenant });
  const kept = context.tokenStates && { ...context.tokenStates, bits: tokenStates?.bits };
  const mutex = createMutex();
  let { parts, info } = opened;
  const searchContextOf = (current: KnowledgeBaseParts): SearchContext => ({
    knowledgeBase: name,
    vectors: createCorpusVectors(current),
    weights,
    trust: createBaseTrust(current),
    tokens: tokenStates === undefined ? undefined : createTokenSearch(current, tokenStates),
    ranker,
  });
  let searching = searchContextOf(parts);

  /** Runs a change after those before it. */
  const change = <T>(work: () => Promise<T>): Promise<T> =>
    mutex.run(async () => {
      assertOpen();
      try {
        return await work();
      } finally {
        searching.vectors.reset();
        searching.tokens?.reset();
      }
    });
  const assertSearchable = (): void => {
    assertOpen();
    if (ranker !== undefined)
      assertRankerFits(ranker, { weights, hasTokenStates: tokenStates !== undefined });
  };
  const doRetrieve = async (retrieve: RetrieveOptions): ReturnType<KnowledgeBase['search']> => {
    assertSearchable();
    return (await search(parts, searching, retrieve)).result;
  };
  const contextOf: KnowledgeBase['context'] = async (options) => {
    assertSearchable();
    return assemble(parts, searching, options);
  };
  const eraseFrom: KnowledgeBase['erase'] = (selection) =>
    change(() => erase(parts, { name, tenant, registry, purger, dropIndex }, selection));
  const check = async (options: WorkOptions = {}): Promise<HealthReport> =>
    (await examine(parts, { name, registry, trust: searching.trust, states: kept }, options))
      .report;

  return {
    name,
    get info() {
      return info;
    },
    ingest: (given) =>
      change(async () => {
        const report = await ingest(parts, given);
        if (report.removed > 0) {
          await parts.index.purge?.();
          await purger.purge();
        }
        return report;
      }),
    async findChanged(sources) {
      assertOpen();
      const { corpus, chunker } = parts;
      const isStored = (source: HashedSource): boolean => {
        const id = documentName(source.source);
        const known = corpus.documents.get(id);
        return (
          known?.chunkedBy === chunker.fingerprint &&
          known.contentHash === hashSource(source, id, source.sha256)
        );
      };
      return sources.filter((source) => !isStored(source)).map(({ source }) => source);
    },
    async removeDocument({ id, abortSignal }) {
      const signal = abortSignal === undefined ? {} : { abortSignal };
      return (await eraseFrom({ ids: [id], ...signal })).documents > 0;
    },
    erase: eraseFrom,
    async listDocuments(given = {}) {
      assertOpen();
      const limit = Math.max(1, Math.min(MAX_LIMIT, given.limit ?? DEFAULT_LIMIT));
      const after =
        given.cursor === undefined
          ? undefined
          : Buffer.from(given.cursor, 'base64url').toString('utf8');
      const listed = [...parts.corpus.documents.values()]
        .filter(
          ({ id, principals }) =>
            (after === undefined || id > after) && mayRead(principals, given.principals),
        )
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const page = listed.slice(0, limit);
      const last = page.at(-1);
      const nextCursor =
        last === undefined || listed.length <= limit
          ? null
          : Buffer.from(last.id, 'utf8').toString('base64url');
      return { data: page.map((document) => toInfo(document, document.chunks.length)), nextCursor };
    },
    async getDocument({ id, principals }) {
      assertOpen();
      const stored = await parts.catalogue.document(id);
      const known = parts.corpus.documents.get(id);
      // Who may not read it must not learn that it is there.
      if (stored === undefined || known === undefined || !mayRead(stored.principals, principals)) {
        throw new DocumentUnknownError({ knowledgeBase: name, id });
      }
      return { ...toInfo(stored, known.chunks.length), text: stored.text };
    },
    async passagesOf({ id, principals }) {
      assertOpen();
      const stored = await parts.catalogue.document(id);
      if (stored === undefined || !mayRead(stored.principals, principals))
        throw new DocumentUnknownError({ knowledgeBase: name, id });
      const chunks = await parts.catalogue.chunksOf(id);
      return chunks.map((chunk) => ({
        id: chunk.id,
        documentId: id,
        knowledgeBase: name,
        source: stored.source,
        ...(stored.title === undefined ? {} : { title: stored.title }),
        headingPath: [...chunk.headingPath],
        text: stored.text.slice(chunk.span.start, chunk.span.end),
        span: { ...chunk.span },
        lines: { ...chunk.lines },
        metadata: structuredClone(stored.metadata),
      }));
    },
    search: doRetrieve,
    async explain(options) {
      assertSearchable();
      return explain(parts, searching, options);
    },
    context: contextOf,
    retriever: { specificationVersion: 'v1', name, doRetrieve },
    contextRetriever: (options) => ({
      specificationVersion: 'v1',
      name,
      async doRetrieve(retrieve) {
        const { passages, hasEvidence, warnings } = await contextOf({ ...options, ...retrieve });
        return { passages: passages.map(({ passage }) => passage), hasEvidence, warnings };
      },
    }),
    async stats() {
      assertOpen();
      return {
        documents: parts.corpus.documents.size,
        chunks: parts.corpus.chunkCount,
        vectors: await parts.index.count(),
      };
    },
    health: (options) => change(() => check(options)),
    repair: (options = {}) =>
      change(async () => {
        const { trust } = searching;
        const examined = await examine(parts, { name, registry, trust, states: kept }, options);
        const counts = await repairFindings(parts, examined, { ...options, states: kept?.cache });
        const { added, replaced, removed } = counts;
        const signal =
          options.abortSignal === undefined ? {} : { abortSignal: options.abortSignal };
        return { added, replaced, removed, health: await check(signal) };
      }),
    snapshot: (options) => change(() => writeSnapshot(parts, info, options)),
    replace: (work) =>
      change(async () => {
        const next = await work();
        ({ parts, info } = next);
        searching = searchContextOf(parts);
        return next.result;
      }),
    purgeIndex: () => change(async () => parts.index.purge?.()),
    settle: () =>
      mutex.run(async () => {
        if (parts.corpus.chunkCount === 0) return;
        const revision = await parts.catalogue.revision();
        await parts.lexicalFiles.save(parts.storageKey, revision, parts.corpus);
      }),
  };
}

function toInfo(document: StoredDocument | CorpusDocument, chunkCount: number): DocumentInfo {
  return {
    id: document.id,
    source: document.source,
    ...(document.title === undefined ? {} : { title: document.title }),
    mediaType: document.mediaType,
    metadata: structuredClone(document.metadata),
    ...(document.principals === undefined ? {} : { principals: document.principals }),
    contentHash: document.contentHash,
    chunkCount,
    createdAtMs: document.createdAtMs,
    updatedAtMs: document.updatedAtMs,
  };
}
