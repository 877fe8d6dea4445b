import type { EmbeddingModel, Logger, Retriever, VectorStore } from '@espalier/core';
import type {
  DocumentObject,
  DocumentTextObject,
  IngestReportObject,
  IngestRequest,
  KnowledgeBaseObject,
  SearchRequest,
  SearchResult,
} from '@espalier/protocol';
import type { DocumentInfo, IngestProgress, KnowledgeBase, KnowledgeBases } from '@espalier/rag';
import { withIngestWarnings, type IngestBoard } from './ingest-board.js';
import { createLazyEmbeddingModel } from './lazy-embedding-model.js';
import { createLazy } from './lazy.js';
import type { UploadedDocument } from './upload-spool.js';

/** The knowledge bases as the server uses them: opened when first needed, in the words of the wire. */
export interface KnowledgeService {
  list(): Promise<readonly KnowledgeBaseObject[]>;
  get(name: string): Promise<KnowledgeBaseObject>;
  has(name: string): Promise<boolean>;
  create(options: { name: string; description?: string | undefined }): Promise<KnowledgeBaseObject>;
  drop(name: string): Promise<void>;
  ingest(
    name: string,
    options: {
      sources: AsyncIterable<UploadedDocument>;
      prune: IngestRequest['prune'];
      onProgress(progress: { documentsDone: number; chunks: number; source?: string }): void;
      abortSignal: AbortSignal;
    },
  ): Promise<IngestReportObject>;
  listDocuments(
    name: string,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<{ data: DocumentObject[]; nextCursor: string | null }>;
  getDocument(name: string, id: string): Promise<DocumentTextObject>;
  removeDocument(name: string, id: string): Promise<void>;
  search(name: string, request: SearchRequest): Promise<SearchResult>;
  /** Searches a knowledge base that need not exist yet. */
  retriever(name: string): Retriever;
  /** Loaded on its first call. */
  readonly embeddingModel: EmbeddingModel;
  close(): Promise<void>;
}

/** Creates the service over what makes an embedding model, a store and the knowledge bases when first needed. */
export function createKnowledgeService(options: {
  folder: string;
  loadEmbeddingModel: () => Promise<EmbeddingModel>;
  /** `undefined`: the memory store of `@espalier/rag`. */
  openStore: () => Promise<VectorStore | undefined>;
  embedding: { modelId: string; dimension: number };
  /** Whose warnings go with what is found while a knowledge base is being filled. */
  board: IngestBoard;
  logger: Logger;
}): KnowledgeService {
  const { folder, board, logger } = options;
  const model = createLazy(options.loadEmbeddingModel);
  const store = createLazy(options.openStore);
  const bases = createLazy(async (): Promise<KnowledgeBases> => {
    const [{ createKnowledgeBases }, embeddingModel, vectorStore] = await Promise.all([
      import('@espalier/rag'),
      model.get(),
      store.get(),
    ]);
    return createKnowledgeBases({
      folder,
      embeddingModel,
      logger,
      ...(vectorStore !== undefined && { store: vectorStore }),
    });
  });
  const open = async (name: string): Promise<KnowledgeBase> => (await bases.get()).get(name);
  const has = async (name: string): Promise<boolean> =>
    (await (await bases.get()).list()).some((info) => info.name === name);

  return {
    async list() {
      const infos = await (await bases.get()).list();
      const objects = await Promise.all(infos.map(async ({ name }) => toObject(await open(name))));
      return objects.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    get: async (name) => toObject(await open(name)),
    has,
    async create({ name, description }) {
      const base = await (
        await bases.get()
      ).create({ name, ...(description !== undefined && { description }) });
      return toObject(base);
    },
    drop: async (name) => (await bases.get()).drop(name),
    async ingest(name, { sources, prune, abortSignal, ...call }) {
      const base = await open(name);
      const report = await base.ingest({
        sources: mapSources(sources),
        abortSignal,
        ...(prune !== undefined && prune !== null && { prune }),
        onProgress: (progress) => {
          call.onProgress(toProgress(progress));
        },
      });
      return { ...report, failed: [...report.failed] };
    },
    async listDocuments(name, { cursor, limit }) {
      const page = await (
        await open(name)
      ).listDocuments({ limit, ...(cursor !== undefined && { cursor }) });
      return { data: page.data.map(toDocumentObject), nextCursor: page.nextCursor };
    },
    async getDocument(name, id) {
      const { text, ...info } = await (await open(name)).getDocument({ id });
      return { ...toDocumentObject(info), characters: text.length, text };
    },
    async removeDocument(name, id) {
      const base = await open(name);
      await base.getDocument({ id });
      await base.removeDocument({ id });
    },
    async search(name, { query, topK, filter }) {
      const result = await (
        await open(name)
      ).search({
        query,
        ...(topK !== undefined && { topK }),
        ...(filter !== undefined && { filter }),
      });
      return {
        passages: [...result.passages],
        hasEvidence: result.hasEvidence,
        warnings: [...result.warnings, ...board.warnings(name)],
      };
    },
    retriever: (name) =>
      withIngestWarnings(
        {
          specificationVersion: 'v1',
          name,
          doRetrieve: async (call) => (await open(name)).retriever.doRetrieve(call),
        },
        { board, exists: () => has(name) },
      ),
    embeddingModel: createLazyEmbeddingModel({ ...options.embedding, model }),
    async close() {
      await (await bases.peek()?.catch(() => undefined))?.close();
      await (await store.peek()?.catch(() => undefined))?.close();
      await (await model.peek()?.catch(() => undefined))?.dispose?.();
    },
  };
}

async function* mapSources(sources: AsyncIterable<UploadedDocument>) {
  for await (const { source, bytes, mediaType, metadata, principals } of sources) {
    yield {
      source,
      bytes,
      ...(mediaType !== undefined && { mediaType }),
      ...(metadata !== undefined && { metadata }),
      ...(principals !== undefined && { principals }),
    };
  }
}

async function toObject(base: KnowledgeBase): Promise<KnowledgeBaseObject> {
  const { documents, chunks } = await base.stats();
  return {
    name: base.name,
    description: base.info.description ?? null,
    documents,
    chunks,
    embeddingModelId: base.info.embedding,
    createdAt: new Date(base.info.createdAtMs).toISOString(),
  };
}

function toDocumentObject(info: DocumentInfo): DocumentObject {
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

function toProgress(progress: IngestProgress): {
  documentsDone: number;
  chunks: number;
  source?: string;
} {
  return {
    documentsDone: progress.seen,
    chunks: progress.chunks,
    ...(progress.source !== undefined && { source: progress.source }),
  };
}
