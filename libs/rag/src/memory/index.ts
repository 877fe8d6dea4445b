import { definePlugin } from '@espalier/core';
import { createMemoryStore } from './create-memory-store.js';

export { createMemoryStore } from './create-memory-store.js';

/** Provides the in-memory vector store under the id `memory`. */
export const memoryStore = definePlugin({
  name: '@espalier/rag/memory',
  setup(host) {
    host.provide('vectorStore', 'memory', () => createMemoryStore(), {
      dispose: (store) => store.close(),
    });
  },
});
