import type { VectorStore } from '@espalier/core';
import { describeVectorStoreConformance } from '@espalier/testing/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startWeaviateStandIn,
  type WeaviateStandIn,
} from './__fixtures__/start-weaviate-stand-in.js';
import { createWeaviateStore } from './create-weaviate-store.js';

let server: WeaviateStandIn;
beforeAll(async () => {
  server = await startWeaviateStandIn();
});
afterAll(() => server.close());

let made = 0;
let prefix = '';
const open = (name: string): VectorStore => {
  prefix = name;
  const { port, grpcPort } = server;
  return createWeaviateStore({ host: '127.0.0.1', port, grpcPort, prefix });
};
const openFresh = (): VectorStore => open(`Test${(made += 1)}`);

describeVectorStoreConformance('The Weaviate store, through its client to a stand-in', {
  create: openFresh,
  reopen: () => open(prefix),
});

describe('createWeaviateStore', () => {
  it('says which server does not answer', async () => {
    const store = createWeaviateStore({ host: '127.0.0.1', port: 1, grpcPort: 1 });
    await expect(store.listIndexes()).rejects.toMatchObject({ code: 'ERR_RAG_STORE_FAILED' });
    await store.close();
    await expect(store.listIndexes()).rejects.toMatchObject({ code: 'ERR_RAG_STORE_CLOSED' });
  });

  it('keeps a namespace apart whose name is too long for a tenant of Weaviate', async () => {
    const store = openFresh();
    const wanted = { name: 'long', dimension: 1, embedding: 'e' };
    const namespaces = ['x'.repeat(64), `${'x'.repeat(63)}y`];
    for (const namespace of namespaces) {
      const index = await store.openIndex({ ...wanted, namespace });
      const record = { id: 'a', vector: Float32Array.of(1), text: namespace, metadata: {} };
      await index.upsert({ records: [record] });
    }
    for (const namespace of namespaces) {
      const index = await store.openIndex({ ...wanted, namespace });
      expect((await index.get({ ids: ['a'] }))[0]?.text).toBe(namespace);
    }
    expect(await store.describeIndex({ name: 'long' })).toMatchObject({ namespaces });
    await store.close();
  });
});
