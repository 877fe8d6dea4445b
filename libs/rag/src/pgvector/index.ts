import { definePlugin } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createPgVectorStore } from './create-pg-vector-store.js';

export { createPgVectorStore } from './create-pg-vector-store.js';
export type { PgVectorStoreOptions } from './create-pg-vector-store.js';
export type { PgConnection, PgPool, PgQueryable } from './pg-pool.js';

/** Provides the pgvector store under the id `pgvector`. */
export const pgvector = definePlugin({
  name: '@espalier/rag/pgvector',
  optionsSchema: z.strictObject({ url: z.string().min(1), schema: z.string().min(1).optional() }),
  setup(host, { url, schema }) {
    host.provide(
      'vectorStore',
      'pgvector',
      () => createPgVectorStore({ url, ...(schema === undefined ? {} : { schema }) }),
      { dispose: (store) => store.close() },
    );
  },
});
