import { definePlugin } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createLanceDbStore } from './create-lance-db-store.js';

export { createLanceDbStore } from './create-lance-db-store.js';
export type { LanceDbStoreOptions } from './create-lance-db-store.js';

/** Provides the LanceDB store under the id `lancedb`. */
export const lancedb = definePlugin({
  name: '@espalier/rag/lancedb',
  optionsSchema: z.strictObject({ uri: z.string().min(1) }),
  setup(host, { uri }) {
    host.provide('vectorStore', 'lancedb', () => createLanceDbStore({ uri }), {
      dispose: (store) => store.close(),
    });
  },
});
