import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createSilentLogger,
  createSystemClock,
  InvalidArgumentError,
  type Chunker,
  type Clock,
  type DocumentLoader,
  type EmbeddingModel,
  type Logger,
  type ModelChunker,
  type Random,
  type TokenEncoder,
  type VectorStore,
} from '@espalier/core';
import { openDatabase } from '@espalier/database';
import { createBaseRegistry } from '../catalogue/base-registry.js';
import { catalogueMigrations } from '../catalogue/catalogue-migrations.js';
import type { CatalogueSchema } from '../catalogue/catalogue-schema.js';
import { createMediaTypeChunker } from '../chunking/create-media-type-chunker.js';
import { createEmbeddingCacheFile } from '../embedding/create-embedding-cache-file.js';
import { embeddingIdentity } from '../embedding/embedding-identity.js';
import type { EmbeddingCache } from '../embedding/embedding-cache.js';
import type { EmbeddingRetryOptions } from '../embedding/retry-budget.js';
import { StoreClosedError, TenantNameError } from '../errors.js';
import { createCodeLoader } from '../loaders/code-loader.js';
import { createHtmlLoader } from '../loaders/html-loader.js';
import { createMarkdownLoader } from '../loaders/markdown-loader.js';
import { createRecordsLoader } from '../loaders/records-loader.js';
import { createTextLoader } from '../loaders/text-loader.js';
import { createMemoryStore } from '../memory/create-memory-store.js';
import { createTokenStateCacheFile } from '../ranking/create-token-state-cache-file.js';
import type { TokenCodeBits } from '../ranking/token-codes.js';
import { lockFolder } from '../simd/storage/lock-folder.js';
import type { BaseRanking } from './base-ranking.js';
import { createBaseContext } from './internal/base-context.js';
import { createBaseSetups, createEmbedder } from './internal/base-setups.js';
import { createBaseSet, type OwnedBaseSet } from './internal/create-base-set.js';
import { createLexicalFiles } from './internal/lexical-files.js';
import { createPurger } from './internal/purger.js';
import type { LegWeights } from './search/rank-candidates.js';
import type { TokenStateSource } from './search/token-search.js';
import type { KnowledgeBases } from './knowledge-base.js';

