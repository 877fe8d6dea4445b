import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createSilentLogger,
  createSystemClock,
  type Chunker,
  type Clock,
  type DocumentLoader,
  type EmbeddingModel,
  type Logger,
  type VectorStore,
} from '@espalier/core';
import { openDatabase } from '@espalier/database';
import { catalogueMigrations } from '../catalogue/catalogue-migrations.js';
import type { CatalogueSchema } from '../catalogue/catalogue-schema.js';
import { createCatalogue } from '../catalogue/catalogue.js';
import { createRecursiveChunker } from '../chunking/create-recursive-chunker.js';
import {
  IndexMismatchError,
  KnowledgeBaseExistsError,
  KnowledgeBaseNameError,
  KnowledgeBaseUnknownError,
  StoreClosedError,
} from '../errors.js';
import { createMarkdownLoader } from '../loaders/markdown-loader.js';
import { createTextLoader } from '../loaders/text-loader.js';
import { createMemoryStore } from '../memory/create-memory-store.js';
import { createKnowledgeBase, type OpenKnowledgeBase } from './create-knowledge-base.js';
import { createCorpus } from './internal/corpus.js';
import { sweepStrays } from './internal/ingest.js';
import { createMutex } from './internal/mutex.js';
import { repairIndex } from './internal/repair-index.js';
import type { KnowledgeBaseInfo, KnowledgeBases } from './knowledge-base.js';

