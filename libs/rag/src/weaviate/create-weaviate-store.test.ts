import { createHash } from 'node:crypto';
import type { VectorStore } from '@espalier/core';
import { describeVectorStoreConformance } from '@espalier/testing/conformance';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordExchanges } from '../stores/__fixtures__/record-exchanges.js';
import { replayExchanges, type Exchanges } from '../stores/__fixtures__/replay-exchanges.js';
import { createWeaviateStore } from './create-weaviate-store.js';

const recording = new URL('__fixtures__/weaviate-exchanges.json', import.meta.url);
const isRecording = process.env['ESPALIER_RECORD_EXCHANGES'] === '1';
const address = process.env['ESPALIER_TEST_WEAVIATE_URL'];
const { hostname, port: httpPort, origin } = new URL(address ?? 'http://127.0.0.1:8080');
const realGrpcPort = Number(process.env['ESPALIER_TEST_WEAVIATE_GRPC_PORT'] ?? 50_051);

/** The names of the server's collections. */
const classes = async (): Promise<string[]> => {
  const response = await fetch(new URL('/v1/schema', origin));
  const schema = (await response.json()) as { classes: { class: string }[] };
  return schema.classes.map((each) => each.class);
};
const record = async (): Promise<Exchanges> => {
  if ((await classes()).length > 0) throw new Error('Record from a server without collections.');
  const meta = (await (await fetch(new URL('/v1/meta', origin))).json()) as { version: string };
  return recordExchanges({
    file: recording,
    service: `Weaviate ${meta.version}`,
    httpUrl: origin,
    grpcUrl: `http://${hostname}:${realGrpcPort}`,
  });
};

// What Weaviate answered once; ESPALIER_RECORD_EXCHANGES=1 records it anew from the server that the variables name.
describe('As Weaviate answered', () => {
  let service: Exchanges;
  let prefix = '';
  beforeAll(async () => {
    service = await (isRecording ? record() : replayExchanges(recording));
  });
  afterAll(() => service.close());
  beforeEach(({ task }) => {
    service.begin(task.name);
    // The service sees names: the same ones for the same test, whatever other tests ran.
    prefix = `T${createHash('sha256').update(task.name).digest('hex').slice(0, 8)}`;
  });
  afterEach(async () => {
    service.end();
    // The client asks for all collections there are: those of other tests would be in the recording.
    if (isRecording)
      for (const name of await classes())
        await fetch(new URL(`/v1/schema/${name}`, origin), { method: 'DELETE' });
  });
  const open = (): VectorStore => {
    const { port, grpcPort } = service;
    return createWeaviateStore({ host: '127.0.0.1', port, grpcPort, prefix });
  };

  describeVectorStoreConformance('The Weaviate store', { create: open, reopen: open });

  it('keeps a namespace apart whose name is too long for a tenant of Weaviate', async () => {
    const store = open();
    const wanted = { name: 'long', dimension: 1, embedding: 'e' };
    const namespaces = ['x'.repeat(64), `${'x'.repeat(63)}y`];
    for (const namespace of namespaces) {
      const index = await store.openIndex({ ...wanted, namespace });
      const one = { id: 'a', vector: Float32Array.of(1), text: namespace, metadata: {} };
      await index.upsert({ records: [one] });
    }
    for (const namespace of namespaces) {
      const index = await store.openIndex({ ...wanted, namespace });
      expect((await index.get({ ids: ['a'] }))[0]?.text).toBe(namespace);
    }
    expect(await store.describeIndex({ name: 'long' })).toMatchObject({ namespaces });
    await store.close();
  });

  it('writes and filters where another store added the fields meanwhile', async () => {
    const [one, other] = [open(), open()];
    const wanted = { name: 'shared', dimension: 1, embedding: 'e' };
    const [first, second] = [await one.openIndex(wanted), await other.openIndex(wanted)];
    const row = (id: string): Parameters<typeof first.upsert>[0]['records'][number] => ({
      id,
      vector: Float32Array.of(1),
      text: id,
      metadata: { kind: 'pome', weight: 2 },
    });
    await first.upsert({ records: [row('a')] });
    await second.upsert({ records: [row('b')] });
    const filter = { field: 'weight', op: 'gte' as const, value: 2 };
    expect(await first.count({ filter })).toBe(2);
    expect(await second.count({ filter })).toBe(2);
    await one.close();
    await other.close();
  });
});

describe('createWeaviateStore', () => {
  it('says which server does not answer', async () => {
    const store = createWeaviateStore({ host: '127.0.0.1', port: 1, grpcPort: 1 });
    await expect(store.listIndexes()).rejects.toMatchObject({ code: 'ERR_RAG_STORE_FAILED' });
    await store.close();
    await expect(store.listIndexes()).rejects.toMatchObject({ code: 'ERR_RAG_STORE_CLOSED' });
  });
});

// Runs where ESPALIER_TEST_WEAVIATE_URL names a server, and ESPALIER_TEST_WEAVIATE_GRPC_PORT its port of gRPC.
describe.runIf(address !== undefined && !isRecording)('On a real server', () => {
  let own = '';
  const openOwn = (prefix: string): VectorStore => {
    const grpcPort = realGrpcPort;
    own = prefix;
    return createWeaviateStore({ host: hostname, port: Number(httpPort), grpcPort, prefix });
  };
  describeVectorStoreConformance('The Weaviate store on Weaviate', {
    create: () => openOwn(`T${crypto.randomUUID().replaceAll('-', '')}`),
    reopen: () => openOwn(own),
  });
});
