import {
  addUsage,
  type LanguageModel,
  type Retriever,
  type Usage,
  type Warning,
} from '@espalier/core';
import type { AnyDatabase } from '@espalier/database';
import type { AskGraphRequest, GraphAnswer, GraphObject } from '@espalier/protocol';
import type { KnowledgeBase, WorkOptions } from '@espalier/rag';
import type { KnowledgeGraph } from '@espalier/rag/graph';
import { toGraphAnswer, toGraphObject } from './graph-objects.js';

/** A knowledge base whose graph is meant. */
export interface GraphOwner {
  readonly tenant: string | undefined;
  readonly name: string;
  /** Opens it; not called where no graph was ever built. */
  readonly base: () => Promise<KnowledgeBase>;
}

/** What building a graph did. */
export interface GraphBuildReport {
  readonly documents: number;
  /** Documents that were read, because they are new or have changed. */
  readonly read: number;
  readonly removed: number;
  readonly entities: number;
  readonly relations: number;
  readonly communities: number;
  /** What the model took, where one reads. */
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
  /** Whether it stopped at the most tokens of a build; documents are missing then. */
  readonly isOverBudget: boolean;
}

/** The graphs of knowledge bases; each is loaded when it is first needed. */
export interface GraphService {
  status(owner: GraphOwner): Promise<GraphObject>;
  /** Reads what the graph lacks. May be stopped at any document and run again. */
  build(owner: GraphOwner, work: WorkOptions): Promise<GraphBuildReport>;
  ask(owner: GraphOwner, request: GraphQuestion): Promise<GraphAnswer>;
  /** The local search as a retriever. */
  retriever(owner: GraphOwner): Retriever;
  /** Removes documents that are not what they were when they were read, with their bytes; resolves to how many. */
  catchUp(owner: GraphOwner): Promise<number>;
  drop(owner: Pick<GraphOwner, 'tenant' | 'name'>): Promise<void>;
}

/** A question, and who asks it; absent principals mean no restriction. */
export type GraphQuestion = Omit<AskGraphRequest, 'principals'> & {
  readonly principals?: readonly string[];
  readonly abortSignal?: AbortSignal;
};

const PAGE = 500;
/** Between the state of a document and what read it. */
const MARK = ' by ';

