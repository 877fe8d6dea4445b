import type { EmbeddingModel, JsonValue, Logger, Retriever, VectorStore } from '@espalier/core';
import type {
  DocumentObject,
  AskGraphRequest,
  DocumentTextObject,
  EraseRequest,
  ErasureReportObject,
  FindChangedRequest,
  GraphAnswer,
  GraphObject,
  HealthReportObject,
  IngestReportObject,
  IngestRequest,
  KnowledgeBaseObject,
  SearchRequest,
  SearchResult,
} from '@espalier/protocol';
import type {
  ContextOptions,
  KnowledgeBase,
  KnowledgeBases,
  KnowledgeBaseSet,
  WorkOptions,
} from '@espalier/rag';
import { explanationForbidden } from '../errors/access-errors.js';
import { withIngestWarnings, type IngestBoard } from './ingest-board.js';
import { narrowedPrincipals, type KnowledgeScope } from './knowledge-scope.js';
import type { GraphOwner, GraphService } from './graph-service.js';
import { createLazyEmbeddingModel } from './lazy-embedding-model.js';
import { createLazy } from './lazy.js';
import type { ServerEmbeddingModel } from './load-embedding-model.js';
import type { ServerRankings } from './load-rankings.js';
import type { FormerStores } from './open-vector-store.js';
import type { UploadedDocument } from './upload-spool.js';
import {
  listedToObject,
  toDocumentObject,
  toErasureObject,
  toExplanationObject,
  toHealthObject,
  toKnowledgeBaseObject,
} from './wire-objects.js';

/** The knowledge bases as one caller sees them, in the words of the wire. */
export interface KnowledgeOperations {
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
      onProgress: (progress: { documentsDone: number; chunks: number; source?: string }) => void;
      abortSignal: AbortSignal;
    },
  ): Promise<IngestReportObject>;
  findChanged(name: string, request: FindChangedRequest): Promise<readonly string[]>;
  listDocuments(
    name: string,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<{ data: DocumentObject[]; nextCursor: string | null }>;
  getDocument(name: string, id: string): Promise<DocumentTextObject>;
  /** Erases documents that the caller may read. */
  erase(name: string, request: EraseRequest): Promise<ErasureReportObject>;
  search(name: string, request: SearchRequest): Promise<SearchResult>;
  health(name: string): Promise<HealthReportObject>;
  repair(name: string, options: WorkOptions): Promise<JsonValue>;
  reindex(name: string, options: WorkOptions): Promise<JsonValue>;
  snapshot(name: string, options: { path: string } & WorkOptions): Promise<JsonValue>;
  /** @throws {RequestError} `ERR_SERVER_STORE_UNKNOWN`: vectors cannot be taken over from a store of this name. */
  assertFormerStore(store: string): void;
  /** Takes vectors over from another store. */
  migrate(name: string, options: { from: string } & WorkOptions): Promise<JsonValue>;
  restore(name: string, options: { path: string } & WorkOptions): Promise<JsonValue>;
  /** How far the graph of a knowledge base is. */
  graph(name: string): Promise<GraphObject>;
  buildGraph(name: string, options: WorkOptions): Promise<JsonValue>;
  askGraph(
    name: string,
    request: AskGraphRequest & { readonly abortSignal?: AbortSignal },
  ): Promise<GraphAnswer>;
  dropGraph(name: string): Promise<void>;
  /** Searches a knowledge base that need not exist yet, and assembles what a model is given. */
  retriever(name: string, context: ContextOptions): Retriever;
  /** Searches the graph of a knowledge base around what a question names. */
  graphRetriever(name: string): Retriever;
}

/** The knowledge bases as the server uses them: opened when first needed. */
export interface KnowledgeService {
  of(scope: KnowledgeScope): KnowledgeOperations;
  /** Loaded on its first call. */
  readonly embeddingModel: EmbeddingModel;
  /** Rewrites files where something was deleted since the last time; opens nothing for it. */
  purge(): Promise<void>;
  close(): Promise<void>;
}

