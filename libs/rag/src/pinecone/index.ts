import { definePlugin } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createPineconeStore } from './create-pinecone-store.js';

export { createPineconeStore } from './create-pinecone-store.js';
export type { PineconeStoreOptions } from './create-pinecone-store.js';

/** Provides the Pinecone store under the id `pinecone`. */
export const pinecone = definePlugin({
  name: '@espalier/rag/pinecone',
  optionsSchema: z.strictObject({
    apiKey: z.string().min(1),
    cloud: z.string().min(1).optional(),
    region: z.string().min(1).optional(),
  }),
  setup(host, { apiKey, cloud, region }) {
    host.provide(
      'vectorStore',
      'pinecone',
      () =>
        createPineconeStore({
          apiKey,
          ...(cloud === undefined ? {} : { cloud }),
          ...(region === undefined ? {} : { region }),
        }),
      { dispose: (store) => store.close() },
    );
  },
});