/** What {@link createKnowledgeBases} takes. */
export interface KnowledgeBasesOptions {
  /** Where the catalogue (`catalogue.sqlite`) lives; made where it does not exist. One process at a time uses it. */
  readonly folder: string;
  readonly embeddingModel: EmbeddingModel;
  /**
   * The same model, giving the state of each token: search then ranks by late interaction, too, as the profile `quality`
   * does. One run gives vector and states of a chunk, and the states are kept in `token-states.sqlite` of the folder; a
   * chunk that was stored without them is encoded when a search first looks at it closely.
   */
  readonly tokenEncoder?: TokenEncoder;
  /** Bits in which a value of a token's state is kept. Default 2: 100 bytes a token of 384 values. */
  readonly tokenStateBits?: TokenCodeBits;
  /** How the embedding model is called. */
  readonly embedding?: {
    /**
     * Keeps vectors by the hash of their texts. `auto` (default): in `embeddings.sqlite` of the folder where the store
     * does not persist, so that opening does not embed anew; a store that persists is such a cache itself, but forgets
     * what is removed. `true`: always. A cache that is passed in stays open after `close`.
     */
    readonly cache?: 'auto' | boolean | EmbeddingCache;
    readonly retry?: EmbeddingRetryOptions;
    /** Calls in flight at once, where the model allows more than one. Default 2. */
    readonly concurrency?: number;
  };
  /** Default: a memory store, filled when a knowledge base is opened. Stays open after `close`. */
  readonly store?: VectorStore;
  /** Tried before the built-in ones (code, HTML, CSV and JSON records, Markdown, plain text). */
  readonly loaders?: readonly DocumentLoader[];
  /** Default: code, Markdown and other text each in its own way, with the embedding model's token count. */
  readonly chunker?: Chunker | ModelChunker;
  /** How much each leg of the search counts; what is left out keeps its default. */
  readonly weights?: Partial<LegWeights>;
  /** What single knowledge bases do in ways of their own; asked when one is opened. */
  readonly rankingOf?: (base: {
    readonly name: string;
    readonly tenant?: string;
  }) => BaseRanking | undefined;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

const CATALOGUE_FILE = 'catalogue.sqlite';
const CACHE_FILE = 'embeddings.sqlite';
const STATES_FILE = 'token-states.sqlite';
const TENANT = /^[a-z0-9][a-z0-9._-]{0,63}$/u;
/** What an encoder adds around a text; chunks leave room for it. */
const FRAME_TOKENS = 2;
const DEFAULT_CHUNK_TOKENS = 200;

/**
 * Opens the knowledge bases of a folder.
 *
 * Documents, texts and chunks live in the catalogue, vectors in the store. Where the process died between the two,
 * opening a knowledge base brings them back in line: nothing stored is lost, nothing is there twice.
 *
 * @throws {StoreLockedError} `ERR_RAG_STORE_LOCKED`: the folder is open elsewhere, in this or another process.
 */
export async function createKnowledgeBases(
  options: KnowledgeBasesOptions,
): Promise<KnowledgeBases> {
  const { embeddingModel, folder } = options;
  const logger = options.logger ?? createSilentLogger();
  const clock = options.clock ?? createSystemClock();
  const store = options.store ?? createMemoryStore();

  await mkdir(folder, { recursive: true });
  const lock = await lockFolder(folder);
  const closers: (() => unknown)[] = [
    () => {
      lock.release();
    },
  ];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.reverse()) await close();
  };
  try {
    const database = await openDatabase<CatalogueSchema>({
      url: `sqlite:${join(folder, CATALOGUE_FILE)}`,
      migrations: catalogueMigrations,
      namespace: 'rag',
      secureDelete: true,
      clock,
      logger,
    });
    closers.push(() => database.close());
    const { cache, isOwned } = await openCache(options, store, { clock, logger });
    if (isOwned) closers.push(() => cache?.close());
    const states = await openTokenStates(options, { clock, logger });
    if (states !== undefined) closers.push(() => states.cache.close());
    const registry = createBaseRegistry(database);
    let closing: Promise<void> | undefined;
    const context = createBaseContext({
      database,
      registry,
      store,
      setupOf: createBaseSetups(options, { cache, states, clock }),
      tokenStates: states,
      purger: createPurger({
        database,
        registry,
        caches: [cache, states?.cache].filter((one) => one !== undefined),
        logger,
      }),
      assertOpen() {
        if (closing !== undefined) throw new StoreClosedError({ store: 'knowledge bases' });
      },
      common: {
        embedder: createEmbedder(options, { cache, states, kept: states, clock }),
        lexicalFiles: createLexicalFiles({ folder, logger }),
        maxRecordsPerUpsert: store.limits.maxRecordsPerUpsert,
        isPersistent: store.limits.isPersistent,
        chunker: options.chunker ?? (await defaultChunker(embeddingModel)),
        loaders: [...(options.loaders ?? []), ...defaultLoaders()],
        clock,
        logger,
      },
    });
    const sets = new Map<string, OwnedBaseSet>();
    const setOf = (tenant: string): OwnedBaseSet => {
      const known = sets.get(tenant) ?? createBaseSet(context, tenant);
      sets.set(tenant, known);
      return known;
    };
    const close = async (): Promise<void> => {
      for (const set of sets.values()) await set.settle();
      if (options.store === undefined) await store.close();
      await closeAll();
    };
    return {
      ...setOf(''),
      forTenant(tenant) {
        if (!TENANT.test(tenant)) throw new TenantNameError({ tenant });
        return setOf(tenant);
      },
      async purge() {
        context.assertOpen();
        if ((await registry.purgeDue()).length === 0) return false;
        for (const set of sets.values()) await set.purgeIndexes();
        await context.purger.purge();
        return true;
      },
      close: () => (closing ??= close()),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function openTokenStates(
  options: KnowledgeBasesOptions,
  seams: { clock: Clock; logger: Logger },
): Promise<TokenStateSource | undefined> {
  const { tokenEncoder: encoder, embeddingModel, folder, tokenStateBits: bits = 2 } = options;
  if (encoder === undefined) return undefined;
  const wanted = embeddingIdentity(embeddingModel);
  if (embeddingIdentity(encoder) !== wanted || encoder.dimension !== embeddingModel.dimension) {
    throw new InvalidArgumentError({
      argument: 'tokenEncoder',
      value: `${embeddingIdentity(encoder)} with ${encoder.dimension} dimensions`,
      expected: `the model of the vectors, ${wanted} with ${embeddingModel.dimension} dimensions`,
    });
  }
  const cache = await createTokenStateCacheFile({
    path: join(folder, STATES_FILE),
    bits,
    ...seams,
  });
  return { encoder, cache, bits };
}

async function openCache(
  { embedding, folder }: KnowledgeBasesOptions,
  store: VectorStore,
  seams: { clock: Clock; logger: Logger },
): Promise<{ cache: EmbeddingCache | undefined; isOwned: boolean }> {
  const choice = embedding?.cache ?? 'auto';
  if (typeof choice === 'object') return { cache: choice, isOwned: false };
  const isWanted = choice === 'auto' ? !store.limits.isPersistent : choice;
  if (!isWanted) return { cache: undefined, isOwned: true };
  const cache = await createEmbeddingCacheFile({ path: join(folder, CACHE_FILE), ...seams });
  return { cache, isOwned: true };
}

function defaultLoaders(): readonly DocumentLoader[] {
  return [
    createCodeLoader(),
    createHtmlLoader(),
    createRecordsLoader(),
    createMarkdownLoader(),
    createTextLoader(),
  ];
}

function defaultChunker(model: EmbeddingModel): Promise<Chunker> {
  const room = Math.max(1, model.limits.maxTokensPerText - FRAME_TOKENS);
  return createMediaTypeChunker({
    countTokens: (text) => model.countTokens(text),
    tokenizerId: embeddingIdentity(model),
    maxTokens: Math.min(DEFAULT_CHUNK_TOKENS, room),
  });
}