/** Creates the service over what makes an embedding model, a store and the knowledge bases when first needed. */
export function createKnowledgeService(options: {
  folder: string;
  loadEmbeddingModel: () => Promise<ServerEmbeddingModel>;
  /** `undefined`: the memory store of `@espalier/rag`. */
  openStore: () => Promise<VectorStore | undefined>;
  embedding: { modelId: string; dimension: number };
  formerStores: FormerStores;
  /** Bits for a value of the states of tokens; `false`: searches do without. */
  tokenStates: false | 2 | 4;
  rankings: ServerRankings;
  graphs: GraphService;
  /** Whose warnings go with what is found while a knowledge base is being filled. */
  board: IngestBoard;
  logger: Logger;
}): KnowledgeService {
  const { folder, board, logger, rankings } = options;
  const wantsTokens =
    options.tokenStates !== false ||
    [...rankings.values()].some(({ tokenStates = false }) => tokenStates !== false);
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
      ...(embeddingModel.tokenEncoder !== undefined &&
        wantsTokens && { tokenEncoder: embeddingModel.tokenEncoder }),
      rankingOf: ({ name }) => ({ tokenStates: options.tokenStates, ...rankings.get(name) }),
      ...(vectorStore !== undefined && { store: vectorStore }),
    });
  });

  return {
    of: (scope) =>
      createOperations({
        bases: () => bases.get(),
        formerStores: options.formerStores,
        graphs: options.graphs,
        rankings,
        board,
        scope,
      }),
    embeddingModel: createLazyEmbeddingModel({ ...options.embedding, model }),
    async purge() {
      await (await bases.peek())?.purge();
    },
    async close() {
      await (await bases.peek()?.catch(() => undefined))?.close();
      await (await store.peek()?.catch(() => undefined))?.close();
      await (await model.peek()?.catch(() => undefined))?.dispose?.();
    },
  };
}

