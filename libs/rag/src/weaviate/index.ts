import { definePlugin } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createWeaviateStore } from './create-weaviate-store.js';

export { createWeaviateStore } from './create-weaviate-store.js';
export type { WeaviateStoreOptions } from './create-weaviate-store.js';

/** Provides the Weaviate store under the id `weaviate`. */
export const weaviate = definePlugin({
  name: '@espalier/rag/weaviate',
  optionsSchema: z.strictObject({ host: z.string().min(1) }),
  setup(host, options) {
    host.provide('vectorStore', 'weaviate', () => createWeaviateStore(options), {
      dispose: (store) => store.close(),
    });
  },
});
