import type { RetrieveOptions } from '@espalier/core';
import type { StoredDocument } from '../catalogue/catalogue.js';
import { DocumentUnknownError } from '../errors.js';
import { mayRead } from './internal/access.js';
import type { CorpusDocument } from './internal/corpus.js';
import { ingest, removeDocuments, type KnowledgeBaseParts } from './internal/ingest.js';
import { createMutex } from './internal/mutex.js';
import { search } from './internal/search.js';
import { createVectorScaleEstimator } from './internal/vector-scale.js';
import type { DocumentInfo, KnowledgeBase, KnowledgeBaseInfo } from './knowledge-base.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** A knowledge base with the end of its life. */
export interface OpenKnowledgeBase extends KnowledgeBase {
  /** Resolves when no ingest is running any more; later ones are refused. */
  settle(): Promise<void>;
}

/** Creates the knowledge base over parts that were opened for it. */
export function createKnowledgeBase(
  parts: KnowledgeBaseParts,
  options: { info: KnowledgeBaseInfo; assertOpen: () => void },
): OpenKnowledgeBase {
  const { corpus, index, catalogue } = parts;
  const { info, assertOpen } = options;
  const { name } = info;
  const mutex = createMutex();
  const scale = createVectorScaleEstimator({ corpus, index });

  /** Runs a change after those before it. */
  const change = <T>(work: () => Promise<T>): Promise<T> =>
    mutex.run(async () => {
      assertOpen();
      try {
        return await work();
      } finally {
        scale.reset();
      }
    });
  const doRetrieve = async (retrieve: RetrieveOptions): ReturnType<KnowledgeBase['search']> => {
    assertOpen();
    return search(
      { ...parts, knowledgeBase: name, vectorScale: (query) => scale.scaleOf(query) },
      retrieve,
    );
  };

  return {
    name,
    info,
    ingest: (given) => change(() => ingest(parts, given)),
    removeDocument: ({ id, abortSignal }) =>
      change(async () => {
        abortSignal?.throwIfAborted();
        if (!corpus.documents.has(id)) return false;
        await removeDocuments(parts, [id]);
        return true;
      }),
    async listDocuments(given = {}) {
      assertOpen();
      const limit = Math.max(1, Math.min(MAX_LIMIT, given.limit ?? DEFAULT_LIMIT));
      const after =
        given.cursor === undefined
          ? undefined
          : Buffer.from(given.cursor, 'base64url').toString('utf8');
      const listed = [...corpus.documents.values()]
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
      const stored = await catalogue.document(id);
      const known = corpus.documents.get(id);
      // Who may not read it must not learn that it is there.
      if (stored === undefined || known === undefined || !mayRead(stored.principals, principals)) {
        throw new DocumentUnknownError({ knowledgeBase: name, id });
      }
      return { ...toInfo(stored, known.chunks.length), text: stored.text };
    },
    search: doRetrieve,
    retriever: { specificationVersion: 'v1', name, doRetrieve },
    async stats() {
      assertOpen();
      return {
        documents: corpus.documents.size,
        chunks: corpus.chunkCount,
        vectors: await index.count(),
      };
    },
    settle: () => mutex.run(async () => undefined),
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