/** What {@link createKnowledgeBases} takes. */
export interface KnowledgeBasesOptions {
  /** Where the catalogue (`catalogue.sqlite`) lives; made where it does not exist. */
  readonly folder: string;
  readonly embeddingModel: EmbeddingModel;
  /** Default: a memory store, filled from the catalogue when a knowledge base is opened. Stays open after `close`. */
  readonly store?: VectorStore;
  /** Tried before the built-in ones (Markdown, plain text). */
  readonly loaders?: readonly DocumentLoader[];
  /** Default: the recursive chunker with the embedding model's token count. */
  readonly chunker?: Chunker;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

const CATALOGUE_FILE = 'catalogue.sqlite';
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/u;
/** What an encoder adds around a text; chunks leave room for it. */
const FRAME_TOKENS = 2;
const DEFAULT_CHUNK_TOKENS = 200;

/**
 * Opens the knowledge bases of a folder.
 *
 * Documents, texts and chunks live in the catalogue, vectors in the store. Where the process died between the two,
 * opening a knowledge base brings them back in line: nothing stored is lost, nothing is there twice.
 */
export async function createKnowledgeBases(
  options: KnowledgeBasesOptions,
): Promise<KnowledgeBases> {
  const { embeddingModel } = options;
  const logger = options.logger ?? createSilentLogger();
  const clock = options.clock ?? createSystemClock();
  const store = options.store ?? createMemoryStore();
  const loaders = [...(options.loaders ?? []), createMarkdownLoader(), createTextLoader()];
  const chunker = options.chunker ?? defaultChunker(embeddingModel);
  const wanted = { embedding: embeddingId(embeddingModel), dimension: embeddingModel.dimension };

  await mkdir(options.folder, { recursive: true });
  const database = await openDatabase<CatalogueSchema>({
    url: `sqlite:${join(options.folder, CATALOGUE_FILE)}`,
    migrations: catalogueMigrations,
    namespace: 'rag',
    clock,
    logger,
  });
  const opened = new Map<string, Promise<OpenKnowledgeBase>>();
  const mutex = createMutex();
  let closing: Promise<void> | undefined;
  const assertOpen = (): void => {
    if (closing !== undefined) throw new StoreClosedError({ store: 'knowledge bases' });
  };

  const list = async (): Promise<KnowledgeBaseInfo[]> => {
    const rows = await database.read
      .selectFrom('rag_knowledge_base')
      .selectAll()
      .orderBy('name')
      .execute();
    return rows.map(toInfo);
  };
  const open = async (info: KnowledgeBaseInfo): Promise<OpenKnowledgeBase> => {
    const { name } = info;
    if (info.embedding !== wanted.embedding || info.dimension !== wanted.dimension) {
      throw new IndexMismatchError({ index: name, found: info, wanted });
    }
    const index = await store.openIndex({ name, ...wanted });
    const catalogue = createCatalogue(database, name);
    const corpus = createCorpus();
    for await (const { document, chunks } of catalogue.documents()) corpus.set(document, chunks);
    const parts = {
      catalogue,
      corpus,
      index,
      embeddingModel,
      maxRecordsPerUpsert: store.limits.maxRecordsPerUpsert,
      chunker,
      loaders,
      clock,
      logger,
    };
    await sweepStrays(parts, await catalogue.strays());
    const repaired = await repairIndex(parts);
    if (repaired.added + repaired.removed > 0 && store.limits.isPersistent) {
      logger.warn('The vector index was out of step with the catalogue and has been repaired.', {
        knowledgeBase: name,
        ...repaired,
      });
    }
    return createKnowledgeBase(parts, { info, assertOpen });
  };
  const openOnce = (info: KnowledgeBaseInfo): Promise<OpenKnowledgeBase> => {
    const known = opened.get(info.name);
    if (known !== undefined) return known;
    const opening = open(info);
    opened.set(info.name, opening);
    opening.catch(() => opened.delete(info.name));
    return opening;
  };
  const find = async (name: string): Promise<KnowledgeBaseInfo> => {
    const all = await list();
    const info = all.find((candidate) => candidate.name === name);
    if (info === undefined)
      throw new KnowledgeBaseUnknownError({ name, known: all.map((one) => one.name) });
    return info;
  };
  const closeAll = async (): Promise<void> => {
    const bases = await Promise.allSettled(opened.values());
    for (const base of bases) if (base.status === 'fulfilled') await base.value.settle();
    await mutex.run(async () => undefined);
    await database.close();
    if (options.store === undefined) await store.close();
  };

  return {
    create: ({ name, description }) =>
      mutex.run(async () => {
        assertOpen();
        if (typeof name !== 'string' || !NAME.test(name))
          throw new KnowledgeBaseNameError({ name });
        if ((await list()).some((info) => info.name === name))
          throw new KnowledgeBaseExistsError({ name });
        // What an earlier one of this name left behind must not come back.
        await store.dropIndex({ name });
        const row: CatalogueSchema['rag_knowledge_base'] = {
          name,
          description: description?.toWellFormed() ?? null,
          ...wanted,
          created_at_ms: clock.now(),
        };
        await database.write((trx) => trx.insertInto('rag_knowledge_base').values(row).execute());
        return openOnce(toInfo(row));
      }),
    async get(name) {
      assertOpen();
      return opened.get(name) ?? openOnce(await find(name));
    },
    async list() {
      assertOpen();
      return list();
    },
    drop: (name) =>
      mutex.run(async () => {
        assertOpen();
        await find(name);
        const base = await opened.get(name)?.catch(() => undefined);
        await base?.settle();
        opened.delete(name);
        await database.write(async (trx) => {
          for (const table of ['rag_chunk', 'rag_document', 'rag_stray_vector'] as const) {
            await trx.deleteFrom(table).where('knowledge_base', '=', name).execute();
          }
          await trx.deleteFrom('rag_knowledge_base').where('name', '=', name).execute();
        });
        await store.dropIndex({ name });
      }),
    close: () => (closing ??= closeAll()),
  };
}

function defaultChunker(model: EmbeddingModel): Chunker {
  const room = Math.max(1, model.limits.maxTokensPerText - FRAME_TOKENS);
  return createRecursiveChunker({
    countTokens: (text) => model.countTokens(text),
    tokenizerId: embeddingId(model),
    maxTokens: Math.min(DEFAULT_CHUNK_TOKENS, room),
  });
}

function embeddingId(model: EmbeddingModel): string {
  return `${model.provider}/${model.modelId}`;
}

function toInfo(row: CatalogueSchema['rag_knowledge_base']): KnowledgeBaseInfo {
  return {
    name: row.name,
    ...(row.description === null ? {} : { description: row.description }),
    embedding: row.embedding,
    dimension: row.dimension,
    createdAtMs: Number(row.created_at_ms),
  };
}