/** Creates the service over the server's database. */
export function createGraphService(options: {
  readonly database: AnyDatabase;
  /** Reads entities and relations, and writes reports and answers; without it they are counted and quoted. */
  readonly model?: () => LanguageModel;
  /** Calls of the model at once. */
  readonly concurrency: number;
  /** A build stops after so many tokens. */
  readonly maxTokens?: number;
}): GraphService {
  const { database, concurrency, maxTokens = Number.POSITIVE_INFINITY } = options;
  const graphs = new Map<string, Promise<KnowledgeGraph>>();
  const keyOf = ({ tenant, name }: Pick<GraphOwner, 'tenant' | 'name'>): string =>
    JSON.stringify([tenant ?? null, name]);

  const open = (owner: Pick<GraphOwner, 'tenant' | 'name'>): Promise<KnowledgeGraph> => {
    const key = keyOf(owner);
    const known = graphs.get(key);
    if (known !== undefined) return known;
    const opened = load(key);
    graphs.set(key, opened);
    // What failed once may succeed the next time.
    opened.catch(() => graphs.delete(key));
    return opened;
  };
  const load = async (key: string): Promise<KnowledgeGraph> => {
    const library = await import('@espalier/rag/graph');
    const store = await library.createSqlGraphStore({ database, name: key });
    if (options.model === undefined) return library.createKnowledgeGraph({ store });
    const model = options.model();
    return library.createKnowledgeGraph({
      store,
      extractor: library.createModelExtractor({ model, concurrency }),
      summarizer: library.createModelSummarizer({ model }),
      model,
    });
  };
  /** Marks what a model read: another one reads it again at the next build. */
  const readerMark = (): string => {
    if (options.model === undefined) return '';
    const { provider, modelId } = options.model();
    return `${MARK}${provider}/${modelId}`;
  };

  /** Forgets documents whose text or readers have changed: what a graph says must be what its documents say now. */
  const forgetChanged = async (
    graph: KnowledgeGraph,
    current: ReadonlyMap<string, string>,
  ): Promise<number> => {
    let removed = 0;
    for (const [id, version] of graph.versions()) {
      if (current.get(id) === version?.split(MARK)[0]) continue;
      await graph.removeDocument({ documentId: id });
      removed += 1;
    }
    if (removed > 0) await database.purge();
    return removed;
  };
  const openCurrent = async (owner: GraphOwner): Promise<KnowledgeGraph> => {
    const graph = await open(owner);
    await forgetChanged(graph, await versionsOf(await owner.base()));
    return graph;
  };

  return {
    async status(owner) {
      const base = await owner.base();
      const graph = await open(owner);
      const current = await versionsOf(base);
      await forgetChanged(graph, current);
      const missing = missingIn(graph, current, readerMark()).length;
      return toGraphObject(owner.name, graph, { missing });
    },
    async build(owner, { abortSignal, onProgress }) {
      const base = await owner.base();
      const graph = await open(owner);
      const current = await versionsOf(base);
      const removed = await forgetChanged(graph, current);
      const wanted = missingIn(graph, current, readerMark());
      let done = current.size - wanted.length;
      let read = 0;
      let usage: Usage = {};
      const warnings = new Map<string, Warning>();
      for (const [documentId, version] of wanted) {
        abortSignal?.throwIfAborted();
        if (tokensOf(usage) >= maxTokens) break;
        const principals = (await base.getDocument({ id: documentId })).principals;
        const update = await graph.setDocument({
          documentId,
          version,
          passages: await base.passagesOf({ id: documentId }),
          ...(principals === undefined ? {} : { principals }),
          ...(abortSignal === undefined ? {} : { abortSignal }),
        });
        usage = addUsage(usage, update.usage);
        for (const warning of update.warnings) warnings.set(warning.message, warning);
        read += 1;
        done += 1;
        onProgress?.({ done, total: current.size });
      }
      const communities = await graph.communities();
      return {
        documents: current.size,
        read,
        removed,
        entities: graph.entities().length,
        relations: graph.relations().length,
        communities: communities.length,
        usage,
        warnings: [...warnings.values()],
        isOverBudget: read < wanted.length,
      };
    },
    async ask(owner, { query, scope, topK, level, principals, abortSignal }) {
      const graph = await openCurrent(owner);
      const asked = {
        query,
        ...(topK === undefined ? {} : { topK }),
        ...(principals === undefined ? {} : { principals }),
        ...(abortSignal === undefined ? {} : { abortSignal }),
      };
      return scope === 'local'
        ? toGraphAnswer({ local: await graph.askLocal(asked) })
        : toGraphAnswer({
            global: await graph.askGlobal({ ...asked, ...(level === undefined ? {} : { level }) }),
          });
    },
    retriever: (owner) => ({
      specificationVersion: 'v1',
      name: owner.name,
      async doRetrieve(call) {
        const { createGraphRetriever } = await import('@espalier/rag/graph');
        const graph = await openCurrent(owner);
        const found = await createGraphRetriever({ graph, name: owner.name }).doRetrieve(call);
        if (graph.versions().size > 0) return found;
        const message = `The knowledge base "${owner.name}" has no graph. Build it with: espalier kb graph build ${owner.name}`;
        return { ...found, warnings: [...found.warnings, { option: 'retrieval', message }] };
      },
    }),
    async catchUp(owner) {
      const graph = await open(owner);
      if (graph.versions().size === 0) return 0;
      return forgetChanged(graph, await versionsOf(await owner.base()));
    },
    async drop(owner) {
      const graph = await open(owner);
      for (const documentId of graph.documentIds()) await graph.removeDocument({ documentId });
      graphs.delete(keyOf(owner));
      await database.purge();
    },
  };
}

/** The documents that a graph lacks, or that something else read, with the versions to keep them under. */
function missingIn(
  graph: KnowledgeGraph,
  current: ReadonlyMap<string, string>,
  mark: string,
): [id: string, version: string][] {
  const known = graph.versions();
  return [...current]
    .map(([id, version]): [string, string] => [id, `${version}${mark}`])
    .filter(([id, version]) => known.get(id) !== version);
}

function tokensOf({ inputTokens = 0, outputTokens = 0 }: Usage): number {
  return inputTokens + outputTokens;
}

/** The state of each document: text, metadata and readers. */
async function versionsOf(base: KnowledgeBase): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await base.listDocuments({
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id, contentHash } of page.data) versions.set(id, contentHash);
    cursor = page.nextCursor;
  }
  return versions;
}