function createOperations(options: {
  bases: () => Promise<KnowledgeBases>;
  formerStores: FormerStores;
  graphs: GraphService;
  rankings: ServerRankings;
  board: IngestBoard;
  scope: KnowledgeScope;
}): KnowledgeOperations {
  const { board, graphs, rankings, scope } = options;
  const { tenant, principals } = scope;
  const own = principals === undefined ? {} : { principals };
  const set = async (): Promise<KnowledgeBaseSet> => {
    const all = await options.bases();
    return tenant === undefined ? all : all.forTenant(tenant);
  };
  const open = async (name: string): Promise<KnowledgeBase> => (await set()).get(name);
  const has = async (name: string): Promise<boolean> =>
    (await (await set()).list()).some((info) => info.name === name);
  const ownerOf = (name: string): GraphOwner => ({ tenant, name, base: () => open(name) });
  /** The documents among these that the caller may read: nobody erases what they cannot see. */
  const readable = async (base: KnowledgeBase, ids: readonly string[]): Promise<string[]> => {
    if (principals === undefined) return [...ids];
    const found = await Promise.all(
      ids.map((id) =>
        base.getDocument({ id, principals }).then(
          () => [id],
          () => [],
        ),
      ),
    );
    return found.flat();
  };
  const idsUnder = async (base: KnowledgeBase, prefix: string): Promise<string[]> => {
    const ids: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await base.listDocuments({
        limit: 500,
        ...own,
        ...(cursor === undefined ? {} : { cursor }),
      });
      ids.push(...page.data.filter(({ source }) => source.startsWith(prefix)).map(({ id }) => id));
      cursor = page.nextCursor;
    }
    return ids;
  };

  return {
    async list() {
      return (await (await set()).list()).map((info) => listedToObject(info, rankings));
    },
    get: async (name) => toKnowledgeBaseObject(await open(name), rankings),
    has,
    async create({ name, description }) {
      const made = { name, ...(description !== undefined && { description }) };
      return toKnowledgeBaseObject(await (await set()).create(made), rankings);
    },
    async drop(name) {
      await (await set()).drop(name);
      await graphs.drop({ tenant, name });
    },
    async ingest(name, { sources, prune, abortSignal, onProgress }) {
      const report = await (
        await open(name)
      ).ingest({
        sources: mapSources(sources),
        abortSignal,
        ...(prune !== undefined && prune !== null && { prune }),
        onProgress: ({ seen, chunks, source }) => {
          onProgress({ documentsDone: seen, chunks, ...(source !== undefined && { source }) });
        },
      });
      await graphs.catchUp(ownerOf(name));
      return { ...report, failed: [...report.failed], warnings: [...report.warnings] };
    },
    async findChanged(name, { documents }) {
      return (await open(name)).findChanged(documents.map(withoutUndefined));
    },
    async listDocuments(name, { cursor, limit }) {
      const page = await (
        await open(name)
      ).listDocuments({ limit, ...own, ...(cursor !== undefined && { cursor }) });
      return { data: page.data.map(toDocumentObject), nextCursor: page.nextCursor };
    },
    async getDocument(name, id) {
      const { text, ...info } = await (await open(name)).getDocument({ id, ...own });
      return { ...toDocumentObject(info), characters: text.length, text };
    },
    async erase(name, { ids, prefix }) {
      const base = await open(name);
      const chosen = ids ?? (await idsUnder(base, prefix ?? ''));
      const report = toErasureObject(await base.erase({ ids: await readable(base, chosen) }));
      const removed = await graphs.catchUp(ownerOf(name));
      return { ...report, places: [...report.places, { place: 'graph', removed, isPurged: true }] };
    },
    async search(name, { query, topK, filter, principals: asked, explain }) {
      const base = await open(name);
      const request = {
        query,
        ...(topK !== undefined && { topK }),
        ...(filter !== undefined && { filter }),
        ...narrowedPrincipals(scope, asked),
      };
      // How rare words are would tell of documents that the caller may not read.
      if (explain === true && principals !== undefined) throw explanationForbidden();
      const explanation = explain === true ? await base.explain(request) : undefined;
      const result = explanation?.result ?? (await base.search(request));
      return {
        passages: [...result.passages],
        hasEvidence: result.hasEvidence,
        warnings: [...result.warnings, ...board.warnings(name)],
        ...(explanation !== undefined && { explanation: toExplanationObject(explanation) }),
      };
    },
    health: async (name) => toHealthObject(await (await open(name)).health()),
    async repair(name, work) {
      const { health, ...counts } = await (await open(name)).repair(work);
      return { ...counts, health: toHealthObject(health) };
    },
    reindex: async (name, work) =>
      (await (await set()).reindex({ name, ...work })) as unknown as JsonValue,
    snapshot: async (name, work) =>
      (await (await open(name)).snapshot(work)) as unknown as JsonValue,
    assertFormerStore: (store) => {
      options.formerStores.assertKnown(store);
    },
    async migrate(name, { from, ...work }) {
      const old = await options.formerStores.open(from);
      try {
        return (await (await set()).migrate({ name, from: old, ...work })) as unknown as JsonValue;
      } finally {
        await old.close();
      }
    },
    async restore(name, work) {
      const base = await (await set()).restore({ name, ...work });
      return { ...(await base.stats()) };
    },
    graph: (name) => graphs.status(ownerOf(name)),
    buildGraph: async (name, work) =>
      (await graphs.build(ownerOf(name), work)) as unknown as JsonValue,
    askGraph: (name, { principals: asked, ...request }) =>
      graphs.ask(ownerOf(name), { ...request, ...narrowedPrincipals(scope, asked) }),
    async dropGraph(name) {
      await open(name);
      await graphs.drop({ tenant, name });
    },
    graphRetriever: (name) => ({
      specificationVersion: 'v1',
      name,
      doRetrieve: (call) =>
        graphs
          .retriever(ownerOf(name))
          .doRetrieve({ ...call, ...narrowedPrincipals(scope, call.principals) }),
    }),
    retriever: (name, context) =>
      withIngestWarnings(
        {
          specificationVersion: 'v1',
          name,
          async doRetrieve(call) {
            const retriever = (await open(name)).contextRetriever(context);
            return retriever.doRetrieve({ ...call, ...narrowedPrincipals(scope, call.principals) });
          },
        },
        { board, exists: () => has(name) },
      ),
  };
}

async function* mapSources(sources: AsyncIterable<UploadedDocument>) {
  for await (const { bytes, ...source } of sources) {
    yield { ...withoutUndefined(source), bytes };
  }
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** Leaves out members that are `undefined`. */
function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as Defined<Value>;
}
