import type { Logger, VectorIndex, VectorStore } from '@espalier/core';
import type { Database } from '@espalier/database';
import type { BaseRegistry, BaseRow } from '../../catalogue/base-registry.js';
import type { CatalogueSchema } from '../../catalogue/catalogue-schema.js';
import { createCatalogue, type Catalogue } from '../../catalogue/catalogue.js';
import type { KnowledgeBaseInfo } from '../knowledge-base.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';
import type { LegWeights } from '../search/rank-candidates.js';
import type { TokenStateSource } from '../search/token-search.js';
import type { Purger } from './purger.js';

/** The parts of a knowledge base that do not depend on which one it is. */
export type CommonParts = Omit<KnowledgeBaseParts, 'storageKey' | 'catalogue' | 'corpus' | 'index'>;

/** What all knowledge bases of a folder share. */
export interface BaseContext {
  readonly database: Database<CatalogueSchema>;
  readonly registry: BaseRegistry;
  readonly store: VectorStore;
  readonly common: CommonParts;
  readonly purger: Purger;
  readonly logger: Logger;
  readonly assertOpen: () => void;
  readonly weights: LegWeights;
  /** Undefined without a token encoder. */
  readonly tokenStates: TokenStateSource | undefined;
  readonly wanted: { readonly embedding: string; readonly dimension: number };
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
    | 'weights'
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
      needsReindex: row.embedding !== wanted.embedding || row.dimension !== wanted.dimension,
    }),
  };
}
