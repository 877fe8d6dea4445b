import type { Logger, VectorIndex, VectorStore } from '@espalier/core';
import type { Database } from '@espalier/database';
import type { BaseRegistry, BaseRow } from '../../catalogue/base-registry.js';
import type { CatalogueSchema } from '../../catalogue/catalogue-schema.js';
import { createCatalogue, type Catalogue } from '../../catalogue/catalogue.js';
import type { EmbeddingPipeline } from '../../embedding/create-embedding-pipeline.js';
import type { RankerModel } from '../../ranking/learned/ranker-model.js';
import type { KnowledgeBaseInfo } from '../knowledge-base.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';
import type { LegWeights } from '../search/rank-candidates.js';
import type { TokenStateSource } from '../search/token-search.js';
import type { Purger } from './purger.js';

/** The parts of a knowledge base that do not depend on which one it is. */
export type CommonParts = Omit<KnowledgeBaseParts, 'storageKey' | 'catalogue' | 'corpus' | 'index'>;

/** What one knowledge base does in a way of its own. */
export interface BaseSetup {
  readonly weights: LegWeights;
  /** Undefined without a token encoder, or where searches do without it. */
  readonly tokenStates: TokenStateSource | undefined;
  readonly ranker: RankerModel | undefined;
  readonly embedder: EmbeddingPipeline;
}

/** What all knowledge bases of a folder share. */
export interface BaseContext {
  readonly database: Database<CatalogueSchema>;
  readonly registry: BaseRegistry;
  readonly store: VectorStore;
  readonly common: CommonParts;
  readonly purger: Purger;
  readonly logger: Logger;
  readonly assertOpen: () => void;
  /** How a knowledge base ranks, and what embeds for it. */
  readonly setupOf: (base: Pick<BaseRow, 'name' | 'tenant'>) => BaseSetup;
  /** Holds token states, also of knowledge bases that do without; undefined without a token encoder. */
  readonly tokenStates: Pick<TokenStateSource, 'encoder' | 'cache'> | undefined;
  readonly wanted: { readonly embedding: string; readonly dimension: number };
  /** The parts that do not depend on the storage key. */
  readonly partsOf: (base: Pick<BaseRow, 'name' | 'tenant'>) => CommonParts;
  readonly catalogueOf: (key: string) => Catalogue;
  readonly openIndex: (key: string) => Promise<VectorIndex>;
  readonly dropIndex: (key: string) => Promise<void>;
  readonly infoOf: (row: BaseRow) => KnowledgeBaseInfo;
}

/** Creates the context. */
export function createBaseContext(
  options: Pick<
    BaseContext,
    | 'database'
    | 'registry'
    | 'store'
    | 'common'
    | 'purger'
    | 'setupOf'
    | 'tokenStates'
    | 'assertOpen'
  >,
): BaseContext {
  const { database, store, common } = options;
  const wanted = {
    embedding: common.embedder.embedding,
    dimension: common.embedder.model.dimension,
  };
  return {
    ...options,
    logger: common.logger,
    wanted,
    partsOf: (base) => ({ ...common, embedder: options.setupOf(base).embedder }),
    catalogueOf: (key) => createCatalogue(database, key),
    openIndex: (key) => store.openIndex({ name: key, ...wanted }),
    async dropIndex(key) {
      await common.lexicalFiles.remove(key);
      await store.dropIndex({ name: key });
    },
    infoOf: (row) => ({
      name: row.name,
      ...(row.tenant === '' ? {} : { tenant: row.tenant }),
      ...(row.description === null ? {} : { description: row.description }),
      embedding: row.embedding,
      dimension: row.dimension,
      createdAtMs: Number(row.created_at_ms),
      ranking: rankingInfo(options.setupOf(row)),
      needsReindex: row.embedding !== wanted.embedding || row.dimension !== wanted.dimension,
    }),
  };
}

function rankingInfo({ tokenStates, weights, ranker }: BaseSetup): KnowledgeBaseInfo['ranking'] {
  return { tokenStates: tokenStates?.bits ?? false, weights, isLearned: ranker !== undefined };
}
